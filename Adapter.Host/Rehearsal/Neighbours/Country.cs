using Adapter.Host.Admin;
using Adapter.Host.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Adapter.Host.Rehearsal.Neighbours;

/// <summary>The adapter of one country, whole: a real store, real doors, and a neighbour at the end of a line.</summary>
internal sealed class Country : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _neighbour;
    private readonly Uri _line;
    private readonly string _tells;
    private WebApplication? _app;

    /// <param name="name">Also the principal as which it calls its neighbour.</param>
    /// <param name="tells">Kinds of event that it tells its neighbour.</param>
    public Country(string folder, string name, string neighbour, Uri line, string tells) => (_folder, Name, _neighbour, _line, _tells) = (folder, name, neighbour, line, tells);

    public string Name { get; }

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    private string Secrets => Directory.CreateDirectory(Path.Combine(_folder, "secrets")).FullName;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        var app = AdapterHost.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(Settings());
            builder.WebHost.UseUrls(Address?.ToString() ?? "http://127.0.0.1:0");
        });
        await app.StartAsync(cancellationToken);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        _app = app;
    }

    /// <summary>Lets the neighbour in: makes its key here and puts it where the neighbour's calls find it.</summary>
    public async Task AdmitAsync(Country neighbour, CancellationToken cancellationToken)
    {
        var key = await Services.GetRequiredService<IPrincipalStore>().AddAsync(neighbour.Name, [Roles.Caller], new Actor("rehearsal"), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(neighbour.Secrets, Name + ".key"), key, cancellationToken);
    }

    public async Task StopAsync()
    {
        if (_app is { } app)
        {
            _app = null;
            await app.StopAsync();
            await app.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private Dictionary<string, string?> Settings()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Storage:ConnectionString"] = $"Data Source={Path.Combine(_folder, "customstransit.db")}",
            ["Logging:LogLevel:Default"] = "Error",
            ["Logging:LogLevel:LuckyPennySoftware.AutoMapper.License"] = "None",
            ["Outbound:AllowLoopback"] = "true",
            ["Outbound:SecretsFolder"] = Secrets,
            ["Wco:Agency"] = $"Customs of {Name} (rehearsal)",
            [$"SoapServices:Services:wco-exchange:Callers:{_neighbour}:Operations:0"] = "Submit",
            [$"Neighbours:{_neighbour}:Callers:0"] = _neighbour,
            [$"Neighbours:{_neighbour}:Country"] = "ZZ",
            [$"Neighbours:{_neighbour}:Registers"] = "true",
            [$"Neighbours:{_neighbour}:Sends"] = _neighbour,
            [$"Neighbours:{_neighbour}:Answers"] = _neighbour + "-answers",
        };
        AddDestination(settings, _neighbour, _tells, accepted: "01");
        AddDestination(settings, _neighbour + "-answers", "ANSWER", accepted: "02");
        // What the neighbour only received is settled by its later answer, which comes to our own door.
        settings[$"Destinations:{_neighbour}:Settles"] = "Business";
        settings[$"Destinations:{_neighbour}:Reply:Acknowledged:0"] = "02";
        AddRule(settings, $"Destinations:{_neighbour}:Answer", accepted: "01");
        return settings;
    }

    private void AddDestination(Dictionary<string, string?> settings, string name, string tells, string accepted)
    {
        var destination = $"Destinations:{name}";
        settings[$"{destination}:Endpoint"] = new Uri(_line, "soap/wco-exchange").ToString();
        settings[$"{destination}:Soap"] = "Soap12";
        settings[$"{destination}:Action"] = "urn:customstransit:wco-exchange:1/Submit";
        settings[$"{destination}:Document"] = "wco-declaration";
        settings[$"{destination}:Subscribes:0"] = tells;
        settings[$"{destination}:Idempotent"] = "true";
        settings[$"{destination}:Addressing"] = "true";
        settings[$"{destination}:Credentials:Scheme"] = "Basic";
        settings[$"{destination}:Credentials:User"] = Name;
        settings[$"{destination}:Credentials:Password"] = $"file:{_neighbour}.key";
        AddRule(settings, $"{destination}:Reply", accepted);
    }

    private static void AddRule(Dictionary<string, string?> settings, string rule, string accepted)
    {
        settings[$"{rule}:Root"] = "{urn:wco:datamodel:WCO:DocumentMetaData-DMS:2}MetaData";
        settings[$"{rule}:Id"] = "Response/Declaration/FunctionalReferenceID";
        settings[$"{rule}:Code"] = "Response/FunctionCode";
        settings[$"{rule}:Text"] = "Response/Error/Description";
        settings[$"{rule}:Accepted:0"] = accepted;
        settings[$"{rule}:Rejected:0"] = "03";
    }
}
