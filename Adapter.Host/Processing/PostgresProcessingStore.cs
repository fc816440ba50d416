using Adapter.Host.Journeys;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Processing;

/// <inheritdoc/>
/// <remarks>Positions commit out of order, so what waits is told by a table of its own and never by a greatest position.</remarks>
internal sealed class PostgresProcessingStore(StoreWriter writer, StoreDatabase database, IOptions<JourneyOptions> options, ICrashPoint crash, TimeProvider time)
    : SqlProcessingStore(writer, database, options, crash, time)
{
    // An array, so that the partitions that hold none of them are not read.
    protected override string Claimed =>
        """
        position = ANY (ARRAY(
            SELECT position FROM (SELECT position FROM waiting_entries UNION SELECT position FROM parked_entries WHERE retry = 1) waiting ORDER BY position LIMIT ?1))
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
