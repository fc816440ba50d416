using System.Diagnostics.Metrics;
using Adapter.Host.Delivery;
using Adapter.Host.Ingest.Gaps;
using Adapter.Host.Journal;
using Adapter.Host.Observability;
using Adapter.Host.Storage;

namespace Adapter.Host;

/// <summary>Publishes how things stand: lanes by state, entries waiting, size of the write-ahead log.</summary>
internal sealed partial class StateGauges(
    ILaneStore lanes, IJournal journal, IGapStore gaps, StoreDatabase database, AdapterMetrics metrics, TimeProvider time, ILogger<StateGauges> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private IReadOnlyDictionary<string, long> _lanes = new Dictionary<string, long>();
    private JournalCounts _journal = new(0, 0, 0);
    private long _gaps;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Observe("customstransit.lanes", "{lane}", "Lanes by state.", () =>
            _lanes.Select(lane => new Measurement<long>(lane.Value, new KeyValuePair<string, object?>("state", lane.Key))));
        metrics.Observe("customstransit.journal.entries", "{entry}", "Journal entries that are not processed, by state.", () =>
        [
            new(_journal.Waiting, new KeyValuePair<string, object?>("state", "waiting")),
            new(_journal.Parked, new KeyValuePair<string, object?>("state", "parked")),
            new(_journal.Unreadable, new KeyValuePair<string, object?>("state", "unreadable-body")),
        ]);
        metrics.Observe("customstransit.intake.gaps", "{gap}", "Gap records that nobody has closed.", () => [new Measurement<long>(_gaps)]);
        if (database.WalBytes is not null)
        {
            metrics.Observe("customstransit.store.wal", "By", "Size of the write-ahead log.", () => [new Measurement<long>(database.WalBytes ?? 0)]);
        }

        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                _lanes = await lanes.CountAsync(stoppingToken);
                _journal = await journal.CountAsync(stoppingToken);
                _gaps = await gaps.CountOpenAsync(stoppingToken);
            }
            catch (System.Data.Common.DbException exception)
            {
                LogNotRead(exception);
            }
        }
        while (await WaitAsync(timer, stoppingToken));
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stoppingToken)
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

    [LoggerMessage(2001, LogLevel.Warning, "The state of lanes and journal could not be read for the metrics; the last figures stay.")]
    private partial void LogNotRead(Exception exception);
}
