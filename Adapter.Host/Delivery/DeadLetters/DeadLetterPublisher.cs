using Adapter.Host.Brokers;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Delivery.DeadLetters;

/// <summary>Tells a queue of every dead letter, in order, until the queue has taken it; a letter may come twice and then has the same id.</summary>
internal sealed partial class DeadLetterPublisher(
    IOptions<DeadLetterOptions> options, IDeadLetterOutbox outbox, BrokerBoard board, AdapterMetrics metrics, TimeProvider time, ILogger<DeadLetterPublisher> logger) : BackgroundService
{
    /// <summary>How the queue is called in health and metrics.</summary>
    public const string Name = "dead-letters";

    private const int MostAtOnce = 100;

    /// <summary>The outbox tells nobody of a new row; people look at these, so a second is soon.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly DeadLetterOptions _settings = options.Value;
    private readonly ReconnectPause _pause = new(() => System.Security.Cryptography.RandomNumberGenerator.GetInt32(1000) / 1000.0);
    private long _waiting;
    private string? _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await KeepAsync(stoppingToken);
            if (!_settings.IsOn)
            {
                return;
            }

            Show(connected: false, loss: null);
            while (!stoppingToken.IsCancellationRequested)
            {
                var loss = await PublishAsync(stoppingToken);
                Show(connected: false, loss);
                metrics.BrokerLost(Name, loss.Reason);
                var rest = _pause.Next(loss);
                Tell(loss, rest);
                await Task.Delay(rest, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was not taken is in the outbox.
        }
    }

    private async Task KeepAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await outbox.KeepAsync(_settings.IsOn, stoppingToken);
                return;
            }
            catch (StoreUnavailableException away)
            {
                LogStoreAway(away);
            }

            await Task.Delay(Period, time, stoppingToken);
        }
    }

    /// <returns>Why it ended.</returns>
    private async Task<BrokerLoss> PublishAsync(CancellationToken stoppingToken)
    {
        try
        {
            await using var outlet = await BrokerOutlet.OpenAsync(_settings, time, stoppingToken);
            Show(connected: true, loss: null);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, outlet.Gone);
            using var timer = new PeriodicTimer(Period, time);
            do
            {
                await EmptyAsync(outlet, stoppingToken);
                _pause.Reset();
                LogWhenBack();
            }
            while (await TickAsync(timer, either.Token, stoppingToken));

            return outlet.Loss ?? BrokerLoss.ClosedQuietly;
        }
        catch (StoreUnavailableException away)
        {
            return new BrokerLoss("store", away.Message, NeedsAPerson: false);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested && BrokerLoss.Of(exception) is { } loss)
        {
            return loss;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A fault of ours must not end the telling for good, nor repeat without a pause.
            LogFault(fault);
            return new BrokerLoss("fault", "A fault in this program; the log has it.", NeedsAPerson: true);
        }
    }

    private async Task EmptyAsync(BrokerOutlet outlet, CancellationToken stoppingToken)
    {
        while (await outbox.NextAsync(MostAtOnce, stoppingToken) is { Count: > 0 } letters)
        {
            Interlocked.Exchange(ref _waiting, await outbox.WaitingAsync(stoppingToken));
            await Task.WhenAll(letters.Select(letter => outlet.SendAsync(DeadLetterEvent.Of(letter, _settings.Source), stoppingToken)));
            // Only now: the queue has said of each that it took it.
            await outbox.TakenAsync(letters, stoppingToken);
            metrics.DeadLettersTold(letters.Count);
        }

        Interlocked.Exchange(ref _waiting, 0);
    }

    /// <returns>False when the link is gone.</returns>
    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken either, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(either);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void LogWhenBack()
    {
        if (Interlocked.Exchange(ref _told, null) is not null)
        {
            LogBack(BrokerLogin.WhereOf(_settings), _settings.Queue!);
        }
    }

    /// <summary>Once for each reason until it is back: a broker that is away for a night fills no log.</summary>
    private void Tell(BrokerLoss loss, TimeSpan rest)
    {
        if (Interlocked.Exchange(ref _told, loss.Reason) != loss.Reason)
        {
            LogAway(BrokerLogin.WhereOf(_settings), _settings.Queue!, loss.Detail, rest);
        }
    }

    private void Show(bool connected, BrokerLoss? loss) => board.Set(new BrokerState(
        Name, BrokerLogin.WhereOf(_settings), _settings.Queue!, connected, time.GetUtcNow(), loss, () => (int)Math.Min(int.MaxValue, Interlocked.Read(ref _waiting))));

    [LoggerMessage(6020, LogLevel.Information, "The queue for dead letters at {Where}, {Queue}, takes them again.")]
    private partial void LogBack(string where, string queue);

    [LoggerMessage(6021, LogLevel.Warning, "The queue for dead letters at {Where}, {Queue}, does not take them: {Detail} They wait in the store; the next attempt is in {Rest}. Told once until it is back.")]
    private partial void LogAway(string where, string queue, string detail, TimeSpan rest);

    [LoggerMessage(6022, LogLevel.Warning, "The outbox of dead letters waits for the store.")]
    private partial void LogStoreAway(Exception exception);

    [LoggerMessage(6023, LogLevel.Error, "Telling of dead letters failed by a fault of this program; it is tried again later.")]
    private partial void LogFault(Exception exception);
}
