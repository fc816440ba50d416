using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Host and receivers as processes that are killed without warning while a journey goes through them.</summary>
[Trait("needs", "nothing")]
public sealed class KillDrillTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("drill-");
    private readonly DemoLoad _load = new();
    private readonly string _secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private HostProcess _twins = null!;
    private HostProcess _host = null!;
    private AuthenticationHeaderValue _key = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(PathOf("intake.secret"), _secret, Cancel);
        _twins = await StartTwinsAsync(port: 0);
        var (code, output) = await HostProcess.RunAsync("key", "add", "customs", Store);
        code.ShouldBe(0, output);
        _key = new AuthenticationHeaderValue("Bearer", output.Trim());
        _host = await StartHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _twins.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_host_that_is_killed_four_times_tells_every_receiver_everything_once_and_in_order()
    {
        var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
        var random = new SeededRandom(seed);
        // Two at any push, two while the receivers hold a message that they have not answered.
        var anywhere = Pick(random, Enumerable.Range(3, _load.Pushes.Count - 6));
        var onTheirWay = Pick(random, _load.Happenings);
        TestContext.Current.SendDiagnosticMessage($"kill drill: seed {seed}, kills at pushes {string.Join(", ", anywhere)} and in answers to {string.Join(", ", onTheirWay)}");
        await SlowTwinsAsync();

        await RegisterAsync();
        for (var i = 0; i < _load.Pushes.Count; i++)
        {
            if (anywhere.Contains(i))
            {
                var push = TryPushAsync(_load.Pushes[i]);
                await KillHostAsync();
                await push;
            }

            var before = Received(TwinName.Transportation).Count;
            await PushAsync(_load.Pushes[i]);
            if (onTheirWay.Contains(i))
            {
                // What is in the log is not answered yet: the twins are slow.
                await Eventually.HoldsAsync(() => Received(TwinName.Transportation).Count > before, "the transportation system received nothing");
                await KillHostAsync();
            }
        }

        await AssertTheStoryAsync($"seed {seed}");
    }

    [Fact]
    public async Task Receivers_that_are_killed_miss_nothing_and_do_nothing_twice()
    {
        await SlowTwinsAsync();
        await RegisterAsync();
        var cut = _load.Happenings[1];
        for (var i = 0; i < _load.Pushes.Count; i++)
        {
            var before = Received(TwinName.Transportation).Count;
            await PushAsync(_load.Pushes[i]);
            if (i == cut)
            {
                await Eventually.HoldsAsync(() => Received(TwinName.Transportation).Count > before, "the transportation system received nothing");
                var port = _twins.Address.Port;
                await _twins.KillAsync();
                await _twins.DisposeAsync();
                _twins = await StartTwinsAsync(port);
            }
        }

        await AssertTheStoryAsync("after the twins were killed");
    }

    private static List<int> Pick(SeededRandom random, IEnumerable<int> from)
    {
        var left = from.ToList();
        var first = left[random.Next(0, left.Count)];
        left.Remove(first);
        return [first, left[random.Next(0, left.Count)]];
    }

    private async Task KillHostAsync()
    {
        await _host.KillAsync();
        await _host.DisposeAsync();
        _host = await StartHostAsync();
    }

    private IReadOnlyList<HistoryChecker.Line> Received(string twin) => HistoryChecker.Read(Path.Combine(PathOf("received"), twin + ".jsonl"));

    private string Store => $"--Storage:ConnectionString=Data Source={PathOf("store.db")}";

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private Task<HostProcess> StartTwinsAsync(int port) => HostProcess.TwinsAsync(PathOf("received"), port, PathOf("settings.json"));

    private Task<HostProcess> StartHostAsync() => HostProcess.ServeAsync(
        "--settings", PathOf("settings.json"), Store, $"--Ingest:Sources:jointcloud:Secrets:0=file:{PathOf("intake.secret")}");

    /// <summary>So that a kill meets messages on their way.</summary>
    private async Task SlowTwinsAsync()
    {
        using var client = new HttpClient { BaseAddress = _twins.Address };
        foreach (var twin in TwinName.All)
        {
            using var order = new StringContent("""{"mode":"slow","seconds":0.4}""", Encoding.UTF8, "application/json");
            (await client.PutAsync(new Uri($"/orders/{twin}", UriKind.Relative), order, Cancel)).EnsureSuccessStatusCode();
        }
    }

    private async Task RegisterAsync()
    {
        using var answer = await DemoLoad.TryPostAsync(_host.Address, "/api/journeys", _load.RegistrationJson, _key, secret: null);
        answer.ShouldNotBeNull().IsSuccessStatusCode.ShouldBeTrue(_host.Output);
    }

    private async Task<bool> TryPushAsync(DemoPush push)
    {
        using var answer = await DemoLoad.TryPostAsync(_host.Address, push.Path, push.Json, customs: null, _secret);
        return answer is { IsSuccessStatusCode: true };
    }

    /// <summary>As a sender does that was given no 200: again, until it gets one.</summary>
    private Task<bool> PushAsync(DemoPush push) => Eventually.GetAsync(() => TryPushAsync(push), taken => taken, _ => _host.Output);

    private async Task AssertTheStoryAsync(string what)
    {
        var expected = DemoJourney.ExpectedKinds;
        List<string> Wrong() => [.. TwinName.All.SelectMany(twin => HistoryChecker.Check(twin, Received(twin), expected))];
        await Eventually.GetAsync(() => Task.FromResult(Wrong()), wrong => wrong.Count == 0, wrong => $"{what}:\n{string.Join('\n', wrong)}\n{_host.Output}", Patience);

        // Complete is more than arrived: a lane that still works could send something twice.
        using var client = new HttpClient { BaseAddress = _host.Address };
        client.DefaultRequestHeaders.Authorization = _key;
        await Eventually.GetAsync(
            () => client.GetStringAsync(new Uri("/api/lanes?state=idle", UriKind.Relative), Cancel),
            lanes => lanes.Split("\"idle\"").Length - 1 == TwinName.All.Count, lanes => lanes, Patience);
        Wrong().ShouldBeEmpty(what);
    }
}
