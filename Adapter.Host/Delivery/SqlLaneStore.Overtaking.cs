using System.Security.Cryptography;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <content>Alarms that go before what waits in front of them.</content>
internal sealed partial class SqlLaneStore
{
    private const string FirstOfItsLane =
        " AND NOT EXISTS (SELECT 1 FROM overtakers f WHERE f.destination = o.destination AND f.subject = o.subject AND f.number < o.number)";

    public Task<IReadOnlyList<LaneHead>> OvertakersDueAsync(string destination, IReadOnlyCollection<LaneKey> busy, int most, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<LaneHead>>(session.Query(
            """
            SELECT o.destination, o.subject, m.id, o.number, o.state, o.attempts, o.tries, 0, m.soap, m.action, coalesce(o.body, m.body), j.received_at, m.relates_to
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

            return (true, session.Insert(
                "INSERT INTO attempts (message_id, purpose, started_at) VALUES (?1, ?2, ?3)", alarm.MessageId, Name(purpose), time.GetUtcNow().ToStored()));
        }, cancellationToken);

    /// <summary>An alarm whose turn has not come.</summary>
    private static void EndOvertaking(StoreSession session, LaneHead alarm, NextMove move, int counts, DateTimeOffset now)
    {
        switch (move)
        {
            case NextMove.Delivered:
                session.Later("UPDATE messages SET state = 'delivered', settled_at = ?2, in_doubt = 0 WHERE id = ?1", alarm.MessageId, now.ToStored());
                session.Later("DELETE FROM overtakers WHERE message_id = ?1", alarm.MessageId);
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
                session.Later("DELETE FROM overtakers WHERE message_id = ?1", alarm.MessageId);
                break;
        }

        void Again(string state, DateTimeOffset at, int counted) => session.Later(
            "UPDATE overtakers SET state = ?2, due_at = ?3, attempts = attempts + ?4, tries = tries + 1 WHERE message_id = ?1", alarm.MessageId, state, at.ToStored(), counted);
    }

    /// <summary>Alarms that were under way before their turn: the same three ways as for heads.</summary>
    private static void RecoverOvertakers(StoreSession session, IReadOnlyList<Destination> destinations, DateTimeOffset now)
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
}
