using System.Data.Common;

namespace Adapter.Host.Storage;

/// <summary>Makes the partitions of the coming days while the host runs, so that one that is not restarted for weeks does not fill the partition for the rest.</summary>
internal sealed partial class PostgresPartitions(PostgresDatabase database, TimeProvider time, ILogger<PostgresPartitions> logger) : BackgroundService
{
    /// <summary>Each time makes a week ahead, so many may fail before one is missing. Mostly all are there, which costs a look-up.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>What lies in partitions of days.</summary>
    private static readonly string[] Tables = ["journal", "record_keys"];

    /// <summary>Makes those that are missing from yesterday to a week ahead.</summary>
    /// <exception cref="DbException">One could not be made; where somebody reads or writes for longer than a moment, that is not waited for.</exception>
    public static void Make(StoreSession session)
    {
        foreach (var table in Tables)
        {
            session.Number("SELECT make_partitions(?1)", table);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                Make();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
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
            Make(session);
        }
        catch (DbException exception)
        {
            LogNotMade(exception, database.Name);
        }
    }

    [LoggerMessage(2014, LogLevel.Warning, "The partitions of the coming days could not be made in {Database}; it is tried again in an hour. A day without one goes to the partition for the rest.")]
    private partial void LogNotMade(Exception exception, string database);
}
