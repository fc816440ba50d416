using Adapter.Host.Journeys;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Processing;

/// <inheritdoc/>
/// <remarks>Positions commit out of order, so what waits is told by a table of its own and never by a greatest position.</remarks>
internal sealed class PostgresProcessingStore(StoreWriter writer, StoreDatabase database, IOptions<JourneyOptions> options, ICrashPoint crash, [FromKeyedServices(StoreClock.Key)] TimeProvider time)
    : SqlProcessingStore(writer, database, options, crash, time)
{
    // Each branch has its own limit, or a long backlog would be read whole for each claim. The bounds keep out the partitions that hold none of them.
    protected override string Waiting =>
        $"""
        WITH claimed AS MATERIALIZED (
            SELECT position FROM (
                (SELECT position FROM waiting_entries ORDER BY position LIMIT ?1)
                UNION ALL
                (SELECT position FROM parked_entries WHERE retry = 1 ORDER BY position LIMIT ?1)) waiting
            ORDER BY position LIMIT ?1)
        SELECT {Columns} FROM journal
        WHERE position = ANY (ARRAY(SELECT position FROM claimed))
          AND position >= (SELECT min(position) FROM claimed) AND position <= (SELECT max(position) FROM claimed)
        ORDER BY position
        """;

    protected override bool Take(StoreSession session, IReadOnlyList<long> entries)
    {
        long[] positions = [.. entries];
        // Whoever else holds or took one of them decides it: nobody waits for him.
        return entries.Count == session.Execute(
            "DELETE FROM waiting_entries WHERE position = ANY (ARRAY(SELECT position FROM waiting_entries WHERE position = ANY (?1) FOR UPDATE SKIP LOCKED))", positions)
            + session.Execute(
            "DELETE FROM parked_entries WHERE position = ANY (ARRAY(SELECT position FROM parked_entries WHERE retry = 1 AND position = ANY (?1) FOR UPDATE SKIP LOCKED))", positions);
    }
}
