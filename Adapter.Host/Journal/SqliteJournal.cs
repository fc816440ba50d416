using Adapter.Host.Storage;

namespace Adapter.Host.Journal;

/// <inheritdoc cref="IJournal"/>
internal sealed class SqliteJournal(SqliteWriter writer, SqliteDatabase database, JournalSignal signal, TimeProvider time) : IJournal
{
    /// <summary>Unreadable bodies kept; a sender that goes wrong must not fill the disk.</summary>
    private const int MostUnreadable = 1000;

    public async Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<ReceivedRecord> records, CancellationToken cancellationToken)
    {
        var results = await writer.WriteAsync(WriteUrgency.Intake, session => Append(session, records), cancellationToken);
        signal.Appended();
        return results;
    }

    public Task KeepUnreadableAsync(UnreadableBody body, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Intake, session =>
        {
            session.Execute(
                "INSERT INTO unreadable_bodies (source, route, received_at, reason, body) VALUES (?1, ?2, ?3, ?4, ?5)",
                body.Source, body.Route, body.ReceivedAt.ToStored(), body.Reason, body.Body.ToArray());
            session.Execute(
                "DELETE FROM unreadable_bodies WHERE id <= (SELECT max(id) FROM unreadable_bodies) - ?1", MostUnreadable);
        }, cancellationToken);

    public Task<EntryStory?> FindAsync(long position, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        var stories = session.Query(
            """
            SELECT j.position, j.kind, j.source, j.route, j.received_at, j.body, j.relation, j.related, j.note, j.elided,
                   p.reason, r.accepted, r.code, r.text, j.position <= (SELECT position FROM checkpoint)
            FROM journal j
            LEFT JOIN parked_entries p ON p.position = j.position
            LEFT JOIN entry_results r ON r.position = j.position
            WHERE j.position = ?1
            """,
            row =>
            {
                var relation = row.GetStringOrNull(6);
                var parked = row.GetStringOrNull(10);
                var state = relation == "quarantined" ? "quarantined" : parked is not null ? "parked" : row.GetBoolean(14) ? "processed" : "waiting";
                return new EntryStory(
                    new JournalEntry(row.GetInt64(0), Enum.Parse<EntryKind>(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetInstant(4), row.GetFieldValue<byte[]>(5)),
                    state, relation, row.IsDBNull(7) ? null : row.GetInt64(7), parked ?? row.GetStringOrNull(8), row.GetStringOrNull(9),
                    row.IsDBNull(11) ? null : new EntryResult(row.GetInt64(0), row.GetBoolean(11), row.GetString(12), row.GetString(13)));
            },
            position);
        return Task.FromResult(stories.SingleOrDefault());
    }

    public async Task<bool> RetryAsync(long position, Actor actor, CancellationToken cancellationToken)
    {
        var found = await writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            if (session.Execute("UPDATE parked_entries SET retry = 1 WHERE position = ?1", position) == 0)
            {
                return false;
            }

            AuditTrail.Append(session, time.GetUtcNow(), actor, "entry.retry", position.ToString(System.Globalization.CultureInfo.InvariantCulture), detail: null);
            return true;
        }, cancellationToken);
        signal.Appended();
        return found;
    }

    public Task<JournalCounts> CountAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult(session.Query(
            """
            SELECT (SELECT count(*) FROM journal WHERE position > (SELECT position FROM checkpoint)),
                   (SELECT count(*) FROM parked_entries), (SELECT count(*) FROM unreadable_bodies)
            """,
            row => new JournalCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))).Single());
    }

    private static AppendResult[] Append(SqliteSession session, IReadOnlyList<ReceivedRecord> records)
    {
        var results = new AppendResult[records.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Append(session, records[i]);
        }

        return results;
    }

    private static AppendResult Append(SqliteSession session, ReceivedRecord record)
    {
        if (record.Quarantine is { } reason)
        {
            return new AppendResult.Quarantined(Insert(session, record, "quarantined", null, reason), reason);
        }

        if (record.Identity is not { } identity)
        {
            return new AppendResult.Stored(Insert(session, record, null, null, null));
        }

        // Without the code space: settings may change, the record does not.
        var route = ReportRoutes.Name(identity.Route);
        if (session.Number(
            "SELECT position FROM record_keys WHERE report_second = ?1 AND lock = ?2 AND route = ?3 AND content_hash = ?4",
            identity.ReportSecond, identity.Lock.Value, route, identity.ContentHash) is { } copyOf)
        {
            return new AppendResult.Duplicate(copyOf);
        }

        var result = identity.SourceId is { } sourceId
            ? AppendIdentified(session, record, identity.Source, sourceId, identity.FixedHash)
            : new AppendResult.Stored(Insert(session, record, null, null, null));
        session.Execute(
            "INSERT INTO record_keys (report_second, lock, route, content_hash, position) VALUES (?1, ?2, ?3, ?4, ?5)",
            identity.ReportSecond, identity.Lock.Value, route, identity.ContentHash, PositionOf(result));
        return result;
    }

    private static AppendResult AppendIdentified(SqliteSession session, ReceivedRecord record, string source, string sourceId, long fixedHash)
    {
        var earlier = session.Query(
            "SELECT position, fixed_hash FROM source_ids WHERE source = ?1 AND source_id = ?2",
            row => (Position: row.GetInt64(0), FixedHash: row.GetInt64(1)), source, sourceId);
        if (earlier is [var first])
        {
            return first.FixedHash == fixedHash
                ? new AppendResult.Revision(Insert(session, record, "revision", first.Position, null), first.Position)
                : new AppendResult.Conflict(Insert(session, record, "conflict", first.Position, $"The source used the id {sourceId} before for other content."), first.Position);
        }

        var position = Insert(session, record, null, null, null);
        session.Execute(
            "INSERT INTO source_ids (source, source_id, fixed_hash, position) VALUES (?1, ?2, ?3, ?4)", source, sourceId, fixedHash, position);
        return new AppendResult.Stored(position);
    }

    private static long PositionOf(AppendResult result) => result switch
    {
        AppendResult.Stored stored => stored.Position,
        AppendResult.Revision revision => revision.Position,
        AppendResult.Conflict conflict => conflict.Position,
        _ => throw new InvalidOperationException($"{result} has no position of its own."),
    };

    private static long Insert(SqliteSession session, ReceivedRecord record, string? relation, long? related, string? note)
    {
        session.Execute(
            "INSERT INTO journal (kind, source, route, received_at, body, elided, relation, related, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            (relation == "quarantined" ? EntryKind.Quarantined : record.Kind).ToString(), record.Source, record.Route, record.ReceivedAt.ToStored(), record.Body,
            record.Elided.Count == 0 ? null : string.Join(',', record.Elided), relation, related, note);
        return session.LastRowId;
    }
}
