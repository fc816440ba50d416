using System.Globalization;
using System.Security.Cryptography;
using Adapter.Host.Admin;
using Adapter.Host.Processing;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Host.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Adapter.Host.Rehearsal;

/// <summary>A whole host in this process, its twins, and those who call it: real HTTP in, a real store, real SOAP out.</summary>
internal sealed class RehearsalHost : IAsyncDisposable
{
    public const string SecretHeader = "X-CustomsTransit-Secret";

    private readonly WebApplication _app;
    private readonly TwinHost? _ownTwins;

    private RehearsalHost(WebApplication app, TwinHost? ownTwins, Uri twins, string secret, string key)
    {
        (_app, _ownTwins, Key) = (app, ownTwins, key);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Callers = RehearsalCallers.Of(Address, twins, SecretHeader, secret, key);
    }

    /// <summary>Where the host listens.</summary>
    public Uri Address { get; }

    /// <summary>An administrator's key, made for this run.</summary>
    public string Key { get; }

    public RehearsalCallers Callers { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="folder">Holds the store, the twins' logs and the intake secret; made when it does not exist.</param>
    /// <param name="twins">Twins that run elsewhere; null starts some in this process.</param>
    /// <param name="store">Where the host keeps what it knows; null is a file in the folder.</param>
    /// <param name="clock">The host's time.</param>
    /// <param name="broker">A queue that the host reads as well.</param>
    public static async Task<RehearsalHost> StartAsync(
        string folder, RehearsalStore? store, Uri? twins, int port, string name, TimeProvider clock, DemoBroker? broker, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var secretFile = Path.Combine(folder, "intake.secret");
        var secret = await SecretOfAsync(secretFile, cancellationToken);
        var ownTwins = twins is null ? await StartTwinsAsync(folder, cancellationToken) : null;
        var twinsAt = twins ?? ownTwins!.Address;
        var app = AdapterHost.Build([], builder =>
        {
            builder.Services.AddSingleton(clock);
            if (clock is ReplayClock)
            {
                // What is played again is due by the time that is played, whatever the database's clock shows.
                builder.Services.AddKeyedSingleton(StoreClock.Key, clock);
            }

            builder.Configuration.AddInMemoryCollection(TwinStage.SettingsPairs(twinsAt));
            builder.Configuration.AddInMemoryCollection(
            [
                new("Storage:Provider", store?.Provider ?? "sqlite"),
                new("Storage:ConnectionString", store?.ConnectionString ?? $"Data Source={Path.Combine(folder, "customstransit.db")}"),
                new("Logging:Console:FormatterName", "simple"),
                new("Logging:LogLevel:Default", name == "demo" ? "Warning" : "Error"),
                // A demo is one of the uses that AutoMapper's licence notice allows; serve shows the notice.
                new("Logging:LogLevel:LuckyPennySoftware.AutoMapper.License", "Error"),
                new("Ingest:Sources:jointcloud:Header", SecretHeader),
                new("Ingest:Sources:jointcloud:Secrets:0", $"file:{secretFile}"),
            ]);
            builder.Configuration.AddInMemoryCollection(broker?.HostSettings());
            builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        });
        await app.StartAsync(cancellationToken);
        var principal = $"{name}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(3))}";
        var key = await app.Services.GetRequiredService<IPrincipalStore>().AddAsync(principal, [Roles.Administrator], new Actor(name), cancellationToken);
        return new RehearsalHost(app, ownTwins, twinsAt, secret, key!);
    }

    /// <summary>Waits until all that the journal holds is processed.</summary>
    public async Task CaughtUpAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while ((await Services.GetRequiredService<IProcessingStore>().ClaimAsync(most: 1, cancellationToken)).Count > 0)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Callers.Dispose();
        await _app.StopAsync();
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
        var port = File.Exists(file) ? int.Parse(await File.ReadAllTextAsync(file, cancellationToken), CultureInfo.InvariantCulture) : 0;
        var twins = await TwinHost.StartAsync(TwinStage.Settings(Path.Combine(folder, "received"), port), cancellationToken);
        await File.WriteAllTextAsync(file, twins.Address.Port.ToString(CultureInfo.InvariantCulture), cancellationToken);
        return twins;
    }

    private static async Task<string> SecretOfAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
        {
            await PrivateFile.WriteAsync(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), cancellationToken);
        }

        return await File.ReadAllTextAsync(file, cancellationToken);
    }
}
