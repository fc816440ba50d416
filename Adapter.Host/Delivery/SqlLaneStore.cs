using Adapter.Contracts.Admin;
using Adapter.Host.Observability;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <inheritdoc cref="ILaneStore"/>
/// <remarks>
/// One process serves all lanes, so which ones are being served is kept in memory: a durable claim would double the writes. This file claims
/// heads and marks attempts; the others hold outcomes, overtaking, answers, acts of persons, repairs, recovery, escalation and views.
/// </remarks>
internal sealed partial class SqlLaneStore(StoreWriter writer, StoreDatabase database, ICrashPoint crash, [FromKeyedServices(StoreClock.Key)] TimeProvider time) : ILaneStore
{
    private const string HeadColumns =
        """
        SELECT l.destination, l.subject, m.id, m.number, l.state, l.attempts, l.tries,
               (SELECT count(*) FROM attempts a WHERE a.message_id = m.id AND a.purpose = 'ask' AND a.http_status IS NOT NULL
                  AND a.id > coalesce((SELECT max(s.id) FROM attempts s WHERE s.message_id = m.id AND s.purpose = 'send'), 0)), m.soap, m.action, m.body, j.received_at, m.relates_to
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

    public Task<DateTimeOffset?> NextDueAsync(
        IReadOnlyCollection<string> resting, IReadOnlyCollection<LaneKey> busy, IReadOnlyCollection<LaneKey> overtaking, CancellationToken cancellationToken)
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
            due = session.Number(
                "SELECT min(due_at) FROM overtakers o WHERE destination = ?1 AND due_at IS NOT NULL AND subject NOT IN (SELECT value FROM json_each(?2))" + FirstOfItsLane,
                destination, BusyAt(destination, overtaking));
            next = due < (next ?? long.MaxValue) ? due : next;
        }

        return Task.FromResult(next is { } at ? Instant.FromStored(at) : (DateTimeOffset?)null);
    }

    public Task<long> BeginAsync(LaneHead head, AttemptPurpose purpose, CancellationToken cancellationToken) =>
        writer.WriteAsync(
            WriteUrgency.Ordinary,
            session => session.Insert(
                "INSERT INTO attempts (message_id, purpose, started_at) VALUES (?1, ?2, ?3)", head.MessageId, Name(purpose), time.GetUtcNow().ToStored()),
            cancellationToken);

    private static LaneHead ReadHead(StoredRow row) => new(
        new LaneKey(row.GetString(0), row.GetString(1)), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetInt32(5), row.GetInt32(6),
        row.GetInt32(7), Enum.Parse<SoapVersion>(row.GetString(8)), row.GetString(9), row.GetFieldValue<byte[]>(10), row.GetInstant(11))
    {
        RelatesTo = row.GetStringOrNull(12),
    };

    private static string Name(AttemptPurpose purpose) => purpose switch
    {
        AttemptPurpose.Send => "send",
        AttemptPurpose.Ask => "ask",
        _ => "wait",
    };

    private static string BusyAt(string destination, IReadOnlyCollection<LaneKey> busy) =>
        StoreSession.List(busy.Where(b => b.Destination == destination).Select(b => b.Subject));
}
