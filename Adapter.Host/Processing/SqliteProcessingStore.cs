using Adapter.Host.Journeys;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Processing;

/// <inheritdoc/>
/// <remarks>One process, one processor: entries commit in the order of their positions, so a checkpoint is all a claim needs.</remarks>
internal sealed class SqliteProcessingStore(StoreWriter writer, StoreDatabase database, IOptions<JourneyOptions> options, ICrashPoint crash, [FromKeyedServices(StoreClock.Key)] TimeProvider time)
    : SqlProcessingStore(writer, database, options, crash, time)
{
    protected override string Waiting =>
        $"""
        SELECT {Columns} FROM journal
        WHERE position > (SELECT position FROM checkpoint) OR position IN (SELECT position FROM parked_entries WHERE retry = 1)
        ORDER BY position LIMIT ?1
        """;

    protected override bool Take(StoreSession session, IReadOnlyList<long> entries)
    {
        List<long> fresh = [.. entries.Where(entry => session.Execute("DELETE FROM parked_entries WHERE retry = 1 AND position = ?1", entry) == 0)];
        return fresh.Count == 0 || session.Execute("UPDATE checkpoint SET position = ?1 WHERE position < ?2", fresh.Max(), fresh.Min()) == 1;
    }
}
