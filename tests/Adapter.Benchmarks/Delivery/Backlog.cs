using Adapter.Host.Storage;

namespace Adapter.Benchmarks.Delivery;

/// <summary>Fills a fresh store with messages that wait, as the processor would have left them.</summary>
internal static class Backlog
{
    /// <param name="dueOver">The heads' times lie spread over so long before now.</param>
    public static Task FillAsync(StoreWriter writer, long messages, long lanes, TimeSpan dueOver, TimeProvider time, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            var from = (now - dueOver).ToStored();
            session.Execute("INSERT INTO journal (position, kind, source, route, received_at, body) VALUES (1, 'OperatorAct', 'bench', 'nothing', ?1, x'7b7d')", now.ToStored());
            session.Execute("UPDATE checkpoint SET position = 1");
            session.Execute(
                """
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1)
                INSERT INTO messages (id, destination, subject, number, revision, decision_key, kind, occurred_at, created_at, entry, state, document, doc_version, source, soap, action, body)
                SELECT printf('%032x', i + 1), 'manifest', 'journey:L-' || (i % ?2), i / ?2 + 1, 1, 'decision-' || i, 'SEAL', ?3, ?3, 1, 'queued', 'manifest-notification', 1, x'7b7d', 'Soap11', ?4,
                       CAST(replace(?5, ?6, printf('%032x', i + 1)) AS BLOB)
                FROM n
                """,
                messages, lanes, now.ToStored(), Message.Action, Message.Xml, Message.IdPlace);
            session.Execute(
                """
                INSERT INTO lanes (destination, subject, last_number, head, state, due_at, attempts, tries, reason, since)
                SELECT 'manifest', subject, max(number), 1, 'waiting', ?1 + (abs(random()) % (?2 - ?1 + 1)), 0, 5, 'bench', ?1 FROM messages GROUP BY subject
                """,
                from, now.ToStored());
            return 0;
        }, cancellationToken);
}
