using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Transports;
using Adapter.Host.Observability;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <summary>Serves lanes whose head is due: within a lane one after the other, lanes side by side up to the destination's limit.</summary>
internal sealed partial class LaneDispatcher(
    ILaneStore lanes, IDestinationStore destinations, LaneAttempt attempt, Breakers breakers, Pacer pacer, OutboundHandlers outbound, LaneSignal signal, ICrashPoint crash, [FromKeyedServices(StoreClock.Key)] TimeProvider time, ILogger<LaneDispatcher> logger) : BackgroundService
{
    /// <summary>The schedule is looked at this often even when nobody calls.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    /// <summary>How long attempts under way may take to end when the host stops. Cutting them off would make their outcomes unknown.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(20);

    /// <summary>Messages that one lane may send before others of its destination get the place.</summary>
    private const int MostInATurn = 20;

    /// <summary>How long its turn may last: at a receiver that takes seconds, an alarm must not wait for twenty messages.</summary>
    private static readonly TimeSpan LongestTurn = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly Dictionary<Served, Task> _serving = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var recovered = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!recovered)
                {
                    crash.Reached(CrashPoints.RecoveryBegins);
                    var open = await lanes.RecoverAsync(await destinations.AllAsync(stoppingToken), stoppingToken);
                    crash.Reached(CrashPoints.Recovered);
                    recovered = true;
                    if (open > 0)
                    {
                        LogRecovered(open);
                    }
                }

                await DispatchAsync(stoppingToken);
                if (!signal.TryTake())
                {
                    await signal.WaitAsync(await PatienceAsync(stoppingToken), time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                LogPaused(exception, StorePause);
                await Task.Delay(StorePause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        _abandon.CancelAfter(DrainTime);
        Task[] last;
        lock (_gate)
        {
            last = [.. _serving.Values];
        }

        await Task.WhenAll(last);
    }

    public override void Dispose()
    {
        _abandon.Dispose();
        base.Dispose();
    }

    private async Task DispatchAsync(CancellationToken stoppingToken)
    {
        foreach (var (destination, _, held) in await destinations.KeptAsync(stoppingToken))
        {
            // Who fetches its messages is served when it asks (PullDesk).
            if (held is not null || destination.Transport == SoapTransportKind.Pull)
            {
                continue;
            }

            if (breakers.TryBeginProbe(destination.Name))
            {
                _ = Task.Run(() => ProbeAsync(destination, stoppingToken), CancellationToken.None);
            }

            var serving = Serving();
            var free = Free(destination, serving);
            if (free <= 0)
            {
                continue;
            }

            var alarms = await lanes.OvertakersDueAsync(destination.Name, Lanes(serving, overtaking: true), free, stoppingToken);
            var heads = alarms.Count < free ? await lanes.DueAsync(destination.Name, Lanes(serving, overtaking: false), free - alarms.Count, stoppingToken) : [];
            foreach (var head in alarms.Concat(heads))
            {
                lock (_gate)
                {
                    _serving[new Served(head.Lane, head.Overtakes)] = Task.Run(() => ServeAsync(head, destination, stoppingToken), CancellationToken.None);
                }
            }
        }
    }

    /// <summary>Looks whether a destination that does not answer is back. Nothing reaches its software by that.</summary>
    private async Task ProbeAsync(Destination destination, CancellationToken stoppingToken)
    {
        var problem = "The probe failed inside the adapter.";
        try
        {
            problem = await outbound.ReachAsync(destination, stoppingToken);
        }
        catch (Exception exception)
        {
            LogProbeFailed(exception, destination.Name);
        }
        finally
        {
            breakers.EndProbe(destination.Name, problem);
            signal.Changed();
        }
    }

    /// <summary>Sends heads of one lane for as long as they are delivered and its turn lasts; then lanes that have waited longer come first.</summary>
    private async Task ServeAsync(LaneHead head, Destination destination, CancellationToken stoppingToken)
    {
        try
        {
            crash.Reached(CrashPoints.LaneClaimed);
            var (sent, ends) = (0, time.GetUtcNow() + LongestTurn);
            LaneHead? next = head;
            do
            {
                if (stoppingToken.IsCancellationRequested || await MayGoAsync(destination.Name, stoppingToken) is not { } now)
                {
                    break;
                }

                await pacer.TurnAsync(now, stoppingToken);
                next = await attempt.RunAsync(next, now, _abandon.Token);
            }
            while (next is not null && ++sent < MostInATurn && time.GetUtcNow() < ends);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Its turn had not come; the lane is still due.
        }
        catch (Exception exception)
        {
            // Only what comes before the mark can get here: nothing was sent, and the lane is still due.
            LogPaused(exception, StorePause);
            await Task.Delay(StorePause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            lock (_gate)
            {
                _serving.Remove(new Served(head.Lane, head.Overtakes));
            }

            signal.Changed();
        }
    }

    /// <summary>The destination as it is now, or null while nothing may go to it: a long lane must not outrun an edit or a hold.</summary>
    private async Task<Destination?> MayGoAsync(string name, CancellationToken cancellationToken) =>
        (await destinations.KeptAsync(cancellationToken)).FirstOrDefault(d => d.Definition.Name == name) is { Held: null, Definition.Transport: not SoapTransportKind.Pull } kept && breakers.Places(kept.Definition) > 0
            ? kept.Definition
            : null;

    /// <remarks>A destination that is at its limit is not looked at: its next free place wakes us.</remarks>
    private async Task<TimeSpan> PatienceAsync(CancellationToken stoppingToken)
    {
        var serving = Serving();
        var resting = (await destinations.KeptAsync(stoppingToken)).Where(d => d.Held is not null || d.Definition.Transport == SoapTransportKind.Pull || Free(d.Definition, serving) <= 0).Select(d => d.Definition.Name);
        var next = await lanes.NextDueAsync([.. resting], Lanes(serving, overtaking: false), Lanes(serving, overtaking: true), stoppingToken);
        next = breakers.NextProbe() is { } probe && (next is null || probe < next) ? probe : next;
        var patience = next - time.GetUtcNow() ?? LongestWait;
        // Due and not served: its lane ended or its alarm's turn came between two looks.
        return patience <= TimeSpan.Zero ? StorePause : patience < LongestWait ? patience : LongestWait;
    }

    /// <summary>Lanes of a destination that may be served beside those that are.</summary>
    private int Free(Destination destination, IReadOnlyCollection<Served> serving) =>
        breakers.Places(destination) - serving.Count(served => served.Lane.Destination == destination.Name);

    private IReadOnlyCollection<Served> Serving()
    {
        lock (_gate)
        {
            return [.. _serving.Keys];
        }
    }

    private static IReadOnlyCollection<LaneKey> Lanes(IReadOnlyCollection<Served> serving, bool overtaking) =>
        [.. serving.Where(served => served.Overtaking == overtaking).Select(served => served.Lane)];

    /// <param name="Overtaking">Whether its alarm is being served; its head may be at the same time.</param>
    private sealed record Served(LaneKey Lane, bool Overtaking);

    [LoggerMessage(6001, LogLevel.Warning, "{Count} attempts were under way when the host stopped. Their outcome is unknown: destinations that can be asked will be, the others wait in /api/lanes?state=unknown.")]
    private partial void LogRecovered(int count);

    [LoggerMessage(6007, LogLevel.Error, "The probe of {Destination} failed inside the adapter; it is repeated.")]
    private partial void LogProbeFailed(Exception exception, string destination);

    [LoggerMessage(6002, LogLevel.Error, "Delivery paused for {Pause}: the store failed. Messages wait in their lanes and nothing is lost.")]
    private partial void LogPaused(Exception exception, TimeSpan pause);
}
