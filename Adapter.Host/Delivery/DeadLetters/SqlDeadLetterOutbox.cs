using Adapter.Host.Storage;

namespace Adapter.Host.Delivery.DeadLetters;

/// <inheritdoc cref="IDeadLetterOutbox"/>
/// <remarks>Triggers write the rows (migration 0021), since lanes stop in several places and none of them may be forgotten.</remarks>
internal sealed class SqlDeadLetterOutbox(StoreWriter writer, StoreDatabase database, TimeProvider time) : IDeadLetterOutbox
{
    public Task KeepAsync(bool wanted, CancellationToken cancellationToken) => writer.WriteAsync(WriteUrgency.Ordinary, session =>
    {
        if (!wanted)
        {
            session.Execute("DELETE FROM dead_letters_wanted");
            return session.Execute("DELETE FROM dead_letters");
        }

        if (session.Number("SELECT 1 FROM dead_letters_wanted") is not null)
        {
            return 0;
        }

        session.Execute("INSERT INTO dead_letters_wanted (since) VALUES (?1)", time.GetUtcNow().ToStored());
        return session.Execute(
            """
            INSERT INTO dead_letters (at, state, destination, subject, number, reason, cause)
            SELECT since, state, destination, subject, head, reason, cause FROM lanes WHERE state IN ('parked', 'unknown') ORDER BY since
            """) + session.Execute("INSERT INTO dead_letters (at, state, entry, reason) SELECT parked_at, 'entry', position, reason FROM parked_entries ORDER BY position");
    }, cancellationToken);

    public Task<IReadOnlyList<DeadLetter>> NextAsync(int most, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<DeadLetter>>(session.Query(
            """
            SELECT d.id, d.at, d.state, d.reason, d.cause, coalesce(d.entry, m.entry), d.destination, d.subject, d.number, m.id, m.kind, m.occurred_at, m.body_sha256,
                   (SELECT count(*) FROM attempts a WHERE a.message_id = m.id)
            FROM dead_letters d LEFT JOIN messages m ON m.destination = d.destination AND m.subject = d.subject AND m.number = d.number
                 AND m.revision = (SELECT max(r.revision) FROM messages r WHERE r.destination = d.destination AND r.subject = d.subject AND r.number = d.number)
            ORDER BY d.id LIMIT ?1
            """,
            row => new DeadLetter(
                row.GetInt64(0), row.GetInstant(1), row.GetString(2), row.GetStringOrNull(3), row.GetStringOrNull(4), row.IsDBNull(5) ? null : row.GetInt64(5),
                row.IsDBNull(9) ? null : new DeadMessage(
                    new LaneKey(row.GetString(6), row.GetString(7)), row.GetInt64(8), row.GetString(9), row.GetString(10), row.GetInstant(11), row.GetStringOrNull(12), row.GetInt64(13))),
            most));
    }

    /// <remarks>One by one and not up to the last: of two writers, the one with the lower ids may commit later.</remarks>
    public Task TakenAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken) => writer.WriteAsync(WriteUrgency.Ordinary, session =>
    {
        foreach (var letter in letters)
        {
            session.Execute("DELETE FROM dead_letters WHERE id = ?1", letter.Id);
        }
    }, cancellationToken);

    public Task<long> WaitingAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult(session.Number("SELECT count(*) FROM dead_letters") ?? 0);
    }
}
