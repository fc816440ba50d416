using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Adapter.Host;
using Adapter.Host.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Host.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Adapter.TestKit;

/// <summary>What a test wants different from a plain host with twins.</summary>
internal sealed record TestHostOptions
{
    public bool WithTwins { get; init; } = true;

    public TestClock Clock { get; init; } = TestClock.Running();

    /// <summary>Settings over those of the fixture.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>The whole host inside the test's process: real Kestrel, a real store in a folder of its own, twins as destinations.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    public const string SecretHeader = "X-CustomsTransit-Secret";
    public const string Source = "jointcloud";
    public const string Secret = "the-first-secret-of-the-cloud";
    public const string NextSecret = "the-second-secret-of-the-cloud";

    private readonly DirectoryInfo _folder;
    private readonly TestHostOptions _options;
    private WebApplication _app = null!;

    private TestHost(DirectoryInfo folder, TestHostOptions options) => (_folder, _options) = (folder, options);

    public Uri Address { get; private set; } = null!;

    /// <summary>All that the host has logged, over restarts too.</summary>
    public CapturedLog Log { get; } = new();

    public IServiceProvider Services => _app.Services;

    public TestClock Clock => _options.Clock;

    public TwinHost Twins { get; private set; } = null!;

    /// <summary>Calls as an administrator.</summary>
    public HttpClient Customs { get; private set; } = null!;

    /// <summary>Calls as Joint Cloud.</summary>
    public HttpClient Cloud { get; private set; } = null!;

    public HttpClient Anonymous { get; private set; } = null!;

    public static async Task<TestHost> StartAsync(TestHostOptions? options = null)
    {
        var host = new TestHost(Directory.CreateTempSubdirectory("host-"), options ?? new TestHostOptions());
        await File.WriteAllTextAsync(host.PathOf("first.secret"), Secret, Cancel);
        await File.WriteAllTextAsync(host.PathOf("second.secret"), NextSecret, Cancel);
        if (host._options.WithTwins)
        {
            host.Twins = await TwinHost.StartAsync(TwinStage.Settings(host.PathOf("received"), port: 0), Cancel);
        }

        await host.OpenAsync();
        return host;
    }

    /// <summary>Stops the host in an orderly way and starts it on the same store.</summary>
    /// <param name="down">How far the clock goes on in between.</param>
    public async Task RestartAsync(TimeSpan down = default)
    {
        await CloseAsync();
        Clock.Advance(down);
        await OpenAsync();
    }

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public IReadOnlyList<TwinRecord> Received(string twin) => TwinLog.Read(PathOf("received"), twin);

    /// <summary>A client with a key of these roles.</summary>
    public async Task<HttpClient> ClientOfAsync(string name, params string[] roles)
    {
        var key = await Services.GetRequiredService<IPrincipalStore>().AddAsync(name, roles, new Actor("test"), Cancel);
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>Pushes as Joint Cloud does.</summary>
    public Task<HttpResponseMessage> PushAsync(string path, string json) =>
        Cloud.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"), Cancel);

    public Task<HttpResponseMessage> PostAsync(string path, string json) =>
        Customs.PostAsync(new Uri(path, UriKind.Relative), new StringContent(json, Encoding.UTF8, "application/json"), Cancel);

    public async Task<JsonElement> GetAsync(string path)
    {
        using var json = JsonDocument.Parse(await Customs.GetStringAsync(new Uri(path, UriKind.Relative), Cancel));
        return json.RootElement.Clone();
    }

    /// <summary>Puts the clock ahead and has the lanes look at their schedule.</summary>
    public void Later(TimeSpan by)
    {
        Clock.Advance(by);
        Services.GetRequiredService<LaneSignal>().Changed();
    }

    public Task<IReadOnlyList<LaneView>> LanesAsync() =>
        Services.GetRequiredService<ILaneStore>().ListAsync(new LaneFilter(null, null, null, 100), Cancel);

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        if (_options.WithTwins)
        {
            await Twins.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task OpenAsync()
    {
        _app = AdapterHost.Build([], builder =>
        {
            builder.Configuration.AddInMemoryCollection(_options.WithTwins ? TwinStage.SettingsPairs(Twins.Address) : []);
            builder.Configuration.AddInMemoryCollection(
            [
                new("Storage:ConnectionString", $"Data Source={PathOf("store.db")}"),
                new($"Ingest:Sources:{Source}:Header", SecretHeader),
                new($"Ingest:Sources:{Source}:Secrets:0", $"file:{PathOf("first.secret")}"),
                new($"Ingest:Sources:{Source}:Secrets:1", $"file:{PathOf("second.secret")}"),
            ]);
            builder.Configuration.AddInMemoryCollection(_options.Settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value)));
            builder.Services.AddSingleton<TimeProvider>(Clock);
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders().AddProvider(Log);
        });
        await _app.StartAsync(Cancel);
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Anonymous = new HttpClient { BaseAddress = Address };
        Cloud = new HttpClient { BaseAddress = Address };
        Cloud.DefaultRequestHeaders.Add(SecretHeader, Secret);
        Customs = await ClientOfAsync("administrator-" + Guid.NewGuid().ToString("N")[..8], Roles.Administrator);
    }

    private async Task CloseAsync()
    {
        Anonymous.Dispose();
        Cloud.Dispose();
        Customs.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
