using Adapter.Contracts.Telemetry;
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
        var identity = record.Quarantine is null ? record.Identity : null;
        var copyOf = identity is null ? null : CopyOf(session, identity);
        var filing = Filing.Of(record, copyOf, identity is { SourceId: { } id } && copyOf is null ? FirstWith(session, identity.Source, id) : null);
        if (copyOf is not null)
        {
            return filing.At(copyOf.Value);
        }

        var position = Insert(session, record, filing.Relation, filing.Related, filing.Note);
        if (filing.IsNewId)
        {
            session.Execute(
                "INSERT INTO source_ids (source, source_id, fixed_hash, position) VALUES (?1, ?2, ?3, ?4)", identity!.Source, identity.SourceId, identity.FixedHash, position);
        }

        if (identity is not null)
        {
            session.Execute(
                "INSERT INTO record_keys (report_second, lock, route, content_hash, position) VALUES (?1, ?2, ?3, ?4, ?5)",
                identity.ReportSecond, identity.Lock.Value, ReportRoutes.Name(identity.Route), identity.ContentHash, position);
        }

        return filing.At(position);
    }

    // Without the code space: settings may change, the record does not.
    private static long? CopyOf(StoreSession session, RecordIdentity identity) => session.Number(
        "SELECT position FROM record_keys WHERE report_second = ?1 AND lock = ?2 AND route = ?3 AND content_hash = ?4",
        identity.ReportSecond, identity.Lock.Value, ReportRoutes.Name(identity.Route), identity.ContentHash);

    private static Identified? FirstWith(StoreSession session, string source, string id) => session.Query(
        "SELECT position, fixed_hash FROM source_ids WHERE source = ?1 AND source_id = ?2",
        row => new Identified(row.GetInt64(0), row.GetInt64(1)), source, id).SingleOrDefault();

    private static long Insert(StoreSession session, ReceivedRecord record, string? relation, long? related, string? note) =>
        session.Insert(
            "INSERT INTO journal (kind, source, route, received_at, body, elided, relation, related, note) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            KindOf(record), record.Source, record.Route, record.ReceivedAt.ToStored(), record.Body, ElidedIn(record), relation, related, note);
}
