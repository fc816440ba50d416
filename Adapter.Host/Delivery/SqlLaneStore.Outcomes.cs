using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Observability;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <content>How an attempt ended, and what follows for its lane, in one commit.</content>
internal sealed partial class SqlLaneStore
{
    /// <summary>Kept: writes run together where their work is the same delegate.</summary>
    private readonly Func<StoreSession, IReadOnlyList<EndedAttempt>, IReadOnlyList<LaneHead?>> _end = (session, ended) => [.. ended.Select(one => End(session, one, crash, time.GetUtcNow()))];

    /// <remarks>Outcomes that wait side by side share one savepoint: for each alone it costs as much as the rows.</remarks>
    public Task<LaneHead?> EndAsync(LaneHead head, AttemptRecord attempt, NextMove move, CancellationToken cancellationToken) =>
        writer.MergeAsync(WriteUrgency.Ordinary, new EndedAttempt(head, attempt, move), weight: 8, _end, cancellationToken);

    private static LaneHead? End(StoreSession session, EndedAttempt ended, ICrashPoint crash, DateTimeOffset now)
    {
        var (head, attempt, move) = ended;
        Record(session, head, attempt, now);
        crash.Reached(CrashPoints.OutcomeBetween);
        var counts = attempt.Purpose == AttemptPurpose.Send ? 1 : 0;
        move = AnsweredMeanwhile(session, head, attempt) ?? move;
        if (attempt.Doubts is { } doubts && !(move is NextMove.Delivered && !doubts))
        {
            // What is delivered is in doubt no more anyway.
            Doubt(session, head.MessageId, doubts);
        }

        if (head.Overtakes)
        {
            EndOvertaking(session, head, move, counts, now);
            return null;
        }

        if (session.Number("SELECT head FROM lanes WHERE destination = ?1 AND subject = ?2", head.Lane.Destination, head.Lane.Subject) != head.Number)
        {
            // A later answer has settled it, or has brought an earlier message back in front of it.
            EndOutOfTurn(session, head, move, now);
            return null;
        }

        return End(session, head, move, counts, now);
    }

    private static void Doubt(StoreSession session, string messageId, bool doubt) =>
        session.Execute("UPDATE messages SET in_doubt = ?2 WHERE id = ?1 AND in_doubt <> ?2", messageId, doubt ? 1 : 0);

    /// <returns>The lane's next head where it may go out at once, otherwise null.</returns>
    private static LaneHead? End(StoreSession session, LaneHead head, NextMove move, int counts, DateTimeOffset now)
    {
        switch (move)
        {
            case NextMove.Delivered:
                return Advance(session, head.Lane, head.Number, "delivered", now);
            case NextMove.RetryAt retry:
                Move(session, head.Lane, LaneState.Waiting, retry.At, retry.Reason, retry.CountsAsAttempt ? counts : 0, now);
                return null;
            case NextMove.Ask ask:
                Move(session, head.Lane, LaneState.Asking, ask.At, ask.Reason, counts, now);
                return null;
            case NextMove.Await wait:
                Move(session, head.Lane, LaneState.Answering, wait.Until, wait.Reason, counts, now);
                return null;
            case NextMove.Park park:
                Move(session, head.Lane, LaneState.Parked, null, park.Reason, counts, now);
                return null;
            case NextMove.Reconcile reconcile:
                Move(session, head.Lane, LaneState.Unknown, null, reconcile.Reason, counts, now);
                return null;
            default:
                throw new InvalidOperationException($"No rule for {move}.");
        }
    }

    /// <summary>An answer may be faster than the acknowledgement of the same message; then it decides.</summary>
    private static NextMove? AnsweredMeanwhile(StoreSession session, LaneHead head, AttemptRecord attempt) =>
        session.Number("SELECT 1 FROM answers WHERE message_id = ?1 LIMIT 1", head.MessageId) is null ? null : session.Query(
            "SELECT verdict, code, text FROM answers WHERE message_id = ?1 AND received_at >= ?2 AND verdict IN ('Accepted', 'Duplicate', 'Rejected') ORDER BY id DESC LIMIT 1",
            row => new Receipt(Enum.Parse<Verdict>(row.GetString(0)), row.GetString(1), row.GetStringOrNull(2)), head.MessageId, attempt.StartedAt.ToStored()) switch
        {
            [{ Verdict: Verdict.Rejected } refused] => new NextMove.Park(OutcomePolicy.LateRefusal(refused)),
            [_] => new NextMove.Delivered(Duplicate: false),
            _ => null,
        };

    private static void EndOutOfTurn(StoreSession session, LaneHead message, NextMove move, DateTimeOffset now)
    {
        if (move is NextMove.Delivered)
        {
            session.Execute("UPDATE messages SET state = 'delivered', settled_at = ?2, in_doubt = 0 WHERE id = ?1 AND state = 'queued'", message.MessageId, now.ToStored());
        }
    }

    private static void Record(StoreSession session, LaneHead head, AttemptRecord attempt, DateTimeOffset now)
    {
        var reply = attempt.Reply.IsEmpty ? null : attempt.Reply.ToArray();
        if (attempt.Id is { } id)
        {
            session.Execute(
                "UPDATE attempts SET finished_at = ?2, outcome = ?3, http_status = ?4, detail = ?5, reply = ?6 WHERE id = ?1",
                id, now.ToStored(), attempt.Outcome, attempt.HttpStatus, attempt.Detail, reply);
            return;
        }

        session.Execute(
            "INSERT INTO attempts (message_id, purpose, started_at, finished_at, outcome, http_status, detail, reply) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            head.MessageId, Name(attempt.Purpose), attempt.StartedAt.ToStored(), now.ToStored(), attempt.Outcome, attempt.HttpStatus, attempt.Detail, reply);
    }

    private static void Move(StoreSession session, LaneKey lane, string state, DateTimeOffset? dueAt, string? reason, int counts, DateTimeOffset now) =>
        session.Execute(
            """
            UPDATE lanes SET since = CASE WHEN state = ?3 THEN since ELSE ?7 END, escalated = CASE WHEN state = ?3 THEN escalated ELSE 0 END, state = ?3, due_at = ?4, reason = ?5, attempts = attempts + ?6, tries = tries + 1, cause = ?8
            WHERE destination = ?1 AND subject = ?2
            """,
            lane.Destination, lane.Subject, state, dueAt.ToStored(), reason, counts, now.ToStored(), CauseOf(state, reason));

    /// <summary>Settles the head and brings the next number forward, which may itself have no bytes.</summary>
    private static LaneHead? Advance(StoreSession session, LaneKey lane, long number, string settledAs, DateTimeOffset now)
    {
        session.Execute(
            """
            UPDATE messages SET state = ?4, settled_at = ?5, in_doubt = CASE WHEN ?4 = 'delivered' THEN 0 ELSE in_doubt END
            WHERE destination = ?1 AND subject = ?2 AND number = ?3 AND state IN ('queued', 'unmapped')
            """,
            lane.Destination, lane.Subject, number, settledAs, now.ToStored());
        var next = session.Query(
            """
            SELECT m.number, m.state, m.problem, m.in_doubt, o.state, o.due_at, o.attempts, o.tries, m.id, m.soap, m.action, m.body, j.received_at, m.relates_to
            FROM messages m JOIN journal j ON j.position = m.entry LEFT JOIN overtakers o ON o.message_id = m.id
            WHERE m.destination = ?1 AND m.subject = ?2 AND m.number > ?3 AND m.state IN ('queued', 'unmapped') ORDER BY m.number LIMIT 1
            """,
            row => new NextInLane(
                row.GetInt64(0), row.GetString(1) == "queued", row.GetStringOrNull(2), row.GetBoolean(3),
                row.IsDBNull(4) ? null : new Overtaking(row.GetString(4), row.GetInstantOrNull(5), row.GetInt32(6), row.GetInt32(7)),
                row.GetString(8), row.GetString(9), row.GetString(10), row.GetBytesOrNull(11), row.GetInstant(12), row.GetStringOrNull(13)),
            lane.Destination, lane.Subject, number);
        (long? head, string state, DateTimeOffset? dueAt, string? reason) = next switch
        {
            [] => (null, LaneState.Idle, null, null),
            [{ Overtaking: { Tries: 0, DueAt: not null } } untried] => (untried.Number, LaneState.Waiting, now, null),
            // Its schedule goes on; while an attempt is under way, that attempt's end decides.
            [{ Overtaking: { } tried } alarm] => (alarm.Number, tried.State, tried.DueAt, null),
            // It came back to its slot in doubt: asked about, or the same bytes again where that has no second effect.
            [{ Mapped: true, InDoubt: true } doubtful] => (doubtful.Number, LaneState.Asking, now, null),
            [{ Mapped: true } mapped] => (mapped.Number, LaneState.Waiting, now, null),
            [var unmapped, ..] => ((long?)unmapped.Number, LaneState.Parked, (DateTimeOffset?)null, unmapped.Problem),
        };
        var before = next is [{ Overtaking: { } overtaking }] ? overtaking : null;
        if (before is { DueAt: not null })
        {
            session.Execute("DELETE FROM overtakers WHERE message_id = ?1", next[0].MessageId);
        }

        session.Execute(
            "UPDATE lanes SET head = ?3, state = ?4, due_at = ?5, attempts = ?9, tries = ?10, reason = ?6, since = ?7, cause = ?8, escalated = 0 WHERE destination = ?1 AND subject = ?2",
            lane.Destination, lane.Subject, head, state, dueAt.ToStored(), reason, now.ToStored(), CauseOf(state, reason), before?.Attempts ?? 0, before?.Tries ?? 0);
        // One that waits to be sent was not asked about since it was sent last.
        return state == LaneState.Waiting && dueAt <= now
            ? new LaneHead(
                lane, next[0].MessageId, next[0].Number, state, before?.Attempts ?? 0, before?.Tries ?? 0, Asked: 0,
                Enum.Parse<SoapVersion>(next[0].Soap), next[0].Action, next[0].Body, next[0].ReceivedAt)
            {
                RelatesTo = next[0].RelatesTo,
            }
            : null;
    }

    private static string? CauseOf(string state, string? reason) => state is LaneState.Parked or LaneState.Unknown && reason is not null ? Cause.Of(reason) : null;

    private sealed record EndedAttempt(LaneHead Head, AttemptRecord Attempt, NextMove Move);

    /// <param name="Overtaking">Set while it may go, or is going, before its turn.</param>
    private sealed record NextInLane(
        long Number, bool Mapped, string? Problem, bool InDoubt, Overtaking? Overtaking, string MessageId, string Soap, string Action, byte[]? Body, DateTimeOffset ReceivedAt, string? RelatesTo);

    /// <param name="DueAt">Null while an attempt is under way.</param>
    private sealed record Overtaking(string State, DateTimeOffset? DueAt, int Attempts, int Tries);
}
