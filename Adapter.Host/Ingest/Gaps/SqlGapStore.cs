using Adapter.Host.Storage;

namespace Adapter.Host.Ingest.Gaps;

/// <inheritdoc cref="IGapStore"/>
internal sealed class SqlGapStore(StoreWriter writer, StoreDatabase database, [FromKeyedServices(StoreClock.Key)] TimeProvider time) : IGapStore
{
    public Task RecordAsync(IReadOnlyList<Refusals> refusals, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            foreach (var refused in refusals)
            {
                Record(session, refused);
            }
        }, cancellationToken);

    public Task<IReadOnlyList<Gap>> ListAsync(bool open, long before, int most, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<Gap>>(session.Query(
            """
            SELECT id, source, route, reason, first_at, last_at, refused, closed_at, closed_by, close_reason FROM gaps
            WHERE id < ?1 AND (?2 = 0 OR closed_at IS NULL) ORDER BY id DESC LIMIT ?3
            """,
            row => new Gap(
                row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInstant(4), row.GetInstant(5), row.GetInt64(6),
                row.GetInstantOrNull(7), row.GetStringOrNull(8), row.GetStringOrNull(9)),
            before, open ? 1 : 0, most));
    }

    public Task<bool> CloseAsync(long id, Actor by, string reason, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            if (session.Execute("UPDATE gaps SET closed_at = ?2, closed_by = ?3, close_reason = ?4 WHERE id = ?1 AND closed_at IS NULL", id, now.ToStored(), by.Name, reason) == 0)
            {
                return false;
            }

            AuditTrail.Append(session, now, by, "gap.close", $"gap {id}", reason);
            return true;
        }, cancellationToken);

    public Task<long> CountOpenAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult(session.Scalar<long>("SELECT count(*) FROM gaps WHERE closed_at IS NULL"));
    }

    public Task<DateTimeOffset?> LastListenedAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult(session.Scalar<long?>("SELECT at FROM listening") is { } at ? Instant.FromStored(at) : (DateTimeOffset?)null);
    }

    public Task ListensAsync(DateTimeOffset at, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            WriteUrgency.Ordinary,
            session => session.Execute("INSERT INTO listening (one, at) VALUES (1, ?1) ON CONFLICT (one) DO UPDATE SET at = excluded.at", at.ToStored()), cancellationToken);

    private static void Record(StoreSession session, Refusals refused)
    {
        var extended = session.Execute(
            """
            UPDATE gaps SET last_at = CASE WHEN last_at > ?5 THEN last_at ELSE ?5 END, refused = refused + ?6
            WHERE id = (SELECT max(id) FROM gaps WHERE source = ?1 AND route = ?2 AND reason = ?3 AND closed_at IS NULL AND last_at >= ?4)
            """,
            refused.Source, refused.Route, refused.Reason, (refused.FirstAt - IGapStore.Silence).ToStored(), refused.LastAt.ToStored(), refused.Count);
        if (extended == 0)
        {
            session.Execute(
                "INSERT INTO gaps (source, route, reason, first_at, last_at, refused) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                refused.Source, refused.Route, refused.Reason, refused.FirstAt.ToStored(), refused.LastAt.ToStored(), refused.Count);
        }
    }
}
