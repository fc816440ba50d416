using System.Net.Http.Headers;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Integration.Tests.EndToEnd;
using Adapter.TestKit.Brokers;

namespace Adapter.Integration.Tests.Brokers;

/// <summary>A journey through a queue, with the host and the broker killed in turn.</summary>
[Collection(BrokerRun.Name)]
[Trait("needs", "foreign-stack")]
public sealed class BrokerKillDrillTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("broker-drill-");
    private readonly DemoLoad _load = new();
    private RabbitBroker _rabbit = null!;
    private string _queue = "";
    private HostProcess _twins = null!;
    private HostProcess _host = null!;
    private AuthenticationHeaderValue _key = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _rabbit = await BrokerBench.RabbitAsync();
        _queue = _rabbit.TakeQueue();
        await File.WriteAllTextAsync(PathOf("broker.secret"), _rabbit.Address, Cancel);
        _twins = await HostProcess.TwinsAsync(PathOf("received"), port: 0, PathOf("settings.json"));
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
    public async Task Host_and_broker_killed_in_turn_tell_every_receiver_everything_once_and_in_order()
    {
        using var answer = await DemoLoad.TryPostAsync(_host.Address, "/api/journeys", _load.RegistrationJson, _key, secret: null);
        answer.ShouldNotBeNull().IsSuccessStatusCode.ShouldBeTrue(_host.Output);
        var part = _load.Pushes.Count / 4;
        for (var kill = 0; kill < 4; kill++)
        {
            await SendAsync(_load.Pushes.Skip(kill * part).Take(kill == 3 ? int.MaxValue : part));
            if (kill % 2 == 0)
            {
                await _host.KillAsync();
                await _host.DisposeAsync();
                _host = await StartHostAsync();
            }
            else
            {
                await _rabbit.KillAsync();
                await _rabbit.StartAgainAsync();
            }
        }

        List<string> Wrong() => [.. TwinName.All.SelectMany(twin => HistoryChecker.Check(twin, Received(twin), DemoJourney.ExpectedKinds))];
        await Eventually.GetAsync(() => Task.FromResult(Wrong()), wrong => wrong.Count == 0, wrong => $"{string.Join('\n', wrong)}\n{_host.Output}", Patience);

        // Complete is more than arrived: a lane that still works could send something twice.
        using var client = new HttpClient { BaseAddress = _host.Address };
        client.DefaultRequestHeaders.Authorization = _key;
        await Eventually.GetAsync(
            () => client.GetStringAsync(new Uri("/api/lanes?state=idle", UriKind.Relative), Cancel),
            lanes => lanes.Split("\"idle\"").Length - 1 == TwinName.All.Count, lanes => lanes, Patience);
        Wrong().ShouldBeEmpty();
    }

    private string Store => $"--Storage:ConnectionString=Data Source={PathOf("store.db")}";

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private IReadOnlyList<HistoryChecker.Line> Received(string twin) => HistoryChecker.Read(Path.Combine(PathOf("received"), twin + ".jsonl"));

    private Task<HostProcess> StartHostAsync() => HostProcess.ServeAsync(
    [
        "--settings", PathOf("settings.json"), Store,
        .. BrokerBench.Settings(PathOf("broker.secret"), _queue).Select(setting => $"--{setting.Key}={setting.Value}"),
    ]);

    /// <summary>Sends in order; the subject says what a message is, as an address does for a webhook.</summary>
    private async Task SendAsync(IEnumerable<DemoPush> pushes)
    {
        await using var client = await QueueClient.ConnectAsync(_rabbit.Address);
        var messages = pushes.Select(push => QueueClient.Of(push.Json, subject: push.Path[(push.Path.LastIndexOf('/') + 1)..])).ToList();
        (await client.SendAsync($"/amq/queue/{_queue}", messages)).Count.ShouldBe(messages.Count);
    }
}
