using System.Text.Json;
using Adapter.Contracts.Admin;
using Adapter.Host.Observability;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <inheritdoc cref="IDestinationStore"/>
internal sealed class SqlDestinationStore(StoreWriter writer, StoreDatabase database, ICrashPoint crash, TimeProvider time) : IDestinationStore
{
    private readonly Lock _gate = new();
    private long _generation;
    private IReadOnlyList<KeptDestination>? _kept;
    private IReadOnlyList<Destination>? _all;

    public ValueTask<IReadOnlyList<Destination>> AllAsync(CancellationToken cancellationToken) => new(_all ?? [.. Read().Select(kept => kept.Definition)]);

    public ValueTask<IReadOnlyList<KeptDestination>> KeptAsync(CancellationToken cancellationToken) => new(_kept ?? Read());

    public async Task SeedAsync(IReadOnlyList<Destination> destinations, CancellationToken cancellationToken)
    {
        await writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            foreach (var destination in destinations)
            {
                session.Execute(
                    "INSERT INTO destinations (name, version, updated_at, definition) VALUES (?1, 1, ?2, ?3) ON CONFLICT (name) DO NOTHING",
                    destination.Name, time.GetUtcNow().ToStored(), Json(destination));
                crash.Reached(CrashPoints.Seeding);
            }
        }, cancellationToken);
        crash.Reached(CrashPoints.Seeded);
        Forget();
    }

    public async Task<int?> PutAsync(Destination destination, int version, Actor actor, string reason, CancellationToken cancellationToken)
    {
        var made = await writer.WriteAsync<int?>(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            session.Execute(
                """
                INSERT INTO destination_history (name, version, until, definition)
                SELECT name, version, ?3, definition FROM destinations WHERE name = ?1 AND version = ?2
                """,
                destination.Name, version, now.ToStored());
            var changed = version == 0
                ? session.Execute("INSERT INTO destinations (name, version, updated_at, definition) VALUES (?1, 1, ?2, ?3) ON CONFLICT (name) DO NOTHING",
                    destination.Name, now.ToStored(), Json(destination))
                : session.Execute("UPDATE destinations SET version = version + 1, updated_at = ?3, definition = ?4 WHERE name = ?1 AND version = ?2",
                    destination.Name, version, now.ToStored(), Json(destination));
            if (changed == 0)
            {
                return null;
            }

            AuditTrail.Append(session, now, actor, "destination.put", $"{destination.Name}@{version + 1}", reason);
            return version + 1;
        }, cancellationToken);
        Forget();
        return made;
    }

    public async Task<bool> HoldAsync(string name, bool hold, Actor actor, string reason, CancellationToken cancellationToken)
    {
        var found = await writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            var now = time.GetUtcNow();
            if (session.Number("SELECT count(*) FROM destinations WHERE name = ?1", name) == 0)
            {
                return false;
            }

            session.Execute("DELETE FROM destination_holds WHERE name = ?1", name);
            if (hold)
            {
                session.Execute("INSERT INTO destination_holds (name, held_by, since, reason) VALUES (?1, ?2, ?3, ?4)", name, actor.Name, now.ToStored(), reason);
            }

            AuditTrail.Append(session, now, actor, hold ? "destination.hold" : "destination.release", name, reason);
            return true;
        }, cancellationToken);
        Forget();
        return found;
    }

    private List<KeptDestination> Read()
    {
        var generation = Interlocked.Read(ref _generation);
        using var session = database.OpenForReading();
        var kept = session.Query(
            "SELECT d.definition, d.version, h.held_by, h.since, h.reason FROM destinations d LEFT JOIN destination_holds h ON h.name = d.name ORDER BY d.name",
            row => new KeptDestination(
                JsonSerializer.Deserialize(row.GetString(0), DeliveryJson.Default.Destination)!, row.GetInt32(1),
                row.IsDBNull(2) ? null : new DestinationHold(row.GetString(2), row.GetInstant(3), row.GetString(4))));
        lock (_gate)
        {
            // What was read before a change must not be remembered after it.
            if (generation == _generation)
            {
                (_kept, _all) = (kept, [.. kept.Select(k => k.Definition)]);
            }
        }

        return kept;
    }

    private void Forget()
    {
        lock (_gate)
        {
            _generation++;
            (_kept, _all) = (null, null);
        }
    }

    private static string Json(Destination destination) => JsonSerializer.Serialize(destination, DeliveryJson.Default.Destination);
}
