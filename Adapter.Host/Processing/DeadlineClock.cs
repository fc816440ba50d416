using Adapter.Host.Storage;

namespace Adapter.Host.Processing;

/// <summary>Looks every few seconds whether a journey's deadline is due.</summary>
internal sealed partial class DeadlineClock(IDeadlineStore deadlines, [FromKeyedServices(StoreClock.Key)] TimeProvider time, ILogger<DeadlineClock> logger) : BackgroundService
{
    /// <summary>Deadlines are minutes and days; nobody misses these seconds.</summary>
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private const int Most = 500;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                await FireAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task FireAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await deadlines.FireAsync(time.GetUtcNow(), Most, cancellationToken) == Most)
            {
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What is due stays due: it is looked at again in a few seconds.
            LogFailed(exception);
        }
    }

    [LoggerMessage(3003, LogLevel.Error, "The store did not say which deadlines are due; it is asked again in a few seconds, and none is lost.")]
    private partial void LogFailed(Exception exception);
}
