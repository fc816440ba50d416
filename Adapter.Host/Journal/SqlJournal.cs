using Adapter.Host.Storage;

namespace Adapter.Host.Journal;

/// <inheritdoc cref="IJournal"/>
/// <remarks>How entries are appended, and how those that wait are told from the others, each engine does in its own way.</remarks>
internal abstract class SqlJournal(StoreWriter writer, StoreDatabase database, JournalSignal signal, TimeProvider time) : IJournal
{
    /// <summary>Unreadable bodies kept; a sender that goes wrong must not fill the disk.</summary>
    private const int MostUnreadable = 1000;

    protected StoreWriter Writer => writer;

    /// <summary>Condition that entry <c>j</c> is neither processed nor parked.</summary>
    protected abstract string Waits { get; }

    /// <summary>Counts such entries.</summary>
    protected abstract string CountWaiting { get; }

    public async Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<ReceivedRecord> records, CancellationToken cancellationToken)
    {
        var results = await WriteAsync(records, cancellationToken);
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
            $"""
            SELECT j.position, j.kind, j.source, j.route, j.received_at, j.body, j.relation, j.related, j.note, j.elided,
                   p.reason, r.accepted, r.code, r.text, {Waits}
            FROM journal j
            LEFT JOIN parked_entries p ON p.position = j.position
            LEFT JOIN entry_results r ON r.position = j.position
            WHERE j.position = ?1
            """,
            row =>
            {
                var relation = row.GetStringOrNull(6);
                var parked = row.GetStringOrNull(10);
                var state = relation == "quarantined" ? "quarantined" : parked is not null ? "parked" : row.GetBoolean(14) ? "waiting" : "processed";
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
            $"SELECT ({CountWaiting}), (SELECT count(*) FROM parked_entries), (SELECT count(*) FROM unreadable_bodies)",
            row => new JournalCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))).Single());
    }

    /// <summary>Commits the records.</summary>
    /// <returns>One result per record, in order.</returns>
    protected abstract Task<AppendResult[]> WriteAsync(IReadOnlyList<ReceivedRecord> records, CancellationToken cancellationToken);

    /// <summary>What stands in the entry's column <c>kind</c>.</summary>
    public static string KindOf(ReceivedRecord record) => (record.Quarantine is null ? record.Kind : EntryKind.Quarantined).ToString();

    /// <summary>What stands in the entry's column <c>elided</c>.</summary>
    public static string? ElidedIn(ReceivedRecord record) => record.Elided.Count == 0 ? null : string.Join(',', record.Elided);
}
