using System.Net.Http.Headers;
using System.Text.Json;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>One store through which a load goes while its hosts die, and the judgement at the end.</summary>
internal sealed class CrashRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly CrashReceivers _receivers;
    private readonly IReadOnlyList<string> _store;
    private readonly TaskCompletionSource _survivor = new();
    private Action _dropStore = () => { };
    private HostProcess? _host;
    private HostProcess? _standby;
    private Uri? _address;

    private CrashRun(CrashReceivers receivers, string number, IReadOnlyList<string> store, int journeys, int poisoned = 0)
    {
        (_receivers, _store) = (receivers, store);
        Load = new CrashLoad(number, journeys, poisoned);
        Key = receivers.Key;
    }

    public CrashLoad Load { get; }

    /// <summary>All the host has written, for a failure's message.</summary>
    public string Output => _host?.Output ?? "";

    private AuthenticationHeaderValue Key { get; set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A run on a store that is laid out and has customs' key.</summary>
    public static CrashRun OnPreparedStore(CrashReceivers receivers, int journeys = 6, int poisoned = 0)
    {
        var number = receivers.NextRun();
        var file = FileOf(receivers, number);
        File.Copy(receivers.PathOf("template.db"), file);
        return new CrashRun(receivers, number, CrashReceivers.StoreAt(file), journeys, poisoned);
    }

    /// <summary>A run on a database of its own in the tests' cluster, laid out and with customs' key.</summary>
    public static async Task<CrashRun> OnPreparedDatabaseAsync(CrashReceivers receivers, int journeys = 6)
    {
        var (database, key) = await receivers.CopyDatabaseAsync();
        return new CrashRun(receivers, receivers.NextRun(), CrashReceivers.StoreIn(database), journeys) { _dropStore = () => PostgresFixture.Shared.DropDatabase(database.Owner), Key = key };
    }

    /// <summary>The same in any cluster.</summary>
    public static async Task<CrashRun> OnPreparedDatabaseAsync(CrashReceivers receivers, PostgresFixture cluster)
    {
        var run = OnEmptyDatabase(receivers, cluster);
        await run.AddKeyAsync();
        return run;
    }

    /// <summary>A run on a database of its own that nobody has laid out.</summary>
    public static CrashRun OnEmptyDatabase(CrashReceivers receivers, PostgresFixture cluster, int journeys = 6)
    {
        var database = cluster.MakeDatabaseOfTwoRoles();
        return new CrashRun(receivers, receivers.NextRun(), CrashReceivers.StoreIn(database), journeys) { _dropStore = () => cluster.DropDatabase(database.Owner) };
    }

    /// <summary>A run on a store that does not exist yet.</summary>
    public static CrashRun OnNoStore(CrashReceivers receivers, int journeys = 6)
    {
        var number = receivers.NextRun();
        return new CrashRun(receivers, number, CrashReceivers.StoreAt(FileOf(receivers, number)), journeys);
    }

    public async Task AddKeyAsync() => Key = await CrashReceivers.AddKeyAsync(_store);

    /// <summary>Sends the load to whichever host is there; ends when all of it was answered, the end of it by a host that is not doomed.</summary>
    public Task SendAsync() => Load.SendAsync(() => _address, Key, _receivers.Secret, _survivor.Task);

    public Task SendStrayAsync() => Load.SendStrayAsync(() => _address, Key, _receivers.Secret);

    /// <summary>An ordinary host, with which the load may end.</summary>
    public async Task StartAsync()
    {
        await StartWithoutEndAsync();
        LetEnd();
    }

    /// <summary>An ordinary host; the load does not end before <see cref="LetEnd"/>.</summary>
    public async Task StartWithoutEndAsync()
    {
        await EndAsync();
        _host = await HostProcess.ServeAsync([.. _receivers.Settings, .. _store]);
        _address = _host.Address;
    }

    /// <summary>A second host on the same store, which waits for the first one's end.</summary>
    public void StartStandby() => _standby = HostProcess.StartServing([.. _receivers.Settings, .. _store]);

    /// <summary>Where the host that stands by says that it does.</summary>
    public async Task<Uri> StandbyAddressAsync()
    {
        const string Says = "says so at ";
        var line = await Eventually.GetAsync(() => Task.FromResult(_standby!.Output.Split('\n').FirstOrDefault(l => l.Contains(Says, StringComparison.Ordinal))), line => line is not null, _ => _standby!.Output);
        return new Uri(line![(line!.IndexOf(Says, StringComparison.Ordinal) + Says.Length)..].TrimEnd('.'));
    }

    /// <summary>SIGSTOP for the host that works, until the one that stood by has taken over; then it wakes.</summary>
    /// <returns>The host that woke.</returns>
    public async Task<HostProcess> StandStillAndTakeOverAsync()
    {
        var (late, heir) = (_host!, _standby ?? throw new InvalidOperationException("No host stands by."));
        _address = null;
        late.StandStill();
        _address = await heir.Listens.WaitAsync(Cancel);
        (_host, _standby) = (heir, null);
        late.GoOn();
        return late;
    }

    /// <summary>SIGKILL for the host that works; returns when the one that stood by listens.</summary>
    public async Task KillAndTakeOverAsync()
    {
        var heir = _standby ?? throw new InvalidOperationException("No host stands by.");
        heir.Listens.IsCompleted.ShouldBeFalse("two hosts work on one store");
        await EndAsync();
        (_host, _standby) = (heir, null);
        _address = await heir.Listens.WaitAsync(Cancel);
    }

    public void LetEnd() => _survivor.TrySetResult();

    /// <summary>A host that will kill itself. The load meets it as soon as it listens.</summary>
    public async Task StartDoomedAsync(string point, int after)
    {
        await EndAsync();
        var host = _host = HostProcess.StartDoomed(
            point, after, ["serve", .. _receivers.Settings, .. _store, $"--Crash:Unreadable={CrashLoad.StrayLock}"]);
        try
        {
            _address = await host.Listens.WaitAsync(Cancel);
        }
        catch (InvalidOperationException) when (host.HasEnded)
        {
            // Died before it listened, which some points are there for.
        }
    }

    /// <summary>Runs the command that makes a key on a host that will kill itself.</summary>
    public async Task AddKeyDoomedAsync(string point, int after)
    {
        await EndAsync();
        _host = HostProcess.StartDoomed(point, after, ["key", "add", "customs", .. _store]);
    }

    /// <summary>Waits for the doomed host's end.</summary>
    public Task<bool> DiesAsync(TimeSpan patience) => _host!.DiesAsync(patience);

    public bool HostHasEnded => _host!.HasEnded;

    public Task KillAsync() => _host!.KillAsync();

    /// <summary>Everything that was sent arrived once and in order, no lane works any more, and nothing that was answered 200 is lost.</summary>
    public async Task AssertKeptItsPromisesAsync(string what)
    {
        await Eventually.GetAsync(
            () => Task.FromResult(Wrong()), wrong => wrong.Count == 0, wrong => $"{what}:\n{string.Join('\n', wrong)}\n{Output}", Patience);
        await AssertIdleAsync(what);
        // Copies must be known as such, and must have no effect.
        (await Load.CountLostAsync(_address!, Key, _receivers.Secret)).ShouldBe(0, $"{what}: records that were answered 200 and are not in the journal");
        await AssertIdleAsync(what);
        Wrong().ShouldBeEmpty(what);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        if (_standby is { } standby)
        {
            await standby.DisposeAsync();
        }

        _dropStore();
    }

    private static string FileOf(CrashReceivers receivers, string number) => Path.Combine(Directory.CreateDirectory(receivers.PathOf(number)).FullName, "store.db");

    private async Task EndAsync()
    {
        _address = null;
        if (_host is { } host)
        {
            await host.DisposeAsync();
        }
    }

    private List<string> Wrong()
    {
        var expected = Load.Expected;
        return [.. TwinName.All.SelectMany(twin => HistoryChecker.Check(twin, [.. _receivers.Received(twin).Where(line => line.IsQuestion || IsOurs(line))], expected))];

        // Other runs with these receivers have other numbers.
        bool IsOurs(HistoryChecker.Line line) => line.Subject.Length > 2 && line.Subject[..^2] == expected.Keys.First()[..^2];
    }

    /// <summary>Complete is more than arrived: a lane that still works could send something twice.</summary>
    private async Task AssertIdleAsync(string what)
    {
        using var client = new HttpClient { BaseAddress = _address };
        client.DefaultRequestHeaders.Authorization = Key;
        await Eventually.GetAsync(
            async () =>
            {
                using var lanes = JsonDocument.Parse(await client.GetStringAsync(new Uri("/api/lanes?most=1000", UriKind.Relative), Cancel));
                return lanes.RootElement.EnumerateArray().Select(lane => $"{lane.GetProperty("destination")} {lane.GetProperty("subject")} {lane.GetProperty("state")}").ToList();
            },
            lanes => lanes.Count == Load.Journeys * TwinName.All.Count && lanes.Count(lane => lane.EndsWith(" idle", StringComparison.Ordinal)) == lanes.Count - Load.Poisoned
                && lanes.Count(lane => lane.StartsWith(TwinName.Neighbour, StringComparison.Ordinal) && lane.EndsWith(" parked", StringComparison.Ordinal)) == Load.Poisoned,
            lanes => $"{what}:\n{string.Join('\n', lanes)}\n{Output}", Patience);
    }
}
