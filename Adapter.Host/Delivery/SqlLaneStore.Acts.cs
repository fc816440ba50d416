using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <content>What a person decides about a head that is stuck.</content>
internal sealed partial class SqlLaneStore
{
    private const string ReleaseHead =
        """
        UPDATE lanes SET state = 'waiting', due_at = ?3, attempts = 0, tries = 0, reason = NULL, cause = NULL, since = ?3, escalated = 0
        WHERE destination = ?1 AND subject = ?2
        """;

    public Task<string?> ReplayAsync(LaneKey lane, Actor actor, string reason, CancellationToken cancellationToken) =>
        ActAsync(lane, actor, "lane.replay", reason, LaneState.Parked, (session, head, now) =>
        {
            if (head.MessageState != "queued")
            {
                return $"Message {head.MessageId} has no bytes: its mapping failed. Mend the mapping document or the data and repair the lane (/api/lanes/repair), or skip the message.";
            }

            Release(session, lane, head, now);
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
                Release(session, lane, head, now);
                Doubt(session, head.MessageId, doubt: false);
            }
            else
            {
                Advance(session, lane, head.Number, choice == Reconciliation.TookEffect ? "delivered" : "skipped", now);
            }

            return null;
        }, cancellationToken);

    /// <summary>The same bytes go again. A refusal that came before is answered by that.</summary>
    private static void Release(StoreSession session, LaneKey lane, StuckHead head, DateTimeOffset now)
    {
        session.Execute(ReleaseHead, lane.Destination, lane.Subject, now.ToStored());
        session.Execute("UPDATE messages SET problem = NULL WHERE id = ?1 AND problem IS NOT NULL", head.MessageId);
    }

    private Task<string?> ActAsync(
        LaneKey lane, Actor actor, string action, string reason, string expected,
        Func<StoreSession, StuckHead, DateTimeOffset, string?> act, CancellationToken cancellationToken) =>
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

    private sealed record StuckHead(long Number, string MessageId, string MessageState, bool InDoubt);
}
