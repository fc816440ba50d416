using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Adapter.Host.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Journeys;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Host.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Adapter.Host.Rehearsal;

/// <summary>A whole host with a journey going through it: real HTTP in, a real store, real SOAP out.</summary>
/// <remarks>
/// The same folder again continues the same journey: everything is pushed once more, and what was journalled before is a duplicate.
/// That is also what a killed demo does.
/// </remarks>
internal sealed class DemoRun : IAsyncDisposable
{
    private const string SecretHeader = "X-CustomsTransit-Secret";

    private readonly WebApplication _app;
    private readonly TwinHost? _ownTwins;
    private readonly HttpClient _twins;
    private readonly HttpClient _cloud;
    private readonly HttpClient _customs;
    private readonly DateTimeOffset _start;
    private readonly ReplayClock _clock;

    private DemoRun(WebApplication app, TwinHost? ownTwins, Uri twins, DateTimeOffset start, ReplayClock clock, string secret, string key)
    {
        (_app, _ownTwins, _start, _clock, Key) = (app, ownTwins, start, clock, key);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        _twins = new HttpClient { BaseAddress = twins };
        _cloud = new HttpClient { BaseAddress = Address };
        _cloud.DefaultRequestHeaders.Add(SecretHeader, secret);
        _customs = new HttpClient { BaseAddress = Address };
        _customs.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public DemoJourney Journey { get; } = DemoJourney.Load();

    /// <summary>Where the host listens.</summary>
    public Uri Address { get; }

    /// <summary>An administrator's key, made for this run.</summary>
    public string Key { get; }

    public IReadOnlyList<DemoPush> Pushes => Journey.Telemetry(_start);

    /// <param name="folder">Holds the store, the twins' logs and the intake secret; made when it does not exist.</param>
    /// <param name="twins">Twins that run elsewhere; null starts some in this process.</param>
    public static async Task<DemoRun> StartAsync(string folder, Uri? twins, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var start = await StartOfAsync(folder, time, cancellationToken);
        var secretFile = Path.Combine(folder, "intake.secret");
        var secret = await SecretOfAsync(secretFile, cancellationToken);
        var ownTwins = twins is null ? await StartTwinsAsync(folder, cancellationToken) : null;
        var twinsAt = twins ?? ownTwins!.Address;
        var clock = new ReplayClock(time, start.AddMinutes(-1));
        var app = AdapterHost.Build([], builder =>
        {
            builder.Services.AddSingleton<TimeProvider>(clock);
            builder.Configuration.AddInMemoryCollection(TwinStage.SettingsPairs(twinsAt));
            builder.Configuration.AddInMemoryCollection(
            [
                new("Storage:ConnectionString", $"Data Source={Path.Combine(folder, "customstransit.db")}"),
                new("Logging:Console:FormatterName", "simple"),
                new("Logging:LogLevel:Default", "Warning"),
                // A demo is one of the uses that AutoMapper's licence notice allows; serve shows the notice.
                new("Logging:LogLevel:LuckyPennySoftware.AutoMapper.License", "Error"),
                new("Ingest:Sources:jointcloud:Header", SecretHeader),
                new("Ingest:Sources:jointcloud:Secrets:0", $"file:{secretFile}"),
            ]);
            builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        });
        await app.StartAsync(cancellationToken);
        var name = "demo-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3));
        var key = await app.Services.GetRequiredService<IPrincipalStore>().AddAsync(name, [Roles.Administrator], new Actor("demo"), cancellationToken);
        return new DemoRun(app, ownTwins, twinsAt, start, clock, secret, key!);
    }

    /// <summary>Registers the journey through the admin API, as customs would.</summary>
    public async Task<string> RegisterAsync(CancellationToken cancellationToken)
    {
        using var response = await _customs.PostAsJsonAsync("/api/journeys", Journey.Registration(_start), JourneyJson.Default.JourneyRegistration, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? answer : throw new InvalidOperationException($"The registration was answered {(int)response.StatusCode}: {answer}");
    }

    /// <summary>Pushes as Joint Cloud does.</summary>
    public async Task<(int Accepted, int Duplicate)> PushAsync(DemoPush push, CancellationToken cancellationToken)
    {
        _clock.LeapTo(push.At);
        using var content = new StringContent(push.Json, Encoding.UTF8, "application/json");
        using var response = await _cloud.PostAsync(push.Path, content, cancellationToken);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("duplicate").GetInt32());
    }

    /// <summary>Waits until each system has received what it must, or the time is up.</summary>
    /// <returns>What each system received, by twin.</returns>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<TwinRecord>>> ReceivedAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        using var until = new CancellationTokenSource(patience, time);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100), time);
        while (true)
        {
            var received = new Dictionary<string, IReadOnlyList<TwinRecord>>(StringComparer.Ordinal);
            foreach (var twin in TwinName.All)
            {
                received[twin] = await _twins.GetFromJsonAsync<List<TwinRecord>>($"/received/{twin}", TwinRecord.Json, cancellationToken) ?? [];
            }

            // Complete is more than arrived: a lane that still works could send something twice.
            var lanes = await _app.Services.GetRequiredService<ILaneStore>().CountAsync(cancellationToken);
            var quiet = lanes.Keys.All(state => state == LaneState.Idle);
            if ((quiet && received.Values.All(IsTheStory)) || until.IsCancellationRequested)
            {
                return received;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>Each kind once, in order, nothing doubled.</summary>
    public static bool IsTheStory(IReadOnlyList<TwinRecord> received) =>
        received.Where(r => r.Effect > 0).Select(r => r.Kind).SequenceEqual(DemoJourney.ExpectedKinds, StringComparer.Ordinal)
        && received.All(r => r.Effect <= 1);

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _customs.Dispose();
        _cloud.Dispose();
        _twins.Dispose();
        await _app.DisposeAsync();
        if (_ownTwins is not null)
        {
            await _ownTwins.DisposeAsync();
        }
    }

    /// <summary>On the port of the first time, because the store remembers where its destinations are.</summary>
    private static async Task<TwinHost> StartTwinsAsync(string folder, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, "twins-port.txt");
        var port = File.Exists(file) ? int.Parse(await File.ReadAllTextAsync(file, cancellationToken), System.Globalization.CultureInfo.InvariantCulture) : 0;
        var twins = await TwinHost.StartAsync(TwinStage.Settings(Path.Combine(folder, "received"), port), cancellationToken);
        await File.WriteAllTextAsync(file, twins.Address.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), cancellationToken);
        return twins;
    }

    private static async Task<DateTimeOffset> StartOfAsync(string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, "demo-start.txt");
        if (File.Exists(file))
        {
            return DateTimeOffset.Parse(await File.ReadAllTextAsync(file, cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
        }

        var start = DemoJourney.StartFor(time.GetUtcNow(), TimeSpan.FromMinutes(5));
        await File.WriteAllTextAsync(file, start.ToString("O", System.Globalization.CultureInfo.InvariantCulture), cancellationToken);
        return start;
    }

    private static async Task<string> SecretOfAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            await using var writer = new StreamWriter(file, options);
            await writer.WriteAsync(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        }

        return await File.ReadAllTextAsync(file, cancellationToken);
    }
}
