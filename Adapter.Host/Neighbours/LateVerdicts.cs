namespace Adapter.Host.Neighbours;

/// <summary>Tells neighbours the verdict about messages that were not processed when they were answered.</summary>
internal sealed partial class LateVerdicts(ExchangeDesk desk, TimeProvider time, ILogger<LateVerdicts> logger) : BackgroundService
{
    /// <summary>A verdict is late already; the neighbour waits for it no longer than this.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await desk.ConcludeAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogPaused(exception);
            }

            await Task.Delay(LookAgain, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(7012, LogLevel.Error, "Verdicts for neighbours could not be read or kept; they are tried again.")]
    private partial void LogPaused(Exception exception);
}
