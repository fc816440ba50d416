using Adapter.Host.Delivery;
using Adapter.Host.Processing;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Host.Rehearsal;

/// <summary>A host with the demo's stories going through it, all at the same time.</summary>
/// <remarks>
/// The same folder again continues the same stories: everything is pushed once more, and what was journalled before is a duplicate.
/// That is also what a killed demo does.
/// </remarks>
internal sealed class DemoRun : IAsyncDisposable
{
    private readonly RehearsalHost _host;
    private readonly BrokerFeed? _feed;
    private readonly DateTimeOffset _start;
    private readonly ReplayClock _clock;

    private DemoRun(RehearsalHost host, BrokerFeed? feed, DateTimeOffset start, ReplayClock clock)
    {
        (_host, _feed, _start, _clock) = (host, feed, start, clock);
        Pushes = [.. Stories.SelectMany((story, i) => story.Telemetry(StartOf(i)).Select(push => push with { Label = $"{story.Name}: {push.Label}" })).OrderBy(push => push.At)];
    }

    public IReadOnlyList<DemoStory> Stories { get; } = DemoStory.All();

    /// <summary>Where the host listens.</summary>
    public Uri Address => _host.Address;

    /// <summary>An administrator's key, made for this run.</summary>
    public string Key => _host.Key;

    /// <summary>What Joint Cloud pushes of all journeys, in the order of time.</summary>
    public IReadOnlyList<DemoPush> Pushes { get; }

    /// <param name="folder">Holds the store, the twins' logs and the intake secret; made when it does not exist.</param>
    /// <param name="twins">Twins that run elsewhere; null starts some in this process.</param>
    /// <param name="store">Where the host keeps what it knows; null is a file in the folder.</param>
    /// <param name="broker">Has the reports go over a queue; null pushes them over HTTP, as Joint Cloud does.</param>
    public static async Task<DemoRun> StartAsync(
        string folder, RehearsalStore? store, Uri? twins, DemoBroker? broker, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var start = await StartOfAsync(folder, time, cancellationToken);
        var clock = new ReplayClock(time, start.AddMinutes(-1));
        var host = await RehearsalHost.StartAsync(folder, store, twins, port, "demo", clock, broker, cancellationToken);
        try
        {
            return new DemoRun(host, broker is null ? null : await BrokerFeed.OpenAsync(broker, host.Services, time, cancellationToken), start, clock);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Registers the journeys through the admin API, as customs would.</summary>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        foreach (var (i, story) in Stories.Index())
        {
            if (story.Registration is { } registration)
            {
                await _host.Callers.RegisterAsync(registration(StartOf(i)), cancellationToken);
            }
        }
    }

    /// <summary>Pushes as Joint Cloud does, or puts the same on the queue.</summary>
    public async Task<(int Accepted, int Duplicate)> PushAsync(DemoPush push, CancellationToken cancellationToken)
    {
        _clock.LeapTo(push.At);
        // Hours pass between two looks of the host's clock; what is due in them has to be due before what comes after them.
        await _host.CaughtUpAsync(cancellationToken);
        await _host.Services.GetRequiredService<IDeadlineStore>().FireAsync(_clock.GetUtcNow(), most: 100, cancellationToken);
        return await (_feed?.PushAsync(push, cancellationToken) ?? _host.Callers.PushAsync(push, cancellationToken));
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
                received[twin] = await _host.Callers.ReceivedAsync(twin, cancellationToken);
            }

            await _host.CaughtUpAsync(cancellationToken);
            // Complete is more than arrived: a lane that still works could send something twice.
            var lanes = await _host.Services.GetRequiredService<ILaneStore>().CountAsync(cancellationToken);
            var quiet = lanes.Keys.All(state => state == LaneState.Idle);
            if ((quiet && received.All(twin => IsTold(twin.Key, twin.Value))) || until.IsCancellationRequested)
            {
                return received;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>What a receiver got is what the stories have in them, each in its order, and nothing else.</summary>
    public bool IsTold(string twin, IReadOnlyList<TwinRecord> received) =>
        received.All(r => r.Effect == 0 || Stories.Any(story => story.Mrn == r.Subject))
        && Stories.All(story => IsInOrder([.. received.Where(r => r.Subject == story.Mrn)], story.KindsFor(twin)));

    /// <summary>What is found in a story now, as the admin API has it.</summary>
    public Task<IReadOnlyList<DemoFinding>> FindingsAsync(DemoStory story, CancellationToken cancellationToken) => _host.Callers.FindingsAsync(story.Path, cancellationToken);

    /// <summary>The story of the journey with the cut rope, told to one receiver: each kind once, in order, nothing doubled.</summary>
    public static bool IsTheStory(IReadOnlyList<TwinRecord> received) => IsInOrder(received, DemoJourney.ExpectedKinds);

    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => _host.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_feed is not null)
        {
            await _feed.DisposeAsync();
        }

        await _host.DisposeAsync();
    }

    private static bool IsInOrder(IReadOnlyList<TwinRecord> received, IReadOnlyList<string> kinds) =>
        received.Where(r => r.Effect > 0).Select(r => r.Kind).SequenceEqual(kinds, StringComparer.Ordinal) && received.All(r => r.Effect <= 1);

    /// <summary>The stories begin one after the other.</summary>
    private DateTimeOffset StartOf(int story) => _start.AddMinutes(story);

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
}
