using System.Security.Cryptography;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <content>Stuck messages that are mapped again, in place or as revisions.</content>
internal sealed partial class SqlLaneStore
{
    /// <summary>Messages that one act maps again; a lane with more is repaired by several acts.</summary>
    private const int MostRepairs = 200;

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

    private static void Apply(StoreSession session, Repair repair, DateTimeOffset now)
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
}
