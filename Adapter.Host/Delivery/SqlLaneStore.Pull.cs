using System.Globalization;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Pull;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <content>Lanes of receivers that fetch their messages. A lease is an attempt whose answer is waited for until the lease ends.</content>
internal sealed partial class SqlLaneStore : IPullStore
{
    public Task<IReadOnlyList<LeasedMessage>> LeaseAsync(
        string destination, string caller, int most, DateTimeOffset until, int mostAttempts, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            var due = session.Query(
                """
                SELECT m.id, l.subject, m.number, m.revision, m.kind, m.occurred_at, m.corrects, m.supersedes, l.attempts, m.body
                FROM lanes l JOIN messages m ON m.destination = l.destination AND m.subject = l.subject AND m.number = l.head AND m.state = 'queued'
                WHERE l.destination = ?1 AND l.due_at IS NOT NULL AND l.due_at <= ?2 ORDER BY l.due_at LIMIT ?3
                """,
                row => new LeasedMessage(
                    0, row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt32(3), row.GetString(4), row.GetInstant(5), row.GetStringOrNull(6),
                    row.GetStringOrNull(7), row.GetInt32(8) + 1, until, row.GetFieldValue<byte[]>(9)),
                destination, now.ToStored(), most);
            var leased = new List<LeasedMessage>();
            foreach (var message in due)
            {
                var lane = new LaneKey(destination, message.Subject);
                if (message.Times > mostAttempts)
                {
                    Move(session, lane, LaneState.Parked, null, $"{destination} took the message {mostAttempts} times and acknowledged it never. Ask there what happens to it, then replay or repair it.", counts: 0, now);
                    continue;
                }

                var detail = string.Create(CultureInfo.InvariantCulture, $"Handed out to {caller} until {until:O}.");
                var lease = session.Insert(
                    "INSERT INTO attempts (message_id, purpose, started_at, finished_at, outcome, detail) VALUES (?1, 'pull', ?2, ?2, 'unknown', ?3)", message.MessageId, now.ToStored(), detail);
                // Nobody knows whether it took effect until it is acknowledged.
                Doubt(session, message.MessageId, doubt: true);
                Move(session, lane, LaneState.Answering, until, detail, counts: 1, now);
                leased.Add(message with { Lease = lease });
            }

            return (IReadOnlyList<LeasedMessage>)leased;
        }, cancellationToken);

    public Task<AnswerEffect> AcknowledgeAsync(
        string destination, string messageId, long lease, Receipt receipt, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            if (session.Number(
                "SELECT 1 FROM attempts a JOIN messages m ON m.id = a.message_id WHERE a.id = ?1 AND a.message_id = ?2 AND a.purpose = 'pull' AND m.destination = ?3", lease, messageId, destination) is null)
            {
                return AnswerEffect.Foreign;
            }

            var effect = KeepAnswer(session, new LaterAnswer(destination, messageId, receipt, body), now);
            if (effect is AnswerEffect.Settled or AnswerEffect.Parked)
            {
                session.Execute(
                    "UPDATE attempts SET finished_at = ?2, outcome = ?3, detail = detail || ?4 WHERE id = ?1",
                    lease, now.ToStored(), receipt.Verdict == Verdict.Rejected ? "rejected" : "delivered", $" It answered {receipt.Code}.");
            }

            return effect;
        }, cancellationToken);

    public Task<DateTimeOffset?> NextDueAsync(string destination, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult(
            session.Number("SELECT due_at FROM lanes WHERE destination = ?1 AND due_at IS NOT NULL ORDER BY due_at LIMIT 1", destination) is { } at ? Instant.FromStored(at) : (DateTimeOffset?)null);
    }
}
