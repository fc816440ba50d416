using Adapter.Host.Storage;

namespace Adapter.Host.Journal;

/// <inheritdoc/>
/// <remarks>One writer: entries commit in the order of their positions, so those beyond the checkpoint wait. Rows go in one by one, which in the same process costs no more than all at once.</remarks>
internal sealed class SqliteJournal(StoreWriter writer, StoreDatabase database, JournalSignal signal, TimeProvider time) : SqlJournal(writer, database, signal, time), IJournalRows
{
    protected override string Waits => "j.position > (SELECT position FROM checkpoint)";

    protected override string CountWaiting => "SELECT count(*) FROM journal WHERE position > (SELECT position FROM checkpoint)";

    void IJournalRows.Append(StoreSession session, ReceivedRecord record) => Append(session, record);

    protected override Task<AppendResult[]> WriteAsync(IReadOnlyList<ReceivedRecord> records, CancellationToken cancellationToken) =>
        Writer.WriteAsync(WriteUrgency.Intake, session => Append(session, records), cancellationToken);

    private static AppendResult[] Append(StoreSession session, IReadOnlyList<ReceivedRecord> records)
    {
        var results = new AppendResult[records.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Append(session, records[i]);
        }

        return results;
    }

    private static AppendResult Append(StoreSession session, ReceivedRecord record)
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

    private static AppendResult AppendIdentified(StoreSession session, ReceivedRecord record, string source, string sourceId, long fixedHash)
    {
        var earlier = session.Query(
            "SELECT position, fixed_hash FROM source_ids WHERE source = ?1 AND source_id = ?2",
            row => (Position: row.GetInt64(0), FixedHash: row.GetInt64(1)), source, sourceId);
        if (earlier is [var first])
        {
            return first.FixedHash == fixedHash
                ? new AppendResult.Revision(Insert(session, record, "revision", first.Position, null), first.Position)
                : new AppendResult.Conflict(Insert(session, record, "conflict", first.Position, ConflictNote(sourceId)), first.Position);
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

    private static long Insert(StoreSession session, ReceivedRecord record, string? relation, long? related, string? note) =>
        session.Insert(
            "INSERT INTO journal (kind, source, route, received_at, body, elided, relation, related, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            KindOf(record), record.Source, record.Route, record.ReceivedAt.ToStored(), record.Body, ElidedIn(record), relation, related, note);
}
