using System.Text;

namespace Adapter.Host.Delivery;

/// <content>What people and meters are shown.</content>
internal sealed partial class SqlLaneStore
{
    public Task<IReadOnlyList<LaneView>> ListAsync(LaneFilter filter, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<LaneView>>(session.Query(
            """
            SELECT l.destination, l.subject, l.state, l.last_number, l.head,
                   (SELECT m.id FROM messages m WHERE m.destination = l.destination AND m.subject = l.subject AND m.number = l.head ORDER BY m.revision DESC LIMIT 1),
                   l.due_at, l.attempts, l.tries, l.reason, l.since, l.escalated,
                   EXISTS (SELECT 1 FROM messages m WHERE m.destination = l.destination AND m.subject = l.subject AND m.number = l.head AND m.in_doubt = 1 AND m.state = 'queued')
            FROM lanes l
            WHERE (l.destination = ?1 OR ?1 IS NULL) AND (l.subject = ?2 OR ?2 IS NULL) AND (l.state = ?3 OR ?3 IS NULL)
            ORDER BY l.since LIMIT ?4
            """,
            row => new LaneView(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.IsDBNull(4) ? null : row.GetInt64(4), row.GetStringOrNull(5),
                row.GetInstantOrNull(6), row.GetInt32(7), row.GetInt32(8), row.GetStringOrNull(9), row.GetInstant(10))
            {
                Escalated = row.GetInt32(11),
                InDoubt = row.GetBoolean(12),
            },
            filter.Destination, filter.Subject, filter.State, filter.Most));
    }

    public Task<IReadOnlyList<DeadLetterGroup>> DeadLettersAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<DeadLetterGroup>>(session.Query(
            """
            SELECT destination, state, cause, count(*), min(since), max(since), min(subject), min(reason)
            FROM lanes WHERE state IN ('parked', 'unknown') GROUP BY destination, state, cause ORDER BY min(since) LIMIT 1000
            """,
            row => new DeadLetterGroup(
                row.GetString(0), row.GetString(1), row.GetStringOrNull(2), row.GetInt64(3), row.GetInstant(4), row.GetInstant(5), row.GetString(6), row.GetStringOrNull(7))));
    }

    public Task<IReadOnlyList<LaneKey>> LanesOfAsync(string destination, string cause, int most, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<LaneKey>>(session.Query(
            "SELECT subject FROM lanes WHERE destination = ?1 AND state = 'parked' AND cause = ?2 ORDER BY since LIMIT ?3",
            row => new LaneKey(destination, row.GetString(0)), destination, cause, most));
    }

    public Task<MessageStory?> FindMessageAsync(string id, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        var attempts = session.Query(
            "SELECT purpose, started_at, finished_at, outcome, http_status, detail, reply FROM attempts WHERE message_id = ?1 ORDER BY id",
            row => new AttemptView(
                row.GetString(0), row.GetInstant(1), row.GetInstantOrNull(2), row.GetStringOrNull(3), row.IsDBNull(4) ? null : row.GetInt32(4),
                row.GetStringOrNull(5), Text(row.GetBytesOrNull(6))),
            id);
        var answers = session.Query(
            "SELECT received_at, verdict, code, text, effect, body FROM answers WHERE message_id = ?1 ORDER BY id LIMIT 100",
            row => new AnswerView(row.GetInstant(0), row.GetString(1), row.GetString(2), row.GetStringOrNull(3), row.GetString(4), Text(row.GetBytesOrNull(5))), id);
        return Task.FromResult(session.Query(
            """
            SELECT id, destination, subject, number, revision, decision_key, kind, occurred_at, created_at, entry, state, settled_at, corrects, supersedes,
                   document, doc_version, body_sha256, problem, body, in_doubt, source, overtook,
                   (SELECT s.id FROM messages s WHERE s.subject = m.subject AND s.supersedes = m.id)
            FROM messages m WHERE id = ?1
            """,
            row => new MessageStory(
                row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt64(3), row.GetInt32(4), row.GetString(5), row.GetString(6), row.GetInstant(7),
                row.GetInstant(8), row.GetInt64(9), row.GetString(10), row.GetInstantOrNull(11), row.GetStringOrNull(12), row.GetStringOrNull(13),
                row.GetString(14), row.GetInt32(15), row.GetStringOrNull(16), row.GetStringOrNull(17), Text(row.GetBytesOrNull(18)), attempts)
            {
                Answers = answers,
                InDoubt = row.GetBoolean(19),
                Source = Text(row.GetBytesOrNull(20)),
                OutOfSequence = row.GetBoolean(21),
                SupersededBy = row.GetStringOrNull(22),
            },
            id).SingleOrDefault());
    }

    public Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyDictionary<string, long>>(session.Query(
            "SELECT state, count(*) FROM lanes GROUP BY state", row => (State: row.GetString(0), Count: row.GetInt64(1)))
            .ToDictionary(r => r.State, r => r.Count, StringComparer.Ordinal));
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}
