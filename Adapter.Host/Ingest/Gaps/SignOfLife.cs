using System.Data.Common;
using Adapter.Host.Storage;

namespace Adapter.Host.Ingest.Gaps;

/// <summary>Records again and again that the host listens, and at the next start opens a gap for the time in which it did not.</summary>
/// <remarks>After a crash the gap begins at the last sign of life, which may be <see cref="Period"/> too early and is never too late.</remarks>
internal sealed partial class SignOfLife(
    IGapStore store, GapBook book, Sources sources, IHostApplicationLifetime lifetime, [FromKeyedServices(StoreClock.Key)] TimeProvider time, ILogger<SignOfLife> logger) : BackgroundService
{
    /// <summary>A restart that takes no longer is not worth a gap: senders wait longer for a connection.</summary>
    public static readonly TimeSpan Threshold = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    private bool _listened;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // The doors are closed by now: services stop in the opposite order to that in which they started.
        if (_listened)
        {
            await RecordAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var before = await LastListenedAsync(stoppingToken);
        if (!await ListeningAsync(stoppingToken))
        {
            return;
        }

        _listened = true;
        var now = time.GetUtcNow();
        if (before is { } last && now - last > Threshold)
        {
            LogWasDown(last, now);
            foreach (var source in sources.All.Where(source => !source.Repeats))
            {
                book.Down(source.Name, last, now);
            }
        }

        using var timer = new PeriodicTimer(Period, time);
        do
        {
            await RecordAsync(stoppingToken);
        }
        while (await TickAsync(timer, stoppingToken));
    }

    private async Task<DateTimeOffset?> LastListenedAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                return await store.LastListenedAsync(stoppingToken);
            }
            catch (DbException exception)
            {
                LogNotRead(exception, StorePause);
                await Task.Delay(StorePause, time, stoppingToken);
            }
        }
    }

    private async Task<bool> ListeningAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var starts = lifetime.ApplicationStarted.Register(started.SetResult);
        try
        {
            await started.Task.WaitAsync(stoppingToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RecordAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.ListensAsync(time.GetUtcNow(), cancellationToken);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or OperationCanceledException)
        {
            LogNotRecorded(exception);
        }
    }

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(1004, LogLevel.Warning, "The host did not listen from {Last} to {Now}. For sources that never repeat a gap is open: fetch what is missing and close it at /api/gaps.")]
    private partial void LogWasDown(DateTimeOffset last, DateTimeOffset now);

    [LoggerMessage(1007, LogLevel.Error, "When the host last listened cannot be read yet; trying again in {Pause}.")]
    private partial void LogNotRead(Exception exception, TimeSpan pause);

    [LoggerMessage(1005, LogLevel.Debug, "That the host listens could not be recorded.")]
    private partial void LogNotRecorded(Exception exception);
}
