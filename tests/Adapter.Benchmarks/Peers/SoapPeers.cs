using System.Xml;
using System.Xml.Serialization;
using Adapter.Contracts.Customs;
using Adapter.Host.Admin;
using Adapter.Host.Ingest.Credentials;
using Adapter.Host.SoapServices;
using Adapter.Host.Storage;
using Adapter.Mappings.Validation;
using SoapCore;

namespace Adapter.Benchmarks.Peers;

/// <summary>One contract behind three doors: ours, an endpoint written by hand, and SoapCore. None keeps anything; the service answers a fixed receipt.</summary>
internal static class SoapPeers
{
    public const string Caller = "bench";
    public const string Path = "/soap/transit-registration";

    /// <summary>Our endpoint with all its steps: guard, caller, permission, schema, repeat, operation.</summary>
    public static WebApplication Ours()
    {
        Environment.SetEnvironmentVariable("BENCH_SECRET", HostPeer.Secret);
        var builder = Peer.Slim();
        builder.Services.Configure<SoapServicesOptions>(options =>
            options.Services[TransitRegistrationService.Name] = new SoapServiceOptions { Callers = { [Caller] = new SoapCallerOptions { Password = "env:BENCH_SECRET", Operations = { "*" } } } });
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<NonceCache>().AddSingleton<IdleCalls>().AddSingleton<SecurityLog>().AddSingleton<CallerCheck>()
            .AddSingleton<IServiceCallers, AnyCaller>().AddSingleton<ISoapCallStore, NoMemory>().AddSingleton<SoapEndpoint>().AddScoped<SoapCall>()
            .AddScoped<ITransitRegistrationService, FixedRegistration>();
        var app = builder.Build();
        app.MapSoapService<ITransitRegistrationService>(TransitRegistrationService.Name, TransitRegistrationService.Definition);
        return app;
    }

    /// <summary>The product, with its store behind the same door.</summary>
    /// <param name="args">The folder of the store.</param>
    public static async Task<WebApplication> HostAsync(string[] args)
    {
        const string caller = $"SoapServices:Services:{TransitRegistrationService.Name}:Callers:{Caller}:";
        var app = HostPeer.Build(args, deciding: true, new Dictionary<string, string?> { [caller + "Password"] = "env:BENCH_SECRET", [caller + "Operations:0"] = "*" });
        await app.Services.GetRequiredService<IPrincipalStore>().AddAsync(Caller, [Roles.Caller], new Actor("bench"), CancellationToken.None);
        return app;
    }

    /// <summary>What a careful programmer would write by hand for this one operation: a hardened reader, the same schema, the same serializer.</summary>
    public static WebApplication Bare()
    {
        var schemas = SchemaCatalogue.SchemasOf(["soap/transit-registration.xsd"]);
        var (reads, writes) = (new XmlSerializer(typeof(RegisterMovementRequest)), new XmlSerializer(typeof(RegistrationReceipt)));
        var service = new FixedRegistration();
        var app = Peer.Slim().Build();
        app.MapPost(Path, async (HttpContext context) =>
        {
            using var body = new MemoryStream((int)(context.Request.ContentLength ?? 0));
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            body.Position = 0;
            RegisterMovementRequest request;
            using (var reader = XmlReader.Create(body, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 2 * 1024 * 1024 }))
            {
                reader.ReadToFollowing("Body", SoapVersion.Soap11.Namespace);
                reader.Read();
                reader.MoveToContent();
                var settings = new XmlReaderSettings { ValidationType = ValidationType.Schema, Schemas = schemas, XmlResolver = null };
                settings.ValidationEventHandler += (_, problem) => throw problem.Exception;
                using var validating = XmlReader.Create(reader.ReadSubtree(), settings);
                request = (RegisterMovementRequest)reads.Deserialize(validating)!;
            }

            var receipt = await service.RegisterMovementAsync(request);
            using var answer = new MemoryStream();
            using (var writer = XmlWriter.Create(answer, SoapWriter.Fragment))
            {
                writer.WriteStartElement("soap", "Envelope", SoapVersion.Soap11.Namespace);
                writer.WriteStartElement("soap", "Body", SoapVersion.Soap11.Namespace);
                writes.Serialize(writer, receipt);
                writer.WriteEndElement();
                writer.WriteEndElement();
            }

            context.Response.ContentType = "text/xml; charset=utf-8";
            context.Response.ContentLength = answer.Length;
            await context.Response.Body.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length), context.RequestAborted);
        });
        return app;
    }

    /// <summary>SoapCore as its page says; it validates nothing.</summary>
    public static WebApplication Core()
    {
        var builder = Peer.Slim();
        builder.Services.AddSoapCore();
        builder.Services.AddSingleton<ICoreRegistration, CoreRegistration>();
        var app = builder.Build();
        ((IApplicationBuilder)app).UseSoapEndpoint<ICoreRegistration>(Path, new SoapEncoderOptions(), SoapSerializer.XmlSerializer);
        return app;
    }

    internal sealed class FixedRegistration : ITransitRegistrationService
    {
        public Task<RegistrationReceipt> RegisterMovementAsync(RegisterMovementRequest request) =>
            request.Containers is { Length: 3 } ? Task.FromResult(new RegistrationReceipt { Entry = 42, Accepted = true, Code = "ok", Text = "Registered." }) : throw new InvalidOperationException("The request was not read.");

        public Task<RegistrationReceipt> RegisterManifestAsync(RegisterManifestRequest request) => throw new NotSupportedException();

        public Task<RegistrationReceipt> AmendMovementAsync(AmendMovementRequest request) => throw new NotSupportedException();

        public Task<RegistrationReceipt> ReportObservationAsync(ReportObservationRequest request) => throw new NotSupportedException();

        public Task<RegistrationReceipt> AuthoriseUnsealAsync(AuthoriseUnsealRequest request) => throw new NotSupportedException();

        public Task<RegistrationReceipt> ConfirmDepartureAsync(ConfirmDepartureRequest request) => throw new NotSupportedException();

        public Task<RegistrationReceipt> ConfirmArrivalAsync(ConfirmArrivalRequest request) => throw new NotSupportedException();

        public Task<RegistrationReceipt> CloseMovementAsync(CloseMovementRequest request) => throw new NotSupportedException();

        public Task<MovementStatus> QueryMovementAsync(QueryMovementRequest request) => throw new NotSupportedException();
    }

    private sealed class AnyCaller : IServiceCallers
    {
        public Task<bool> MayCallAsync(string name, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task<bool> HoldsKeyAsync(string name, string key, CancellationToken cancellationToken) => Task.FromResult(false);
    }

    private sealed class NoMemory : ISoapCallStore
    {
        private static readonly MessageBinding Open = new MessageBinding.Open();

        public Task<MessageBinding> BindAsync(MessageKey key, string operation, string sha256, CancellationToken cancellationToken) => Task.FromResult(Open);

        public Task EndAsync(string service, string caller, string operation, string outcome, MessageKey? key, byte[]? answer, bool release, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
