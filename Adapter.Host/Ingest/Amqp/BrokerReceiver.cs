using Adapter.Host.Brokers;
using Adapter.Host.Observability;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>Reads one queue for as long as the host runs, over every loss of the broker.</summary>
internal sealed partial class BrokerReceiver(
    string name, BrokerOptions options, IBroker broker, BrokerIntake intake, BrokerBoard board, AdapterMetrics metrics, ReconnectPause pause, TimeProvider time, ILogger logger)
{
    /// <summary>Share one commit at most.</summary>
    private const int BatchMessages = 200;

    private const long BatchBytes = 4 * 1024 * 1024;

    /// <summary>A connection that lasted this long has proved itself, even without a message.</summary>
    private static readonly TimeSpan Proof = TimeSpan.FromSeconds(10);

    /// <summary>A session without a message for this long makes room for the next.</summary>
    private static readonly TimeSpan SessionIdle = TimeSpan.FromSeconds(2);

    /// <summary>Reasons that the log has since messages last came.</summary>
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);

    public async Task RunAsync(CancellationToken stoppingToken)
    {
        Show(connected: false, loss: null, () => 0);
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await RunOnceAsync(stoppingToken) is not { } loss)
            {
                continue;
            }

            Show(connected: false, loss, () => 0);
            metrics.BrokerLost(name, loss.Reason);
            var rest = pause.Next(loss);
            Tell(loss, rest);
            await Task.Delay(rest, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>Why it ended, or null where the next turn may begin at once: a session is read to its end, or the host stops.</returns>
    private async Task<BrokerLoss?> RunOnceAsync(CancellationToken stoppingToken)
    {
        try
        {
            await using var link = await broker.OpenAsync(stoppingToken);
            if (link is null)
            {
                // Connected and logged in, and no session has messages.
                Proved();
                Show(connected: true, loss: null, () => 0);
                return null;
            }

            Show(connected: true, loss: null, () => link.Held);
            var opened = time.GetTimestamp();
            while (await NextAsync(link, stoppingToken) is { Count: > 0 } batch)
            {
                Proved();
                await intake.TakeAsync(link, batch, stoppingToken);
            }

            if (time.GetElapsedTime(opened) > Proof)
            {
                Proved();
            }

            // Without a loss it was a session that had no more messages.
            return link.Loss;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception) when (BrokerLoss.Of(exception) is { } loss)
        {
            return loss;
        }
        catch (Exception fault)
        {
            // A fault of ours must not end the reading for good, nor repeat without a pause.
            LogFault(fault, name);
            return new BrokerLoss("fault", "A fault in this program; the log has it.", NeedsAPerson: true);
        }
    }

    /// <returns>Nothing when the link is lost, or when a session has had no message for a while and others may wait.</returns>
    private async Task<IReadOnlyList<BrokerMessage>> NextAsync(BrokerLink link, CancellationToken stoppingToken)
    {
        if (options.Sessions == 0)
        {
            return await link.TakeAsync(BatchMessages, BatchBytes, stoppingToken);
        }

        using var idle = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        idle.CancelAfter(SessionIdle);
        try
        {
            return await link.TakeAsync(BatchMessages, BatchBytes, idle.Token);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return [];
        }
    }

    private void Proved()
    {
        pause.Reset();
        if (_told.Count > 0)
        {
            _told.Clear();
            LogBack(name, broker.Where, options.Queue!);
        }
    }

    /// <summary>Once for each reason until messages come again: a broker that is away for a night, or half there, fills no log.</summary>
    private void Tell(BrokerLoss loss, TimeSpan rest)
    {
        if (!_told.Add(loss.Reason))
        {
            return;
        }

        if (loss.NeedsAPerson)
        {
            LogRefused(name, broker.Where, options.Queue!, loss.Detail, rest);
        }
        else
        {
            LogLost(name, broker.Where, options.Queue!, loss.Detail, rest);
        }
    }

    private void Show(bool connected, BrokerLoss? loss, Func<int> held) =>
        board.Set(new BrokerState(name, broker.Where, options.Queue!, connected, time.GetUtcNow(), loss, held));

    [LoggerMessage(1020, LogLevel.Information, "Broker {Broker} at {Where} is read from again, queue {Queue}.")]
    private partial void LogBack(string broker, string where, string queue);

    [LoggerMessage(1021, LogLevel.Warning, "Broker {Broker} at {Where}, queue {Queue}, is lost: {Detail} The next attempt is in {Rest}; what is in the queue waits there. Told once until it is back.")]
    private partial void LogLost(string broker, string where, string queue, string detail, TimeSpan rest);

    [LoggerMessage(1022, LogLevel.Error, "Broker {Broker} at {Where} lets us not read queue {Queue}: {Detail} Settings or rights have to change. The next attempt is in {Rest}. Told once until it is back.")]
    private partial void LogRefused(string broker, string where, string queue, string detail, TimeSpan rest);

    [LoggerMessage(1023, LogLevel.Error, "Reading from broker {Broker} failed by a fault of this program; it is tried again later.")]
    private partial void LogFault(Exception exception, string broker);
}
