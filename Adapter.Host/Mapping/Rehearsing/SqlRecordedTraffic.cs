using Adapter.Host.Storage;

namespace Adapter.Host.Mapping.Rehearsing;

/// <inheritdoc cref="IRecordedTraffic"/>
internal sealed class SqlRecordedTraffic(StoreDatabase database) : IRecordedTraffic
{
    public Task<long> CountAsync(TrafficStretch stretch, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult(session.Number(
            stretch.Received
                ? "SELECT count(*) FROM neighbour_messages WHERE coalesce(entry, 0) BETWEEN ?1 AND ?2 AND document = ?3 AND source IS NOT NULL"
                : "SELECT count(*) FROM messages WHERE entry BETWEEN ?1 AND ?2 AND document = ?3",
            stretch.From, stretch.To, stretch.Document) ?? 0);
    }

    public Task<IReadOnlyList<RecordedMessage>> PageAsync(TrafficStretch stretch, RecordedMessage? after, int most, CancellationToken cancellationToken)
    {
        using var session = database.OpenForReading();
        return Task.FromResult<IReadOnlyList<RecordedMessage>>(session.Query(
            stretch.Received
                ? """
                  SELECT coalesce(entry, 0), neighbour || '/' || reference, source FROM neighbour_messages
                  WHERE (coalesce(entry, 0), neighbour || '/' || reference) > (?1, ?2) AND coalesce(entry, 0) <= ?3 AND document = ?4 AND source IS NOT NULL
                  ORDER BY coalesce(entry, 0), neighbour || '/' || reference LIMIT ?5
                  """
                : """
                  SELECT entry, id, source FROM messages
                  WHERE (entry, id) > (?1, ?2) AND entry <= ?3 AND document = ?4
                  ORDER BY entry, id LIMIT ?5
                  """,
            row => new RecordedMessage(row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2)),
            after?.Entry ?? stretch.From, after?.Id ?? "", stretch.To, stretch.Document, most));
    }
}
