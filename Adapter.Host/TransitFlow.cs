using System.Data.Common;
using Adapter.Host.Delivery;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Observability;
using Adapter.Host.Processing;
using Adapter.Host.Storage;
using Adapter.Host.Verification;
using Microsoft.Extensions.Options;

namespace Adapter.Host;

/// <summary>What happens to journal entries, in order. Between loading and saving everything is pure.</summary>
internal sealed partial class TransitFlow(
    IProcessingStore store, IReportDecoder decoder, IReadOnlyList<ICheck> checks, IMapper mapper, IDestinationStore destinations,
    JournalSignal processed, LaneSignal lanes, IOptions<JourneyOptions> options, AdapterMetrics metrics, ICrashPoint crash, [FromKeyedServices(StoreClock.Key)] TimeProvider time, ILogger<TransitFlow> logger)
{
    /// <summary>Entries per commit: enough to share its cost, few enough to keep the writer free for intake.</summary>
    private const int MostEntries = 256;

    /// <summary>Processes the next entries.</summary>
    /// <returns>How many; 0 when none waits.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var entries = UpToTheNextAct(await store.ClaimAsync(MostEntries, cancellationToken));
        try
        {
            await RunAsync(entries, cancellationToken);
        }
        catch (Exception exception) when (IsOfOneEntry(exception))
        {
            foreach (var entry in entries)
            {
                await RunAloneAsync(entry, cancellationToken);
            }
        }

        return entries.Count;
    }

    /// <summary>A registration or an act begins a batch: it depends on what was decided and told of the reports before it, not only on the reports.</summary>
    private static IReadOnlyList<JournalEntry> UpToTheNextAct(IReadOnlyList<JournalEntry> entries) =>
        [.. entries.TakeWhile((entry, i) => i == 0 || entry.Kind is EntryKind.Telemetry or EntryKind.Quarantined)];

    private async Task RunAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return;
        }

        crash.Reached(CrashPoints.BatchClaimed);
        var decoded = Decode.Run(entries, decoder);                                                   // what does each entry say?
        var stored = await store.LoadAsync(Touched.By(decoded), cancellationToken);                   // all state it can touch: one query each
        crash.Reached(CrashPoints.BatchLoaded);
        var world = Recall.Run(stored, decoder, options.Value);
        var correlated = Correlate.Run(decoded, world, options.Value);                                // which journey, or the lock itself
        var decided = Fold.Run(correlated, world, options.Value);                                     // facts in, new state and decisions out
        var verified = Verify.Run(decided, checks, time.GetUtcNow());                                 // findings opened, closed, explained
        var mapped = Map.Run(verified, await destinations.AllAsync(cancellationToken), new LaneNumbers(stored.LaneNumbers, stored.Superseded), mapper); // bytes, or an unmapped slot
        crash.Reached(CrashPoints.BatchDecided);
        await store.SaveAsync(                                                                        // state, findings, lane rows, checkpoint: one commit
            new ProcessedBatch([.. entries.Select(e => e.Position)], entries.Min(e => e.ReceivedAt), mapped, world.Bindings.Changed, correlated.Results, correlated.Idle, correlated.Attached), cancellationToken);

        crash.Reached(CrashPoints.BatchSaved);
        processed.Processed(correlated.Results);
        lanes.Changed();
        Count(decoded, mapped);
    }

    /// <summary>An entry that fails alone is put aside with the reason; the others go on.</summary>
    private async Task RunAloneAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync([entry], cancellationToken);
        }
        catch (Exception exception) when (IsOfOneEntry(exception))
        {
            LogParked(exception, entry.Position, entry.Source, entry.Route);
            await store.ParkAsync(entry, $"{exception.GetType().Name}: {exception.Message}", cancellationToken);
            crash.Reached(CrashPoints.EntryParked);
            metrics.Processed("parked", 1);
        }
    }

    /// <summary>A store that is away, or memory that ran out, is no entry's fault: the whole batch is tried again.</summary>
    private static bool IsOfOneEntry(Exception exception) =>
        exception is not (OperationCanceledException or StoreUnavailableException or OutOfMemoryException) && (exception is not DbException store || StoreFault.IsOfTheData(store));

    private void Count(IReadOnlyList<DecodedEntry> decoded, IReadOnlyList<MappedSubject> mapped)
    {
        metrics.Processed("processed", decoded.Count);
        foreach (var report in decoded.Select(d => d.Content).OfType<EntryContent.Report>())
        {
            foreach (var unknown in report.Told.Events.Where(e => e.Kind == Contracts.Telemetry.LockEventKind.Unknown))
            {
                metrics.UnknownCode(unknown.Code.Space);
            }

            if (report.Told is { DeviceTime: { } told, CloudTime: { } cloud })
            {
                metrics.Lateness(cloud - told);
            }
        }

        foreach (var message in mapped.SelectMany(m => m.Messages))
        {
            metrics.MessageCreated(message.Destination.Name, message.Body is null ? "unmapped" : "queued");
        }
    }

    [LoggerMessage(3002, LogLevel.Error, "Entry {Position} from {Source} ({Route}) cannot be processed and is parked; the entries behind it go on. See /api/journal/{Position}.")]
    private partial void LogParked(Exception exception, long position, string source, string route);
}
