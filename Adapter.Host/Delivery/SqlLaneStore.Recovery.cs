using Adapter.Contracts.Admin;
using Adapter.Host.Observability;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <content>Attempts that were under way when the host ended.</content>
internal sealed partial class SqlLaneStore
{
    public Task<int> RecoverAsync(IReadOnlyList<Destination> destinations, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            AfterClockWasSetBack(session, now);
            var open = session.Query(
                """
                SELECT a.id, a.purpose, m.destination, m.subject, m.id, a.started_at, l.head IS NOT DISTINCT FROM m.number AND m.state = 'queued'
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
}
