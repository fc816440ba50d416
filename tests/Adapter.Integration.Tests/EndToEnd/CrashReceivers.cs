using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>What the runs of one class share: the receivers as a process, and a store in which customs have a key.</summary>
public sealed class CrashReceivers : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("crash-");
    private HostProcess _twins = null!;
    private int _runs;
    private ((string Application, string Owner) Database, AuthenticationHeaderValue Key)? _template;

    internal string Secret { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    internal AuthenticationHeaderValue Key { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(PathOf("intake.secret"), Secret);
        _twins = await StartAsync(port: 0);
        await SlowAsync();
        Key = await AddKeyAsync(StoreAt(PathOf("template.db")));
    }

    public async ValueTask DisposeAsync()
    {
        await _twins.DisposeAsync();
        if (_template is { } template)
        {
            PostgresFixture.Shared.DropDatabase(template.Database.Owner);
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Settings of every host: the receivers, the intake secret, and short waits for lost answers.</summary>
    internal IReadOnlyList<string> Settings =>
    [
        "--settings", PathOf("settings.json"), $"--Ingest:Sources:jointcloud:Secrets:0=file:{PathOf("intake.secret")}",
        "--Destinations:transportation:AttemptTimeout=00:00:02", "--Destinations:transportation:ConnectTimeout=00:00:01",
    ];

    internal string PathOf(string file) => Path.Combine(_folder.FullName, file);

    /// <summary>A number that no other run of these receivers has.</summary>
    internal string NextRun() => Interlocked.Increment(ref _runs).ToString("000", CultureInfo.InvariantCulture);

    internal IReadOnlyList<HistoryChecker.Line> Received(string twin) => HistoryChecker.Read(Path.Combine(PathOf("received"), twin + ".jsonl"));

    internal static async Task<AuthenticationHeaderValue> AddKeyAsync(IReadOnlyList<string> store)
    {
        var (code, output) = await HostProcess.RunAsync(["key", "add", "customs", .. store]);
        code.ShouldBe(0, output);
        return new AuthenticationHeaderValue("Bearer", output.Trim());
    }

    internal static IReadOnlyList<string> StoreAt(string file) => [$"--Storage:ConnectionString=Data Source={file}"];

    /// <summary>As a deployment has it: the host works as a role that may do no more than it needs.</summary>
    internal static IReadOnlyList<string> StoreIn((string Application, string Owner) database) =>
        ["--Storage:Provider=postgres", $"--Storage:ConnectionString={database.Application}", $"--Storage:OwnerConnectionString={database.Owner}"];

    /// <summary>A database as a deployment has it, in which customs have a key. It is laid out once: tests of a class run one after the other.</summary>
    internal async Task<((string Application, string Owner) Database, AuthenticationHeaderValue Key)> CopyDatabaseAsync()
    {
        if (_template is not { } template)
        {
            var database = PostgresFixture.Shared.MakeDatabaseOfTwoRoles();
            _template = template = (database, await AddKeyAsync(StoreIn(database)));
        }

        return (PostgresFixture.Shared.CopyOf(template.Database), template.Key);
    }

    internal async Task KillAsync()
    {
        await _twins.KillAsync();
        await _twins.DisposeAsync();
    }

    /// <summary>On the same address and with the same logs.</summary>
    internal async Task StartAgainAsync()
    {
        _twins = await StartAsync(_twins.Address.Port);
        await SlowAsync();
    }

    internal async Task OrderAsync(string twin, string order)
    {
        using var client = new HttpClient { BaseAddress = _twins.Address };
        using var content = new StringContent(order, Encoding.UTF8, "application/json");
        (await client.PutAsync(new Uri($"/orders/{twin}", UriKind.Relative), content)).EnsureSuccessStatusCode();
    }

    /// <summary>So that a kill meets messages on their way.</summary>
    internal async Task SlowAsync()
    {
        foreach (var twin in TwinName.All)
        {
            await OrderAsync(twin, """{"mode":"slow","seconds":0.05}""");
        }
    }

    private Task<HostProcess> StartAsync(int port) => HostProcess.TwinsAsync(PathOf("received"), port, PathOf("settings.json"));
}
