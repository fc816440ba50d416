using System.Security.Cryptography;
using System.Text;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Microsoft.Data.Sqlite;

namespace Adapter.Host.Delivery;

/// <inheritdoc cref="ILaneStore"/>
/// <remarks>One process serves all lanes, so which ones are being served is kept in memory: a durable claim would double the writes.</remarks>
internal sealed class SqliteLaneStore(SqliteWriter writer, SqliteDatabase database, ICrashPoint crash, TimeProvider time) : ILaneStore
{
    /// <summary>Messages that one act maps again; a lane with more is repaired by several acts.</summary>
    private const int MostRepairs = 200;

    /// <summary>Lanes called out at a time, so that a long outage does not hold the writer.</summary>
    private const int MostEscalations = 1000;

    private const string FirstOfItsLane =
        " AND NOT EXISTS (SELECT 1 FROM overtakers f WHERE f.destination = o.destination AND f.subject = o.subject AND f.number < o.number)";

    private const string ReleaseHead =
        """
        UPDATE lanes SET state = 'waiting', due_at = ?3, attempts = 0, tries = 0, reason = NULL, cause = NULL, since = ?3, escalated = 0
        WHERE destination = ?1 AND subject = ?2
        """;

    private static readonly TimeSpan[] EscalationSteps = [TimeSpan.FromHours(1), TimeSpan.FromDays(1), TimeSpan.FromDays(7)];

    private const string HeadColumns =
        """
        SELECT l.destination, l.subject, m.id, m.number, l.state, l.attempts, l.tries,
               (SELECT count(*) FROM attempts a WHERE a.message_id = m.id AND a.purpose = 'ask' AND a.http_status IS NOT NULL
                  AND a.id > coalesce((SELECT max(s.id) FROM attempts s WHERE s.message_id = m.id AND s.purpose = 'send'), 0)), m.soap, m.action, m.body, j.received_at
        FROM lanes l
        JOIN messages m ON m.destination = l.destination AND m.subject = l.subject AND m.number = l.head AND m.state = 'queued'
        JOIN journal j ON j.position = m.entry
        """;

    public Task<IReadOnlyList<LaneHead>> DueAsync(string destination, IReadOnlyCollection<LaneKey> busy, int most, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<LaneHead>>(session.Query(
            HeadColumns + " WHERE l.destination = ?1 AND l.due_at IS NOT NULL AND l.due_at <= ?2 AND l.subject NOT IN (SELECT value FROM json_each(?3)) ORDER BY l.due_at LIMIT ?4",
            ReadHead, destination, time.GetUtcNow().ToStored(), BusyAt(destination, busy), most));
    }

    public Task<IReadOnlyList<LaneHead>> OvertakersDueAsync(string destination, IReadOnlyCollection<LaneKey> busy, int most, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<LaneHead>>(session.Query(
            """
            SELECT o.destination, o.subject, m.id, o.number, o.state, o.attempts, o.tries, 0, m.soap, m.action, coalesce(o.body, m.body), j.received_at
            FROM overtakers o JOIN messages m ON m.id = o.message_id JOIN journal j ON j.position = m.entry
            WHERE o.destination = ?1 AND o.due_at <= ?2 AND o.subject NOT IN (SELECT value FROM json_each(?3))
            """ + FirstOfItsLane + " ORDER BY o.due_at LIMIT ?4",
            row => ReadHead(row) with { Overtakes = true }, destination, time.GetUtcNow().ToStored(), BusyAt(destination, busy), most));
    }

    public Task<(bool Begun, long? Attempt)> BeginOvertakingAsync(LaneHead alarm, AttemptPurpose purpose, bool mark, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            if (session.Execute("UPDATE overtakers SET due_at = NULL, body = NULL WHERE message_id = ?1 AND due_at IS NOT NULL", alarm.MessageId) == 0)
            {
                return (false, (long?)null);
            }

            session.Execute(
                "UPDATE messages SET body = ?2, body_sha256 = ?3, overtook = 1 WHERE id = ?1 AND overtook = 0",
                alarm.MessageId, alarm.Body.ToArray(), Convert.ToHexStringLower(SHA256.HashData(alarm.Body.Span)));
            if (!mark)
            {
                return (true, null);
            }

            session.Execute(
                "INSERT INTO attempts (message_id, purpose, started_at) VALUES (?1, ?2, ?3)", alarm.MessageId, Name(purpose), time.GetUtcNow().ToStored());
            return (true, session.LastRowId);
        }, cancellationToken);

    public Task<DateTimeOffset?> NextDueAsync(IReadOnlyCollection<string> resting, IReadOnlyCollection<LaneKey> busy, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        long? next = null;
        // One look-up per destination, so that the index gives the first row without reading the others.
        foreach (var destination in session.Query("SELECT name FROM destinations", row => row.GetString(0)).Except(resting))
        {
            var due = session.Number(
                "SELECT due_at FROM lanes WHERE destination = ?1 AND due_at IS NOT NULL AND subject NOT IN (SELECT value FROM json_each(?2)) ORDER BY due_at LIMIT 1",
                destination, BusyAt(destination, busy));
            next = due < (next ?? long.MaxValue) ? due : next;
            due = session.Number("SELECT min(due_at) FROM overtakers o WHERE destination = ?1 AND due_at IS NOT NULL" + FirstOfItsLane, destination);
            next = due < (next ?? long.MaxValue) ? due : next;
        }

        return Task.FromResult(next is { } at ? Instant.FromStored(at) : (DateTimeOffset?)null);
    }

    public Task<long> BeginAsync(LaneHead head, AttemptPurpose purpose, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            session.Execute(
                "INSERT INTO attempts (message_id, purpose, started_at) VALUES (?1, ?2, ?3)", head.MessageId, Name(purpose), time.GetUtcNow().ToStored());
            return session.LastRowId;
        }, cancellationToken);

    public Task<LaneHead?> EndAsync(LaneHead head, AttemptRecord attempt, NextMove move, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            Record(session, head, attempt, now);
            crash.Reached(CrashPoints.OutcomeBetween);
            var counts = attempt.Purpose == AttemptPurpose.Send ? 1 : 0;
            move = AnsweredMeanwhile(session, head, attempt) ?? move;
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
        }, cancellationToken);

    public Task<AnswerEffect> AnswerAsync(LaterAnswer answer, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            var effect = Answer(session, answer, now);
            session.Execute(
                "INSERT INTO answers (destination, message_id, received_at, verdict, code, text, effect, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                answer.Destination, answer.MessageId, now.ToStored(), answer.Receipt.Verdict.ToString(), answer.Receipt.Code, answer.Receipt.Text,
                effect.ToString().ToLowerInvariant(), answer.Body.ToArray());
            return effect;
        }, cancellationToken);

    public Task<int> RecoverAsync(IReadOnlyList<Destination> destinations, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            var open = session.Query(
                """
                SELECT a.id, a.purpose, m.destination, m.subject, m.id, a.started_at, l.head IS m.number AND m.state = 'queued'
                FROM attempts a JOIN messages m ON m.id = a.message_id JOIN lanes l ON l.destination = m.destination AND l.subject = m.subject
                WHERE a.finished_at IS NULL
                """,
                row => (Id: row.GetInt64(0), Purpose: row.GetString(1), Lane: new LaneKey(row.GetString(2), row.GetString(3)), Message: row.GetString(4),
                    StartedAt: row.GetInstant(5), IsHead: row.GetBoolean(6)));
            foreach (var attempt in open)
            {
                session.Execute(
                    "UPDATE attempts SET finished_at = ?2, outcome = 'unknown', detail = 'The host stopped during the attempt.' WHERE id = ?1", attempt.Id, now.ToStored());
                crash.Reached(CrashPoints.RecoveryBetween);
                if (attempt.Purpose == Name(AttemptPurpose.Send))
                {
                    Doubt(session, attempt.Message, doubt: true);
                }

                if (attempt.Purpose == Name(AttemptPurpose.Ask) || !attempt.IsHead)
                {
                    // A question has no effect, and a settled message needs no second outcome.
                    continue;
                }

                if (destinations.FirstOrDefault(d => d.Name == attempt.Lane.Destination) is { Inquiry: not null } asked)
                {
                    // Not before the request can have ended at the receiver, which would otherwise say that it knows nothing.
                    Move(session, attempt.Lane, LaneState.Asking, attempt.StartedAt + asked.AttemptTimeout, "The host stopped while the message was on its way; the destination is asked whether it arrived.", counts: 1, now);
                }
                else
                {
                    Move(session, attempt.Lane, LaneState.Unknown, null, $"The host stopped while message {attempt.Message} was on its way, and {attempt.Lane.Destination} cannot be asked. Find out there whether it took effect, then reconcile.", counts: 1, now);
                }
            }

            RecoverOvertakers(session, destinations, now);
            return open.Count;
        }, cancellationToken);

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
            WHERE (?1 IS NULL OR l.destination = ?1) AND (?2 IS NULL OR l.subject = ?2) AND (?3 IS NULL OR l.state = ?3)
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

    public Task<string?> ReplayAsync(LaneKey lane, Actor actor, string reason, CancellationToken cancellationToken) =>
        ActAsync(lane, actor, "lane.replay", reason, LaneState.Parked, (session, head, now) =>
        {
            if (head.MessageState != "queued")
            {
                return $"Message {head.MessageId} has no bytes: its mapping failed. Mend the mapping document or the data and repair the lane (/api/lanes/repair), or skip the message.";
            }

            session.Execute(ReleaseHead, lane.Destination, lane.Subject, now.ToStored());
            return null;
        }, cancellationToken);

    public Task<string?> SkipAsync(LaneKey lane, Actor actor, string reason, CancellationToken cancellationToken) =>
        ActAsync(lane, actor, "lane.skip", reason, LaneState.Parked, (session, head, now) =>
        {
            Advance(session, lane, head.Number, "skipped", now);
            return null;
        }, cancellationToken);

    public Task<string?> ReconcileAsync(LaneKey lane, Reconciliation choice, Actor actor, string reason, CancellationToken cancellationToken) =>
        ActAsync(lane, actor, choice switch
        {
            Reconciliation.TookEffect => "lane.reconcile-delivered",
            Reconciliation.SendAgain => "lane.reconcile-send-again",
            _ => "lane.reconcile-left-out",
        }, reason, LaneState.Unknown, (session, head, now) =>
        {
            if (choice == Reconciliation.SendAgain)
            {
                session.Execute(ReleaseHead, lane.Destination, lane.Subject, now.ToStored());
                Doubt(session, head.MessageId, doubt: false);
            }
            else
            {
                Advance(session, lane, head.Number, choice == Reconciliation.TookEffect ? "delivered" : "skipped", now);
            }

            return null;
        }, cancellationToken);

    public Task<IReadOnlyList<RepairCase>> RepairableAsync(LaneKey lane, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<RepairCase>>(session.Query(
            """
            SELECT m.id, m.number, m.revision, m.decision_key, m.state = 'queued', m.in_doubt, m.corrects, m.source
            FROM lanes l JOIN messages m ON m.destination = l.destination AND m.subject = l.subject AND m.number >= l.head AND m.state IN ('queued', 'unmapped')
            WHERE l.destination = ?1 AND l.subject = ?2 AND l.state = 'parked'
              AND (m.number = l.head OR m.state = 'unmapped'
                   OR m.corrects = (SELECT h.id FROM messages h WHERE h.destination = l.destination AND h.subject = l.subject AND h.number = l.head AND h.state IN ('queued', 'unmapped')))
            ORDER BY m.number LIMIT ?3
            """,
            row => new RepairCase(
                row.GetString(0), row.GetInt64(1), row.GetInt32(2), row.GetString(3), row.GetBoolean(4), row.GetBoolean(5), row.GetStringOrNull(6), row.GetFieldValue<byte[]>(7)),
            lane.Destination, lane.Subject, MostRepairs));
    }

    public Task<string?> RepairAsync(LaneKey lane, IReadOnlyList<Repair> repairs, Actor actor, string reason, CancellationToken cancellationToken) =>
        ActAsync(lane, actor, repairs[0].Id == repairs[0].Replaces ? "lane.map-again" : "lane.revise", reason, LaneState.Parked, (session, head, now) =>
        {
            if (head.MessageId != repairs[0].Replaces)
            {
                return $"The head of lane {lane.Destination} / {lane.Subject} is no longer message {repairs[0].Replaces}. Look at the lane again.";
            }

            if (head.InDoubt)
            {
                return InDoubtRefusal(head.MessageId);
            }

            foreach (var repair in repairs)
            {
                Apply(session, repair, now);
            }

            session.Execute(ReleaseHead, lane.Destination, lane.Subject, now.ToStored());
            return null;
        }, cancellationToken);

    public Task<IReadOnlyList<Escalation>> EscalateAsync(CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            var due = session.Query(
                """
                SELECT destination, subject, cause, reason, (?1 >= since + ?2) + (?1 >= since + ?3) + (?1 >= since + ?4) AS step FROM lanes
                WHERE state IN ('parked', 'unknown') AND since <= ?1 - ?2 AND escalated < (?1 >= since + ?2) + (?1 >= since + ?3) + (?1 >= since + ?4)
                ORDER BY since LIMIT ?5
                """,
                row => (Lane: new LaneKey(row.GetString(0), row.GetString(1)), Cause: row.GetStringOrNull(2), Reason: row.GetStringOrNull(3), Step: row.GetInt32(4)),
                now.ToStored(), Span(EscalationSteps[0]), Span(EscalationSteps[1]), Span(EscalationSteps[2]), MostEscalations);
            foreach (var lane in due)
            {
                session.Execute("UPDATE lanes SET escalated = ?3 WHERE destination = ?1 AND subject = ?2", lane.Lane.Destination, lane.Lane.Subject, lane.Step);
            }

            return (IReadOnlyList<Escalation>)[.. due.GroupBy(lane => (lane.Lane.Destination, lane.Cause, lane.Step))
                .Select(group => new Escalation(group.Key.Destination, group.Key.Cause, group.Key.Step, group.Count(), group.First().Lane.Subject, group.First().Reason))];

            long Span(TimeSpan span) => now.ToStored() - (now - span).ToStored();
        }, cancellationToken);

    public Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyDictionary<string, long>>(session.Query(
            "SELECT state, count(*) FROM lanes GROUP BY state", row => (State: row.GetString(0), Count: row.GetInt64(1)))
            .ToDictionary(r => r.State, r => r.Count, StringComparer.Ordinal));
    }

    private Task<string?> ActAsync(
        LaneKey lane, Actor actor, string action, string reason, string expected,
        Func<SqliteSession, StuckHead, DateTimeOffset, string?> act, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var found = session.Query(
                """
                SELECT l.state, m.number, m.id, m.state, m.in_doubt FROM lanes l
                JOIN messages m ON m.destination = l.destination AND m.subject = l.subject AND m.number = l.head AND m.state IN ('queued', 'unmapped')
                WHERE l.destination = ?1 AND l.subject = ?2
                """,
                row => (State: row.GetString(0), Head: new StuckHead(row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetBoolean(4))), lane.Destination, lane.Subject);
            if (found is not [var (state, head)])
            {
                return $"Lane {lane.Destination} / {lane.Subject} has nothing waiting.";
            }

            // Given up in doubt: the same three choices are open, because a person may know more than the last attempt told.
            if (state != expected && !(expected == LaneState.Unknown && state == LaneState.Parked && head.InDoubt))
            {
                return $"Lane {lane.Destination} / {lane.Subject} is {state}; this act is for lanes that are {expected}.";
            }

            var now = time.GetUtcNow();
            if (act(session, head, now) is { } refusal)
            {
                return refusal;
            }

            AuditTrail.Append(session, now, actor, action, $"{lane.Destination}/{lane.Subject}#{head.Number}", reason);
            return null;
        }, cancellationToken);

    private static void Apply(SqliteSession session, Repair repair, DateTimeOffset now)
    {
        var (body, hash) = (repair.Body.ToArray(), Convert.ToHexStringLower(SHA256.HashData(repair.Body.Span)));
        if (repair.Id == repair.Replaces)
        {
            session.Execute(
                """
                UPDATE messages SET state = 'queued', corrects = ?2, source = ?3, document = ?4, doc_version = ?5, soap = ?6, action = ?7, body = ?8, body_sha256 = ?9, problem = NULL
                WHERE id = ?1 AND state IN ('queued', 'unmapped')
                """,
                repair.Id, repair.Corrects, repair.Source.ToArray(), repair.Document, repair.DocumentVersion, repair.Soap.ToString(), repair.Action, body, hash);
            return;
        }

        session.Execute("UPDATE messages SET state = 'superseded', settled_at = ?2 WHERE id = ?1", repair.Replaces, now.ToStored());
        session.Execute(
            """
            INSERT INTO messages (id, destination, subject, number, revision, decision_key, kind, occurred_at, created_at, entry, state,
                                  corrects, supersedes, document, doc_version, source, soap, action, body, body_sha256)
            SELECT ?2, destination, subject, number, ?3, decision_key, kind, occurred_at, ?4, entry, 'queued', ?5, id, ?6, ?7, ?8, ?9, ?10, ?11, ?12 FROM messages WHERE id = ?1
            """,
            repair.Replaces, repair.Id, repair.Revision, now.ToStored(), repair.Corrects, repair.Document, repair.DocumentVersion, repair.Source.ToArray(),
            repair.Soap.ToString(), repair.Action, body, hash);
    }

    private static string InDoubtRefusal(string messageId) =>
        $"Nobody knows whether message {messageId} took effect, so no other may take its place. Replay it unchanged, or find out at customs and reconcile it.";

    private static void Doubt(SqliteSession session, string messageId, bool doubt) =>
        session.Execute("UPDATE messages SET in_doubt = ?2 WHERE id = ?1 AND in_doubt <> ?2", messageId, doubt ? 1 : 0);

    /// <returns>The lane's next head where it may go out at once, otherwise null.</returns>
    private static LaneHead? End(SqliteSession session, LaneHead head, NextMove move, int counts, DateTimeOffset now)
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
    private static NextMove? AnsweredMeanwhile(SqliteSession session, LaneHead head, AttemptRecord attempt) =>
        session.Query(
            "SELECT verdict, code, text FROM answers WHERE message_id = ?1 AND received_at >= ?2 AND verdict IN ('Accepted', 'Duplicate', 'Rejected') ORDER BY id DESC LIMIT 1",
            row => new Receipt(Enum.Parse<Verdict>(row.GetString(0)), row.GetString(1), row.GetStringOrNull(2)), head.MessageId, attempt.StartedAt.ToStored()) switch
        {
            [{ Verdict: Verdict.Rejected } refused] => new NextMove.Park(OutcomePolicy.LateRefusal(refused)),
            [_] => new NextMove.Delivered(Duplicate: false),
            _ => null,
        };

    private static void EndOutOfTurn(SqliteSession session, LaneHead message, NextMove move, DateTimeOffset now)
    {
        if (move is NextMove.Delivered)
        {
            session.Execute("UPDATE messages SET state = 'delivered', settled_at = ?2 WHERE id = ?1 AND state = 'queued'", message.MessageId, now.ToStored());
        }
    }

    private static AnswerEffect Answer(SqliteSession session, LaterAnswer answer, DateTimeOffset now)
    {
        var found = session.Query(
            "SELECT m.subject, m.number, m.state, l.head IS m.number FROM messages m JOIN lanes l ON l.destination = m.destination AND l.subject = m.subject WHERE m.id = ?1 AND m.destination = ?2",
            row => (Lane: new LaneKey(answer.Destination, row.GetString(0)), Number: row.GetInt64(1), State: row.GetString(2), IsHead: row.GetBoolean(3)), answer.MessageId, answer.Destination);
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
            case (Verdict.Rejected, "delivered"):
                // It takes the head of its lane again: nothing later goes before a person has decided.
                session.Execute("UPDATE messages SET state = 'queued', settled_at = NULL WHERE id = ?1", answer.MessageId);
                session.Execute(
                    "UPDATE lanes SET head = ?3, attempts = 0, tries = 0 WHERE destination = ?1 AND subject = ?2 AND (head IS NULL OR head > ?3)",
                    message.Lane.Destination, message.Lane.Subject, message.Number);
                Move(session, message.Lane, LaneState.Parked, null, OutcomePolicy.LateRefusal(answer.Receipt), counts: 0, now);
                return AnswerEffect.Parked;
            default:
                return AnswerEffect.None;
        }
    }

    private static void EndOvertaking(SqliteSession session, LaneHead alarm, NextMove move, int counts, DateTimeOffset now)
    {
        if (session.Number("SELECT head FROM lanes WHERE destination = ?1 AND subject = ?2", alarm.Lane.Destination, alarm.Lane.Subject) == alarm.Number)
        {
            // Its turn came while it was under way: it ends as the head that it is.
            session.Execute("DELETE FROM overtakers WHERE message_id = ?1", alarm.MessageId);
            End(session, alarm, move, counts, now);
            return;
        }

        switch (move)
        {
            case NextMove.Delivered:
                session.Execute("UPDATE messages SET state = 'delivered', settled_at = ?2 WHERE id = ?1", alarm.MessageId, now.ToStored());
                session.Execute("DELETE FROM overtakers WHERE message_id = ?1", alarm.MessageId);
                break;
            case NextMove.RetryAt retry:
                Again(LaneState.Waiting, retry.At, retry.CountsAsAttempt ? counts : 0);
                break;
            case NextMove.Ask ask:
                Again(LaneState.Asking, ask.At, counts);
                break;
            case NextMove.Await wait:
                Again(LaneState.Answering, wait.Until, counts);
                break;
            default:
                // Back in its slot: when its turn comes it goes again, or is asked about, with what was in front of it known to the receiver.
                session.Execute("DELETE FROM overtakers WHERE message_id = ?1", alarm.MessageId);
                break;
        }

        void Again(string state, DateTimeOffset at, int counted) => session.Execute(
            "UPDATE overtakers SET state = ?2, due_at = ?3, attempts = attempts + ?4, tries = tries + 1 WHERE message_id = ?1", alarm.MessageId, state, at.ToStored(), counted);
    }

    /// <summary>Alarms that were under way before their turn: the same three ways as for heads.</summary>
    private static void RecoverOvertakers(SqliteSession session, IReadOnlyList<Destination> destinations, DateTimeOffset now)
    {
        foreach (var (id, lane, number, inDoubt) in session.Query(
            "SELECT o.message_id, o.destination, o.subject, o.number, m.in_doubt FROM overtakers o JOIN messages m ON m.id = o.message_id WHERE o.due_at IS NULL",
            row => (row.GetString(0), new LaneKey(row.GetString(1), row.GetString(2)), row.GetInt64(3), row.GetBoolean(4))))
        {
            var destination = destinations.FirstOrDefault(d => d.Name == lane.Destination);
            var asks = inDoubt && destination is { Idempotent: false };
            if (session.Number("SELECT head FROM lanes WHERE destination = ?1 AND subject = ?2", lane.Destination, lane.Subject) == number)
            {
                // The attempt itself has moved the lane where it was marked; where it was not, the same bytes go again.
                session.Execute(
                    "UPDATE lanes SET due_at = ?3 WHERE destination = ?1 AND subject = ?2 AND state IN ('waiting', 'asking') AND due_at IS NULL", lane.Destination, lane.Subject, now.ToStored());
                session.Execute("DELETE FROM overtakers WHERE message_id = ?1", id);
            }
            else if (asks && destination!.Inquiry is null)
            {
                session.Execute("DELETE FROM overtakers WHERE message_id = ?1", id);
            }
            else
            {
                session.Execute(
                    "UPDATE overtakers SET state = ?2, due_at = ?3 WHERE message_id = ?1",
                    id, asks ? LaneState.Asking : LaneState.Waiting, (asks ? now + destination!.AttemptTimeout : now).ToStored());
            }
        }
    }

    private static void Record(SqliteSession session, LaneHead head, AttemptRecord attempt, DateTimeOffset now)
    {
        if (attempt.ReceiverTold || (attempt.Outcome == "unknown" && attempt.Purpose != AttemptPurpose.Ask))
        {
            Doubt(session, head.MessageId, !attempt.ReceiverTold);
        }

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

    private static void Move(SqliteSession session, LaneKey lane, string state, DateTimeOffset? dueAt, string? reason, int counts, DateTimeOffset now) =>
        session.Execute(
            """
            UPDATE lanes SET since = CASE WHEN state = ?3 THEN since ELSE ?7 END, escalated = CASE WHEN state = ?3 THEN escalated ELSE 0 END, state = ?3, due_at = ?4, reason = ?5, attempts = attempts + ?6, tries = tries + 1, cause = ?8
            WHERE destination = ?1 AND subject = ?2
            """,
            lane.Destination, lane.Subject, state, dueAt.ToStored(), reason, counts, now.ToStored(), CauseOf(state, reason));

    /// <summary>Settles the head and brings the next number forward, which may itself have no bytes.</summary>
    private static LaneHead? Advance(SqliteSession session, LaneKey lane, long number, string settledAs, DateTimeOffset now)
    {
        session.Execute(
            "UPDATE messages SET state = ?4, settled_at = ?5 WHERE destination = ?1 AND subject = ?2 AND number = ?3 AND state IN ('queued', 'unmapped')",
            lane.Destination, lane.Subject, number, settledAs, now.ToStored());
        var next = session.Query(
            """
            SELECT m.number, m.state, m.problem, m.in_doubt, o.state, o.due_at, o.attempts, o.tries, o.message_id
            FROM messages m LEFT JOIN overtakers o ON o.message_id = m.id
            WHERE m.destination = ?1 AND m.subject = ?2 AND m.number > ?3 AND m.state IN ('queued', 'unmapped') ORDER BY m.number LIMIT 1
            """,
            row => new NextInLane(
                row.GetInt64(0), row.GetString(1) == "queued", row.GetStringOrNull(2), row.GetBoolean(3),
                row.IsDBNull(8) ? null : new Overtaking(row.GetString(4), row.GetInstantOrNull(5), row.GetInt32(6), row.GetInt32(7), row.GetString(8))),
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
            session.Execute("DELETE FROM overtakers WHERE message_id = ?1", before.MessageId);
        }

        session.Execute(
            "UPDATE lanes SET head = ?3, state = ?4, due_at = ?5, attempts = ?9, tries = ?10, reason = ?6, since = ?7, cause = ?8, escalated = 0 WHERE destination = ?1 AND subject = ?2",
            lane.Destination, lane.Subject, head, state, dueAt.ToStored(), reason, now.ToStored(), CauseOf(state, reason), before?.Attempts ?? 0, before?.Tries ?? 0);
        return state == LaneState.Waiting && dueAt <= now
            ? session.Query(HeadColumns + " WHERE l.destination = ?1 AND l.subject = ?2", ReadHead, lane.Destination, lane.Subject).SingleOrDefault()
            : null;
    }

    private static LaneHead ReadHead(SqliteDataReader row) => new(
        new LaneKey(row.GetString(0), row.GetString(1)), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetInt32(5), row.GetInt32(6),
        row.GetInt32(7), Enum.Parse<SoapVersion>(row.GetString(8)), row.GetString(9), row.GetFieldValue<byte[]>(10), row.GetInstant(11));

    private static string? CauseOf(string state, string? reason) => state is LaneState.Parked or LaneState.Unknown && reason is not null ? Cause.Of(reason) : null;

    private static string Name(AttemptPurpose purpose) => purpose switch
    {
        AttemptPurpose.Send => "send",
        AttemptPurpose.Ask => "ask",
        _ => "wait",
    };

    private static string BusyAt(string destination, IReadOnlyCollection<LaneKey> busy) =>
        SqliteSession.List(busy.Where(b => b.Destination == destination).Select(b => b.Subject));

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    /// <param name="Overtaking">Set while it may go, or is going, before its turn.</param>
    private sealed record NextInLane(long Number, bool Mapped, string? Problem, bool InDoubt, Overtaking? Overtaking);

    /// <param name="DueAt">Null while an attempt is under way.</param>
    private sealed record Overtaking(string State, DateTimeOffset? DueAt, int Attempts, int Tries, string MessageId);

    private sealed record StuckHead(long Number, string MessageId, string MessageState, bool InDoubt);
}
