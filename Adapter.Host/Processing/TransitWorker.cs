using Adapter.Host.Journal;

namespace Adapter.Host.Processing;

/// <summary>Runs the flow whenever the journal has grown.</summary>
internal sealed partial class TransitWorker(TransitFlow flow, JournalSignal signal, TimeProvider time, ILogger<TransitWorker> logger) : BackgroundService
{
    private static readonly TimeSpan StorePause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await flow.RunAsync(stoppingToken) > 0)
                {
                }

                await signal.WaitForAppendAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // No bad row and no store that is away stops the host: entries wait in the journal.
                LogPaused(exception, StorePause);
                await Task.Delay(StorePause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    [LoggerMessage(3001, LogLevel.Error, "Processing paused for {Pause}: the store or a step failed; entries wait in the journal and nothing is lost.")]
    private partial void LogPaused(Exception exception, TimeSpan pause);
}
