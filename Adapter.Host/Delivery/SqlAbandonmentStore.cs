using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <inheritdoc cref="IAbandonmentStore"/>
internal sealed class SqlAbandonmentStore(StoreWriter writer, StoreDatabase database, TimeProvider time) : IAbandonmentStore
{
    private const int MostListed = 1000;

    private const string Columns = "SELECT id, destination, subject, head, last_number, asked_by, asked_at, reason, done_by, done_at FROM abandonments";

    public Task<AbandonmentAnswer> AskAsync(LaneKey lane, Actor actor, string reason, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            if (session.Number("SELECT 1 FROM subjects WHERE subject = ?1 AND status IN ('closed', 'cancelled')", lane.Subject) is null)
            {
                return Refused($"{lane.Subject} is not a closed journey. Close it first: what is still to come would have nowhere to go.");
            }

            if (StuckAt(session, lane) is not { } stuck)
            {
                return Refused($"Lane {lane.Destination} / {lane.Subject} is not stuck: it goes on by itself, or nothing waits in it.");
            }

            var now = time.GetUtcNow();
            var again = session.Execute(
                "UPDATE abandonments SET head = ?3, last_number = ?4, asked_by = ?5, asked_at = ?6, reason = ?7 WHERE destination = ?1 AND subject = ?2 AND done_by IS NULL",
                lane.Destination, lane.Subject, stuck.Head, stuck.Last, actor.Name, now.ToStored(), reason);
            var id = again > 0
                ? session.Number("SELECT id FROM abandonments WHERE destination = ?1 AND subject = ?2 AND done_by IS NULL", lane.Destination, lane.Subject)
                : session.Insert(
                    "INSERT INTO abandonments (destination, subject, head, last_number, asked_by, asked_at, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    lane.Destination, lane.Subject, stuck.Head, stuck.Last, actor.Name, now.ToStored(), reason);
            AuditTrail.Append(session, now, actor, "lane.abandon-asked", What(lane, stuck.Head, stuck.Last), reason);
            return new AbandonmentAnswer(id, null);
        }, cancellationToken);

    public Task<AbandonmentAnswer> DoAsync(long id, Actor actor, string reason, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            if (session.Query(Columns + " WHERE id = ?1 AND done_by IS NULL", Read, id) is not [var asked])
            {
                return Refused($"Nobody asks for abandonment {id}, or it is done.");
            }

            if (asked.AskedBy == actor.Name)
            {
                return Refused("Whoever asks that a lane be given up cannot do it: it takes a second person.");
            }

            var lane = new LaneKey(asked.Destination, asked.Subject);
            if (StuckAt(session, lane) != (asked.Head, asked.LastNumber))
            {
                return Refused($"Lane {lane.Destination} / {lane.Subject} has changed since {asked.AskedBy} asked. Look at it, and ask again.");
            }

            var now = time.GetUtcNow();
            session.Execute(
                "UPDATE messages SET state = 'abandoned', settled_at = ?5 WHERE destination = ?1 AND subject = ?2 AND number BETWEEN ?3 AND ?4 AND state IN ('queued', 'unmapped')",
                lane.Destination, lane.Subject, asked.Head, asked.LastNumber, now.ToStored());
            session.Execute("DELETE FROM overtakers WHERE destination = ?1 AND subject = ?2", lane.Destination, lane.Subject);
            session.Execute(
                "UPDATE lanes SET head = NULL, state = 'idle', due_at = NULL, attempts = 0, tries = 0, reason = NULL, cause = NULL, since = ?3, escalated = 0 WHERE destination = ?1 AND subject = ?2",
                lane.Destination, lane.Subject, now.ToStored());
            session.Execute("UPDATE abandonments SET done_by = ?2, done_at = ?3 WHERE id = ?1", id, actor.Name, now.ToStored());
            AuditTrail.Append(session, now, actor, "lane.abandon", What(lane, asked.Head, asked.LastNumber), reason);
            return new AbandonmentAnswer(id, null);
        }, cancellationToken);

    public Task<IReadOnlyList<Abandonment>> ListAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<Abandonment>>(session.Query(Columns + " ORDER BY id DESC LIMIT ?1", Read, MostListed));
    }

    public Task<(Abandonment Abandonment, IReadOnlyList<string> Messages)?> FindAsync(long id, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        if (session.Query(Columns + " WHERE id = ?1", Read, id) is not [var found])
        {
            return Task.FromResult<(Abandonment, IReadOnlyList<string>)?>(null);
        }

        var messages = session.Query(
            "SELECT id FROM messages WHERE destination = ?1 AND subject = ?2 AND number BETWEEN ?3 AND ?4 AND state IN ('queued', 'unmapped', 'abandoned') ORDER BY number",
            row => row.GetString(0), found.Destination, found.Subject, found.Head, found.LastNumber);
        return Task.FromResult<(Abandonment, IReadOnlyList<string>)?>((found, messages));
    }

    private static (long Head, long Last)? StuckAt(StoreSession session, LaneKey lane) =>
        session.Query(
            "SELECT head, last_number FROM lanes WHERE destination = ?1 AND subject = ?2 AND state IN ('parked', 'unknown') AND head IS NOT NULL",
            row => (row.GetInt64(0), row.GetInt64(1)), lane.Destination, lane.Subject) is [var stuck] ? stuck : null;

    private static AbandonmentAnswer Refused(string problem) => new(null, problem);

    private static string What(LaneKey lane, long head, long last) => $"{lane.Destination}/{lane.Subject}#{head}-{last}";

    private static Abandonment Read(StoredRow row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetString(5), row.GetInstant(6), row.GetString(7),
        row.GetStringOrNull(8), row.GetInstantOrNull(9));
}
