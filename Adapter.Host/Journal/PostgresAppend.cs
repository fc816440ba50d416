using Adapter.Contracts.Telemetry;
using Adapter.Host.Storage;

namespace Adapter.Host.Journal;

/// <summary>Appends many records in few statements.</summary>
/// <remarks>What is known is looked up row by row in a query of its own: a plan that joins, once made while a table was small, reads all of it when it has grown.</remarks>
internal static class PostgresAppend
{
    /// <summary>Tries until no other host inserts one of the same keys in between.</summary>
    private const int MostTries = 5;

    /// <returns>One result per record, in order.</returns>
    /// <exception cref="StoreUnavailableException">Other hosts inserted the same keys again and again; nothing was kept.</exception>
    public static AppendResult[] Run(PostgresSession session, List<ReceivedRecord> records)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            session.Ahead("SAVEPOINT append");
            var (positions, keys) = PositionsAndKnownKeys(session, records);
            var rows = File(records, positions, keys, KnownIds(session, records));
            if (Insert(session, records, rows))
            {
                session.Ahead("RELEASE append");
                return [.. rows.Select(row => row.Filing.At(row.Position))];
            }

            session.Execute("ROLLBACK TO append");
        }

        throw new StoreUnavailableException("Other hosts append the same records at the same time. Nothing was kept; the write may be tried again.");
    }

    /// <summary>What becomes of each record, given what the store knows. The records before it in the list count as known.</summary>
    private static List<Row> File(List<ReceivedRecord> records, List<long> positions, Dictionary<Key, long> keys, Dictionary<(string, string), Identified> ids)
    {
        var rows = new List<Row>(records.Count);
        foreach (var (record, position) in records.Zip(positions))
        {
            if (record is not { Quarantine: null, Identity: { } identity })
            {
                rows.Add(new Row(Filing.Of(record, copyOf: null, first: null), position));
                continue;
            }

            var key = Key.Of(identity);
            var id = identity.SourceId is { } given ? (identity.Source, PostgresText.Storable(given)) : default((string, string)?);
            var filing = Filing.Of(record, keys.TryGetValue(key, out var copyOf) ? copyOf : null, id is { } asked ? ids.GetValueOrDefault(asked) : null);
            rows.Add(new Row(filing, position));
            if (filing.CopyOf is null)
            {
                keys.Add(key, position);
            }

            if (filing.IsNewId)
            {
                ids.Add(id!.Value, new Identified(position, identity.FixedHash));
            }
        }

        return rows;
    }

    /// <returns>A new position for each record, in their order, and where the store has the same record already.</returns>
    private static (List<long> Positions, Dictionary<Key, long> Known) PositionsAndKnownKeys(PostgresSession session, List<ReceivedRecord> records)
    {
        List<RecordIdentity?> identities = [.. records.Select(r => r.Quarantine is null ? r.Identity : null)];
        var found = session.Query(
            """
            SELECT n.place, next_position(),
                (SELECT k.position FROM record_keys k WHERE k.report_second = n.report_second AND k.lock = n.lock AND k.route = n.route AND k.content_hash = n.content_hash)
            FROM unnest(?1, ?2, ?3, ?4) WITH ORDINALITY AS n (report_second, lock, route, content_hash, place)
            """,
            row => (Place: (int)row.GetInt64(0) - 1, New: row.GetInt64(1), Known: row.IsDBNull(2) ? default(long?) : row.GetInt64(2)),
            identities.Select(i => i?.ReportSecond).ToArray(), identities.Select(i => i?.Lock.Value).ToArray(),
            identities.Select(i => i is null ? null : ReportRoutes.Name(i.Route)).ToArray(), identities.Select(i => i?.ContentHash).ToArray());
        var known = new Dictionary<Key, long>();
        foreach (var (place, _, position) in found)
        {
            if (position is { } at)
            {
                known[Key.Of(identities[place]!)] = at;
            }
        }

        return ([.. found.Select(f => f.New).Order()], known);
    }

    private static Dictionary<(string, string), Identified> KnownIds(PostgresSession session, List<ReceivedRecord> records)
    {
        List<RecordIdentity> identities = [.. records.Where(r => r.Quarantine is null).Select(r => r.Identity).OfType<RecordIdentity>().Where(i => i.SourceId is not null)];
        return identities.Count == 0 ? [] : session.Query(
            """
            SELECT DISTINCT s.source, s.source_id, s.position, s.fixed_hash FROM unnest(?1, ?2) AS n (source, source_id)
            CROSS JOIN LATERAL (SELECT * FROM source_ids k WHERE k.source = n.source AND k.source_id = n.source_id LIMIT 1) s
            """,
            row => (Key: (row.GetString(0), row.GetString(1)), First: new Identified(row.GetInt64(2), row.GetInt64(3))),
            identities.Select(i => i.Source).ToArray(), identities.Select(i => i.SourceId!).ToArray()).ToDictionary(s => s.Key, s => s.First);
    }

    /// <returns>False where another host was faster with one of the keys.</returns>
    private static bool Insert(PostgresSession session, List<ReceivedRecord> records, List<Row> rows)
    {
        List<(ReceivedRecord Record, Filing Filing, long Position)> kept =
            [.. records.Zip(rows).Where(r => r.Second.Filing.CopyOf is null).Select(r => (r.First, r.Second.Filing, r.Second.Position))];
        if (kept.Count == 0)
        {
            return true;
        }

        List<(RecordIdentity Identity, long Position, bool NewId)> keyed =
            [.. kept.Where(k => k.Record is { Quarantine: null, Identity: not null }).Select(k => (k.Record.Identity!, k.Position, k.Filing.IsNewId))];
        if (keyed.Count > 0 && session.Execute(
            """
            INSERT INTO record_keys (report_second, lock, route, content_hash, position) SELECT * FROM unnest(?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING
            """,
            keyed.Select(k => k.Identity.ReportSecond).ToArray(), keyed.Select(k => k.Identity.Lock.Value).ToArray(),
            keyed.Select(k => ReportRoutes.Name(k.Identity.Route)).ToArray(), keyed.Select(k => k.Identity.ContentHash).ToArray(),
            keyed.Select(k => k.Position).ToArray()) < keyed.Count)
        {
            return false;
        }

        List<(RecordIdentity Identity, long Position, bool NewId)> named = [.. keyed.Where(k => k.NewId)];
        if (named.Count > 0 && session.Execute(
            "INSERT INTO source_ids (source, source_id, fixed_hash, position) SELECT * FROM unnest(?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            named.Select(k => k.Identity.Source).ToArray(), named.Select(k => k.Identity.SourceId!).ToArray(),
            named.Select(k => k.Identity.FixedHash).ToArray(), named.Select(k => k.Position).ToArray()) < named.Count)
        {
            return false;
        }

        session.Execute(
            """
            WITH entries AS (
                INSERT INTO journal (position, kind, source, route, received_at, body, elided, relation, related, note)
                SELECT * FROM unnest(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING position)
            INSERT INTO waiting_entries (position) SELECT position FROM entries
            """,
            kept.Select(k => k.Position).ToArray(), kept.Select(k => SqlJournal.KindOf(k.Record)).ToArray(), kept.Select(k => k.Record.Source).ToArray(),
            kept.Select(k => k.Record.Route).ToArray(), kept.Select(k => k.Record.ReceivedAt.ToStored()).ToArray(),
            kept.Select(k => k.Record.Body.ToArray()).ToArray(), kept.Select(k => SqlJournal.ElidedIn(k.Record)).ToArray(),
            kept.Select(k => k.Filing.Relation).ToArray(), kept.Select(k => k.Filing.Related).ToArray(), kept.Select(k => k.Filing.Note).ToArray());
        return true;
    }

    /// <param name="Position">Its own; that of a copy stays free.</param>
    private sealed record Row(Filing Filing, long Position);

    private readonly record struct Key(long Second, string Lock, string Route, long Hash)
    {
        // Without the code space: settings may change, the record does not.
        public static Key Of(RecordIdentity identity) => new(identity.ReportSecond, identity.Lock.Value, ReportRoutes.Name(identity.Route), identity.ContentHash);
    }
}
