using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Adapter.Contracts.Transit;
using Adapter.Host.Storage;

namespace Adapter.Host.Neighbours;

/// <inheritdoc cref="INeighbourStore"/>
internal sealed class SqlNeighbourStore(StoreWriter writer, StoreDatabase database, TimeProvider time) : INeighbourStore
{
    private const int MostMissing = 100;

    private const string Columns = "SELECT neighbour, reference, lane, number, received_at, body_sha256, entry, state, answer, source, document, document_version, message_id FROM neighbour_messages";

    public Task<KeptMessage?> FindAsync(string neighbour, string reference, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult(session.Query(Columns + " WHERE neighbour = ?1 AND reference = ?2", Read, neighbour, reference).SingleOrDefault());
    }

    public Task<IReadOnlyList<long>> MissingAsync(string neighbour, string lane, long before, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        // Only what lies behind the last hundred numbers can still be asked for.
        var from = Math.Max(1, before - MostMissing);
        var seen = session.Query(
            "SELECT number FROM neighbour_messages WHERE neighbour = ?1 AND lane = ?2 AND number >= ?3 AND number < ?4", row => row.GetInt64(0), neighbour, lane, from, before).ToHashSet();
        var missing = new List<long>();
        for (var number = from; number < before; number++)
        {
            if (!seen.Contains(number))
            {
                missing.Add(number);
            }
        }

        return Task.FromResult<IReadOnlyList<long>>(missing);
    }

    public Task<bool> KeepAsync(KeptMessage message, IReadOnlyList<LaterWord> words, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var kept = session.Execute(
                """
                INSERT INTO neighbour_messages (neighbour, reference, lane, number, received_at, body_sha256, entry, state, answer, source, document, document_version, message_id)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                ON CONFLICT (neighbour, reference) DO NOTHING
                """,
                message.Neighbour, message.Reference, message.Lane, message.Number, message.ReceivedAt.ToStored(), message.Sha256, message.Entry, message.State, Bytes(message.Answer),
                Bytes(message.Source), message.Document, message.DocumentVersion, message.MessageId) == 1;
            if (kept)
            {
                Queue(session, words);
            }

            return kept;
        }, cancellationToken);

    public Task ConcludeAsync(KeptMessage message, IReadOnlyList<LaterWord> words, CancellationToken cancellationToken) =>
        writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            if (session.Execute(
                "UPDATE neighbour_messages SET state = ?3, answer = ?4 WHERE neighbour = ?1 AND reference = ?2 AND state = 'pending'",
                message.Neighbour, message.Reference, message.State, Bytes(message.Answer)) == 1)
            {
                Queue(session, words);
            }
        }, cancellationToken);

    public Task<IReadOnlyList<KeptMessage>> PendingAsync(CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<KeptMessage>>(session.Query(Columns + " WHERE state = 'pending' ORDER BY received_at LIMIT 100", Read));
    }

    public Task<IReadOnlyList<string>> DeliveredBesideAsync(string destination, string messageId, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<string>>(session.Query(
            """
            SELECT m.id, m.number FROM messages m JOIN messages k ON k.destination = m.destination AND k.subject = m.subject
            WHERE k.id = ?1 AND k.destination = ?2 AND m.state = 'delivered' ORDER BY m.number DESC
            """,
            row => (Id: row.GetString(0), Number: row.GetInt64(1)), messageId, destination).Where(m => numbers.Contains(m.Number)).Select(m => m.Id).ToList());
    }

    /// <summary>Puts words at the ends of their lanes; from there they go like every message.</summary>
    private void Queue(StoreSession session, IReadOnlyList<LaterWord> words)
    {
        var now = time.GetUtcNow();
        foreach (var word in words)
        {
            var destination = word.Destination.Name;
            var number = (session.Number("SELECT last_number FROM lanes WHERE destination = ?1 AND subject = ?2", destination, word.Subject) ?? 0) + 1;
            var source = new OutgoingEvent(
                new MessageInfo(word.Id, number, 1, destination, word.Subject, null, null, IsWithdrawal: false),
                new EventInfo("answer/" + word.Id, "ANSWER", IsAlarm: false, null, now, now, IsLate: false, ClockSuspect: false, null, null, null, null, null, []), null);
            session.Execute(
                """
                INSERT INTO messages (id, destination, subject, number, revision, decision_key, kind, occurred_at, created_at, entry, state, document, doc_version, source, soap, action, body, body_sha256, relates_to)
                VALUES (?1, ?2, ?3, ?4, 1, ?5, 'ANSWER', ?6, ?6, ?7, 'queued', 'wco-response', 1, ?8, ?9, ?10, ?11, ?12, ?13)
                """,
                word.Id, destination, word.Subject, number, "answer/" + word.Id, now.ToStored(), word.Entry, JsonSerializer.SerializeToUtf8Bytes(source, WordJson.Default.OutgoingEvent),
                word.Destination.Soap.ToString(), word.Destination.Action, word.Body.ToArray(), Convert.ToHexStringLower(SHA256.HashData(word.Body.Span)), word.RelatesTo);
            session.Execute(
                """
                INSERT INTO lanes (destination, subject, last_number, head, state, due_at, attempts, tries, reason, since, cause) VALUES (?1, ?2, ?3, ?3, 'waiting', ?4, 0, 0, NULL, ?4, NULL)
                ON CONFLICT (destination, subject) DO UPDATE SET last_number = excluded.last_number,
                    state    = CASE WHEN lanes.head IS NULL THEN excluded.state ELSE lanes.state END,
                    due_at   = CASE WHEN lanes.head IS NULL THEN excluded.due_at ELSE lanes.due_at END,
                    attempts = CASE WHEN lanes.head IS NULL THEN 0 ELSE lanes.attempts END,
                    tries    = CASE WHEN lanes.head IS NULL THEN 0 ELSE lanes.tries END,
                    since    = CASE WHEN lanes.head IS NULL THEN excluded.since ELSE lanes.since END,
                    head     = coalesce(lanes.head, excluded.head)
                """,
                destination, word.Subject, number, now.ToStored());
        }
    }

    private static KeptMessage Read(StoredRow row) => new(
        row.GetString(0), row.GetString(1), row.GetStringOrNull(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.GetInstant(4), row.GetString(5),
        row.IsDBNull(6) ? null : row.GetInt64(6), row.GetString(7), row.GetBytesOrNull(8))
    {
        Source = row.GetBytesOrNull(9),
        Document = row.GetStringOrNull(10),
        DocumentVersion = row.IsDBNull(11) ? null : row.GetInt32(11),
        MessageId = row.GetStringOrNull(12),
    };

    private static byte[]? Bytes(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? null : bytes.ToArray();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OutgoingEvent))]
internal sealed partial class WordJson : JsonSerializerContext;
