using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <content>Answers that come later than the acknowledgement.</content>
internal sealed partial class SqlLaneStore
{
    public Task<AnswerEffect> AnswerAsync(LaterAnswer answer, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session => KeepAnswer(session, answer, time.GetUtcNow()), cancellationToken);

    private static AnswerEffect KeepAnswer(StoreSession session, LaterAnswer answer, DateTimeOffset now)
    {
        var effect = Answer(session, answer, now);
        session.Execute(
            "INSERT INTO answers (destination, message_id, received_at, verdict, code, text, effect, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            answer.Destination, answer.MessageId, now.ToStored(), answer.Receipt.Verdict.ToString(), answer.Receipt.Code, answer.Receipt.Text,
            effect.ToString().ToLowerInvariant(), answer.Body.ToArray());
        return effect;
    }

    private static AnswerEffect Answer(StoreSession session, LaterAnswer answer, DateTimeOffset now)
    {
        var found = session.Query(
            """
            SELECT m.subject, m.number, m.state, l.head IS NOT DISTINCT FROM m.number,
                   EXISTS (SELECT 1 FROM attempts a WHERE a.message_id = m.id) OR EXISTS (SELECT 1 FROM overtakers o WHERE o.message_id = m.id AND o.due_at IS NULL)
            FROM messages m JOIN lanes l ON l.destination = m.destination AND l.subject = m.subject WHERE m.id = ?1 AND m.destination = ?2
            """,
            row => (Lane: new LaneKey(answer.Destination, row.GetString(0)), Number: row.GetInt64(1), State: row.GetString(2), IsHead: row.GetBoolean(3), WasSent: row.GetBoolean(4)),
            answer.MessageId, answer.Destination);
        if (found is not [var message])
        {
            return AnswerEffect.Foreign;
        }

        if (session.Number("SELECT 1 FROM answers WHERE message_id = ?1 AND verdict = ?2 AND code = ?3 AND body = ?4", answer.MessageId, answer.Receipt.Verdict.ToString(), answer.Receipt.Code, answer.Body.ToArray()) is not null)
        {
            return AnswerEffect.Duplicate;
        }

        switch (answer.Receipt.Verdict, message.State)
        {
            case (Verdict.Accepted or Verdict.Duplicate, "queued"):
                Doubt(session, answer.MessageId, doubt: false);
                session.Execute("DELETE FROM overtakers WHERE message_id = ?1", answer.MessageId);
                if (message.IsHead)
                {
                    Advance(session, message.Lane, message.Number, "delivered", now);
                }
                else
                {
                    session.Execute("UPDATE messages SET state = 'delivered', settled_at = ?2 WHERE id = ?1", answer.MessageId, now.ToStored());
                }

                return AnswerEffect.Settled;
            case (Verdict.Rejected, "queued") when message.IsHead:
                Doubt(session, answer.MessageId, doubt: false);
                Move(session, message.Lane, LaneState.Parked, null, OutcomePolicy.LateRefusal(answer.Receipt), counts: 0, now);
                return AnswerEffect.Parked;
            case (Verdict.Rejected, "queued") when message.WasSent:
                // An alarm that went before its turn, or a message that another came back in front of.
                Doubt(session, answer.MessageId, doubt: false);
                session.Execute("DELETE FROM overtakers WHERE message_id = ?1", answer.MessageId);
                ParkInTurn(session, answer);
                return AnswerEffect.Parked;
            case (Verdict.Rejected, "delivered"):
                session.Execute("UPDATE messages SET state = 'queued', settled_at = NULL WHERE id = ?1", answer.MessageId);
                // It takes the head of its lane again: nothing later goes before a person has decided. What is earlier has its own reason to be there.
                if (session.Execute(
                    "UPDATE lanes SET head = ?3, attempts = 0, tries = 0 WHERE destination = ?1 AND subject = ?2 AND (head IS NULL OR head > ?3)",
                    message.Lane.Destination, message.Lane.Subject, message.Number) > 0)
                {
                    Move(session, message.Lane, LaneState.Parked, null, OutcomePolicy.LateRefusal(answer.Receipt), counts: 0, now);
                }
                else
                {
                    ParkInTurn(session, answer);
                }

                return AnswerEffect.Parked;
            default:
                return AnswerEffect.None;
        }
    }

    /// <summary>It is not sent again when its turn comes: a receiver may call a repeat a duplicate, and the refusal would be forgotten.</summary>
    private static void ParkInTurn(StoreSession session, LaterAnswer answer) =>
        session.Execute("UPDATE messages SET problem = ?2 WHERE id = ?1", answer.MessageId, OutcomePolicy.LateRefusal(answer.Receipt));
}
