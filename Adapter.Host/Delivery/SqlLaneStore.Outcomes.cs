using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Observability;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <content>How an attempt ended, and what follows for its lane, in one commit.</content>
internal sealed partial class SqlLaneStore
{
    /// <summary>Kept: writes run together where their work is the same delegate.</summary>
    private readonly Func<StoreSession, IReadOnlyList<EndedAttempt>, IReadOnlyList<LaneHead?>> _end = (session, ended) => End(session, ended, crash, time.GetUtcNow());

    /// <remarks>Outcomes that wait side by side share one savepoint, and one round trip for each step of all of them: for each alone it costs as much as the rows.</remarks>
    public Task<LaneHead?> EndAsync(LaneHead head, AttemptRecord attempt, NextMove move, CancellationToken cancellationToken) =>
        writer.MergeAsync(WriteUrgency.Ordinary, new EndedAttempt(head, attempt, move), weight: 8, _end, cancellationToken);

    /// <summary>Ends attempts step by step for all of them. Where a lane's head and its alarm end together, the alarm counts as the first.</summary>
    private static LaneHead?[] End(StoreSession session, IReadOnlyList<EndedAttempt> ended, ICrashPoint crash, DateTimeOffset now)
    {
        foreach (var (head, attempt, _) in ended)
        {
            Record(session, head, attempt, now);
            crash.Reached(CrashPoints.OutcomeBetween);
        }

        var found = session.QueryEach(
            "SELECT head, (SELECT 1 FROM answers WHERE message_id = ?3 LIMIT 1) FROM lanes WHERE destination = ?1 AND subject = ?2",
            row => (Head: row.IsDBNull(0) ? default(long?) : row.GetInt64(0), IsAnswered: !row.IsDBNull(1)),
            [.. ended.Select(one => new object?[] { one.Head.Lane.Destination, one.Head.Lane.Subject, one.Head.MessageId })]);
        var delivered = new List<int>();
        for (var i = 0; i < ended.Count; i++)
        {
            if (Settle(session, ended[i], found[i].Single(), now))
            {
                delivered.Add(i);
            }
        }

        var next = new LaneHead?[ended.Count];
        foreach (var (i, head) in delivered.Zip(Advance(session, [.. delivered.Select(i => (ended[i].Head.Lane, ended[i].Head.Number))], "delivered", now)))
        {
            // Whoever served an alarm does not go on with its lane.
            next[i] = ended[i].Head.Overtakes ? null : head;
        }

        return next;
    }

    /// <returns>True where the lane's head is delivered and the next one comes forward; otherwise all is done.</returns>
    private static bool Settle(StoreSession session, EndedAttempt ended, (long? Head, bool IsAnswered) lane, DateTimeOffset now)
    {
        var (head, attempt, move) = ended;
        var counts = attempt.Purpose == AttemptPurpose.Send ? 1 : 0;
        move = (lane.IsAnswered ? AnsweredMeanwhile(session, head, attempt) : null) ?? move;
        if (attempt.Doubts is { } doubts && !(move is NextMove.Delivered && !doubts))
        {
            // What is delivered is in doubt no more anyway.
            Doubt(session, head.MessageId, doubts);
        }

        if (lane.Head != head.Number)
        {
            if (head.Overtakes)
            {
                EndOvertaking(session, head, move, counts, now);
            }
            else
            {
                // A later answer has settled it, or has brought an earlier message back in front of it.
                EndOutOfTurn(session, head, move, now);
            }

            return false;
        }

        if (head.Overtakes)
        {
            // Its turn came while it was under way: it ends as the head that it is.
            session.Later("DELETE FROM overtakers WHERE message_id = ?1", head.MessageId);
        }

        return End(session, head.Lane, move, counts, now);
    }

    private static void Doubt(StoreSession session, string messageId, bool doubt) =>
        session.Later("UPDATE messages SET in_doubt = ?2 WHERE id = ?1 AND in_doubt <> ?2", messageId, doubt ? 1 : 0);

    /// <returns>True where the head is delivered; otherwise the lane has moved.</returns>
    private static bool End(StoreSession session, LaneKey lane, NextMove move, int counts, DateTimeOffset now)
    {
        switch (move)
        {
            case NextMove.Delivered:
                return true;
            case NextMove.RetryAt retry:
                Move(session, lane, LaneState.Waiting, retry.At, retry.Reason, retry.CountsAsAttempt ? counts : 0, now);
                return false;
            case NextMove.Ask ask:
                Move(session, lane, LaneState.Asking, ask.At, ask.Reason, counts, now);
                return false;
            case NextMove.Await wait:
                Move(session, lane, LaneState.Answering, wait.Until, wait.Reason, counts, now);
                return false;
            case NextMove.Park park:
                Move(session, lane, LaneState.Parked, null, park.Reason, counts, now);
                return false;
            case NextMove.Reconcile reconcile:
                Move(session, lane, LaneState.Unknown, null, reconcile.Reason, counts, now);
                return false;
            default:
                throw new InvalidOperationException($"No rule for {move}.");
        }
    }

    /// <summary>An answer may be faster than the acknowledgement of the same message; then it decides.</summary>
    private static NextMove? AnsweredMeanwhile(StoreSession session, LaneHead head, AttemptRecord attempt) =>
        session.Query(
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
            session.Later("UPDATE messages SET state = 'delivered', settled_at = ?2, in_doubt = 0 WHERE id = ?1 AND state = 'queued'", message.MessageId, now.ToStored());
        }
    }

    private static void Record(StoreSession session, LaneHead head, AttemptRecord attempt, DateTimeOffset now)
    {
        var reply = attempt.Reply.IsEmpty ? null : attempt.Reply.ToArray();
        if (attempt.Id is { } id)
        {
            session.Later(
                "UPDATE attempts SET finished_at = ?2, outcome = ?3, http_status = ?4, detail = ?5, reply = ?6 WHERE id = ?1",
                id, now.ToStored(), attempt.Outcome, attempt.HttpStatus, attempt.Detail, reply);
            return;
        }

        session.Later(
            "INSERT INTO attempts (message_id, purpose, started_at, finished_at, outcome, http_status, detail, reply) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            head.MessageId, Name(attempt.Purpose), attempt.StartedAt.ToStored(), now.ToStored(), attempt.Outcome, attempt.HttpStatus, attempt.Detail, reply);
    }

    private static void Move(StoreSession session, LaneKey lane, string state, DateTimeOffset? dueAt, string? reason, int counts, DateTimeOffset now) =>
        session.Later(
            """
            UPDATE lanes SET since = CASE WHEN state = ?3 THEN since ELSE ?7 END, escalated = CASE WHEN state = ?3 THEN escalated ELSE 0 END, state = ?3, due_at = ?4, reason = ?5, attempts = attempts + ?6, tries = tries + 1, cause = ?8
            WHERE destination = ?1 AND subject = ?2
            """,
            lane.Destination, lane.Subject, state, dueAt.ToStored(), reason, counts, now.ToStored(), CauseOf(state, reason));

    /// <summary>Settles the head and brings the next number forward, which may itself have no bytes.</summary>
    private static void Advance(StoreSession session, LaneKey lane, long number, string settledAs, DateTimeOffset now) => Advance(session, [(lane, number)], settledAs, now);

    /// <summary>The same for several lanes.</summary>
    /// <returns>The next head of each where it may go out at once, otherwise null.</returns>
    private static List<LaneHead?> Advance(StoreSession session, IReadOnlyList<(LaneKey Lane, long Number)> settled, string settledAs, DateTimeOffset now)
    {
        if (settled.Count == 0)
        {
            return [];
        }

        foreach (var (lane, number) in settled)
        {
            session.Later(
                """
                UPDATE messages SET state = ?4, settled_at = ?5, in_doubt = CASE WHEN ?4 = 'delivered' THEN 0 ELSE in_doubt END
                WHERE destination = ?1 AND subject = ?2 AND number = ?3 AND state IN ('queued', 'unmapped')
                """,
                lane.Destination, lane.Subject, number, settledAs, now.ToStored());
        }

        var next = session.QueryEach(
            """
            SELECT m.number, m.state, m.problem, m.in_doubt, o.state, o.due_at, o.attempts, o.tries, m.id, m.soap, m.action, m.body, j.received_at, m.relates_to
            FROM messages m JOIN journal j ON j.position = m.entry LEFT JOIN overtakers o ON o.message_id = m.id
            WHERE m.destination = ?1 AND m.subject = ?2 AND m.number > ?3 AND m.state IN ('queued', 'unmapped') ORDER BY m.number LIMIT 1
            """,
            row => new NextInLane(
                row.GetInt64(0), row.GetString(1) == "queued", row.GetStringOrNull(2), row.GetBoolean(3),
                row.IsDBNull(4) ? null : new Overtaking(row.GetString(4), row.GetInstantOrNull(5), row.GetInt32(6), row.GetInt32(7)),
                row.GetString(8), row.GetString(9), row.GetString(10), row.GetBytesOrNull(11), row.GetInstant(12), row.GetStringOrNull(13)),
            [.. settled.Select(one => new object?[] { one.Lane.Destination, one.Lane.Subject, one.Number })]);
        return [.. settled.Zip(next, (one, found) => BringForward(session, one.Lane, found.SingleOrDefault(), now))];
    }

    /// <param name="next">Null where nothing waits behind the head.</param>
    private static LaneHead? BringForward(StoreSession session, LaneKey lane, NextInLane? next, DateTimeOffset now)
    {
        (long? head, string state, DateTimeOffset? dueAt, string? reason) = next switch
        {
            null => (null, LaneState.Idle, null, null),
            // Refused after it had been acknowledged, while others were in front of it.
            { Mapped: true, Problem: { } refused } => (next.Number, LaneState.Parked, null, refused),
            { Overtaking: { Tries: 0, DueAt: not null } } => (next.Number, LaneState.Waiting, now, null),
            // Its schedule goes on; while an attempt is under way, that attempt's end decides.
            { Overtaking: { } tried } => (next.Number, tried.State, tried.DueAt, null),
            // It came back to its slot in doubt: asked about, or the same bytes again where that has no second effect.
            { Mapped: true, InDoubt: true } => (next.Number, LaneState.Asking, now, null),
            { Mapped: true } => (next.Number, LaneState.Waiting, now, null),
            _ => ((long?)next.Number, LaneState.Parked, (DateTimeOffset?)null, next.Problem),
        };
        var before = next?.Overtaking;
        if (before is { DueAt: not null })
        {
            session.Later("DELETE FROM overtakers WHERE message_id = ?1", next!.MessageId);
        }

        session.Later(
            "UPDATE lanes SET head = ?3, state = ?4, due_at = ?5, attempts = ?9, tries = ?10, reason = ?6, since = ?7, cause = ?8, escalated = 0 WHERE destination = ?1 AND subject = ?2",
            lane.Destination, lane.Subject, head, state, dueAt.ToStored(), reason, now.ToStored(), CauseOf(state, reason), before?.Attempts ?? 0, before?.Tries ?? 0);
        // One that waits to be sent was not asked about since it was sent last.
        return next is not null && state == LaneState.Waiting && dueAt <= now
            ? new LaneHead(
                lane, next.MessageId, next.Number, state, before?.Attempts ?? 0, before?.Tries ?? 0, Asked: 0, Enum.Parse<SoapVersion>(next.Soap), next.Action, next.Body, next.ReceivedAt)
            {
                RelatesTo = next.RelatesTo,
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
