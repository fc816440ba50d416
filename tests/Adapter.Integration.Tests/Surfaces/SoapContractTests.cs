using System.Net;
using System.Net.Http.Headers;
using System.ServiceModel;
using System.Text;
using System.Xml.Schema;
using System.Xml.Serialization;
using Adapter.Host.Ingest.Credentials;
using Adapter.Host.SoapServices;
using Adapter.Mappings.Validation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>The endpoint under a contract that has what ours have not: a one-way operation, and one that fails by itself.</summary>
public sealed class SoapContractTests : IAsyncLifetime
{
    private const string Namespace = "urn:customstransit:probe:1";
    private const string Key = "the-key-of-the-caller";

    private readonly CapturedLog _log = new();
    private readonly KeptCalls _calls = new();
    private WebApplication _app = null!;
    private HttpClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [ServiceContract(Namespace = Namespace)]
    [XmlSerializerFormat]
    internal interface IProbe
    {
        [OperationContract(Action = Namespace + "/Tell", IsOneWay = true)]
        Task TellAsync(Tell told);

        [OperationContract(Action = Namespace + "/Ask", ReplyAction = "*")]
        Task<Told> AskAsync(Ask asked);
    }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(_log);
        builder.Services.Configure<SoapServicesOptions>(options => options.Services["probe"] = new SoapServiceOptions { Callers = { ["legacy"] = new SoapCallerOptions { Operations = { "*" } } } });
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton<NonceCache>().AddSingleton<IdleCalls>().AddSingleton<SecurityLog>().AddSingleton<CallerCheck>()
            .AddSingleton<IServiceCallers, OneCaller>().AddSingleton<ISoapCallStore>(_calls).AddSingleton<SoapEndpoint>().AddScoped<SoapCall>().AddScoped<IProbe, Probe>();
        _app = builder.Build();
        _app.MapSoapService<IProbe>("probe", new SoapServiceDefinition { Detail = (_, _, _) => null, OwnSchemas = Schemas, RemembersMessages = _ => true });
        await _app.StartAsync(Cancel);
        _client = new HttpClient { BaseAddress = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes("legacy:" + Key)));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData(SoapDoor.Soap11)]
    [InlineData(SoapDoor.Soap12)]
    public async Task A_one_way_operation_is_answered_202_without_body_or_type(string soap)
    {
        using var answer = await SendAsync($"<Tell xmlns='{Namespace}'><What>that</What></Tell>", soap, SoapDoor.MessageId("m-1"));

        (answer.StatusCode, answer.Content.Headers.ContentType, answer.Content.Headers.ContentLength).ShouldBe((HttpStatusCode.Accepted, null, 0));
        Probe.Heard.ShouldBe("that");
        _calls.Ends.ShouldBe([("Tell", "answered")]);
    }

    [Fact]
    public async Task A_one_way_message_that_is_wrong_is_still_a_fault()
    {
        using var answer = await SendAsync($"<Tell xmlns='{Namespace}'><That>what</That></Tell>", SoapDoor.Soap12);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        _calls.Ends.ShouldBe([("Tell", "soap.invalid-element")]);
    }

    [Theory]
    [InlineData(SoapDoor.Soap11, ":Server")]
    [InlineData(SoapDoor.Soap12, ":Receiver")]
    public async Task A_failure_of_ours_is_our_fault_is_audited_and_tells_nothing_of_our_insides(string soap, string code)
    {
        using var answer = await SendAsync($"<Ask xmlns='{Namespace}'><Day>2026-07-09</Day></Ask>", soap, SoapDoor.MessageId("m-1"));

        var text = await answer.Content.ReadAsStringAsync(Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        text.ShouldContain(code + "<");
        text.ShouldNotContain("secret insides");
        _log.Text.ShouldContain("secret insides");
        _calls.Ends.ShouldBe([("Ask", "soap.internal")]);
    }

    /// <summary>A day is a day: no zone of whoever wrote it and none of this host moves it.</summary>
    [Theory]
    [InlineData("2026-07-10+14:00", "2026-07-10+14:00")]
    [InlineData("2026-07-10Z", "2026-07-10Z")]
    [InlineData("2026-07-10-12:00", "2026-07-10-12:00")]
    public async Task A_date_with_a_zone_stays_the_day_that_it_names(string written, string read)
    {
        using var answer = await SendAsync($"<Ask xmlns='{Namespace}'><Day>{written}</Day></Ask>", SoapDoor.Soap12);

        XmlInput.Load(await answer.Content.ReadAsByteArrayAsync(Cancel)).Descendants(XName("Day")).ShouldHaveSingleItem().Value.ShouldBe(read);
    }

    /// <summary>What a serializer would turn into the host's own zone does not stand in a contract.</summary>
    [Fact]
    public void No_contract_has_a_time_without_offset_and_no_schema_a_bare_date_or_nil()
    {
        var properties = typeof(Contracts.Customs.ITransitRegistrationService).Assembly.GetTypes()
            .Where(type => type.Namespace == "Adapter.Contracts.Customs").SelectMany(type => type.GetProperties()).ToList();
        properties.Count.ShouldBeGreaterThan(100);
        properties.Where(property => property.PropertyType == typeof(DateTime) || property.PropertyType == typeof(DateTime?)).ShouldBeEmpty();

        foreach (var file in SchemaCatalogue.Files.Where(file => file.StartsWith("soap/", StringComparison.Ordinal) && file.EndsWith(".xsd", StringComparison.Ordinal)))
        {
            var text = SchemaCatalogue.OpenText(file);
            text.ShouldNotContain("\"xs:date\"", Case.Sensitive, file);
            text.ShouldNotContain("\"xs:time\"", Case.Sensitive, file);
            text.ShouldNotContain("nillable", Case.Sensitive, file);
        }
    }

    private static System.Xml.Linq.XName XName(string name) => System.Xml.Linq.XName.Get(name, Namespace);

    private async Task<HttpResponseMessage> SendAsync(string body, string soap, string headers = "")
    {
        using var content = new StringContent(SoapDoor.Envelope(body, headers, soap), Encoding.UTF8, soap == SoapDoor.Soap11 ? "text/xml" : "application/soap+xml");
        return await _client.PostAsync(new Uri("/soap/probe", UriKind.Relative), content, Cancel);
    }

    private static XmlSchemaSet Schemas()
    {
        const string text = $"""
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{Namespace}" elementFormDefault="qualified">
              <xs:element name="Tell"><xs:complexType><xs:sequence><xs:element name="What" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
              <xs:element name="Ask"><xs:complexType><xs:sequence><xs:element name="Day" type="xs:date"/></xs:sequence></xs:complexType></xs:element>
            </xs:schema>
            """;
        var schemas = new XmlSchemaSet();
        using var reader = XmlInput.CreateReader(Encoding.UTF8.GetBytes(text));
        schemas.Add(null, reader);
        schemas.Compile();
        return schemas;
    }

    [XmlRoot(Namespace = Namespace)]
    public sealed class Tell
    {
        public string What { get; set; } = "";
    }

    [XmlRoot(Namespace = Namespace)]
    public sealed class Ask
    {
        public string Day { get; set; } = "";
    }

    [XmlRoot(Namespace = Namespace)]
    public sealed class Told
    {
        public string Day { get; set; } = "";
    }

    private sealed class Probe : IProbe
    {
        public static string? Heard { get; private set; }

        public Task TellAsync(Tell told)
        {
            Heard = told.What;
            return Task.CompletedTask;
        }

        public Task<Told> AskAsync(Ask asked) => asked.Day == "2026-07-09"
            ? throw new InvalidOperationException("secret insides")
            : Task.FromResult(new Told { Day = asked.Day });
    }

    private sealed class OneCaller : IServiceCallers
    {
        public Task<bool> MayCallAsync(string name, CancellationToken cancellationToken) => Task.FromResult(name == "legacy");

        public Task<bool> HoldsKeyAsync(string name, string key, CancellationToken cancellationToken) => Task.FromResult(key == Key);
    }

    private sealed class KeptCalls : ISoapCallStore
    {
        private readonly List<(string Operation, string Outcome)> _ends = [];

        public IReadOnlyList<(string Operation, string Outcome)> Ends => _ends;

        public Task<MessageBinding> BindAsync(MessageKey key, string operation, string sha256, CancellationToken cancellationToken) => Task.FromResult<MessageBinding>(new MessageBinding.Open());

        public Task EndAsync(string service, string caller, string operation, string outcome, MessageKey? key, byte[]? answer, bool release, CancellationToken cancellationToken)
        {
            _ends.Add((operation, outcome));
            return Task.CompletedTask;
        }
    }
}
