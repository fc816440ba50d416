namespace Adapter.Host.Delivery;

/// <summary>Calls for people when lanes have waited for them for an hour, a day, a week: one line for each cause, not one for each lane.</summary>
internal sealed partial class Escalations(ILaneStore lanes, TimeProvider time, ILogger<Escalations> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                await LookAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was not called out yet is at the next start.
        }
    }

    private async Task LookAsync(CancellationToken stoppingToken)
    {
        try
        {
            foreach (var due in await lanes.EscalateAsync(stoppingToken))
            {
                LogWaits(due.Lanes, due.Destination, due.Step switch { 1 => "an hour", 2 => "a day", _ => "a week" }, due.Reason, due.Subject);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotRead(exception, Period);
        }
    }

    [LoggerMessage(6010, LogLevel.Error, "{Lanes} lanes of {Destination} have waited for a person for {Step}: {Reason} One of them is {Subject}. See /api/dead-letters.")]
    private partial void LogWaits(int lanes, string destination, string step, string? reason, string subject);

    [LoggerMessage(6011, LogLevel.Warning, "Lanes that wait for a person could not be looked through; trying again in {Period}.")]
    private partial void LogNotRead(Exception exception, TimeSpan period);
}
