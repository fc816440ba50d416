using System.Data.Common;

namespace Adapter.Host.Storage;

/// <summary>Makes the partitions of the coming days while the host runs, so that one that is not restarted for weeks does not fill the partition for the rest.</summary>
internal sealed partial class PostgresPartitions(PostgresDatabase database, TimeProvider time, ILogger<PostgresPartitions> logger) : BackgroundService
{
    /// <summary>Each time makes a week ahead, so several may fail before one is missing.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The layout made those of this week when the host started.
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Make();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private void Make()
    {
        try
        {
            using var session = database.Open();
            session.Execute("SELECT make_partitions()");
        }
        catch (DbException exception)
        {
            LogNotMade(exception, database.Name);
        }
    }

    [LoggerMessage(2014, LogLevel.Warning, "The partitions of the coming days could not be made in {Database}; it is tried again tomorrow. A day without one goes to the partition for the rest.")]
    private partial void LogNotMade(Exception exception, string database);
}
