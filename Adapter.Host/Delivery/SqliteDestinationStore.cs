using System.Text.Json;
using Adapter.Contracts.Admin;
using Adapter.Host.Observability;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <inheritdoc cref="IDestinationStore"/>
internal sealed class SqliteDestinationStore(SqliteWriter writer, SqliteDatabase database, ICrashPoint crash, TimeProvider time) : IDestinationStore
{
    private IReadOnlyList<Destination>? _all;

    public ValueTask<IReadOnlyList<Destination>> AllAsync(CancellationToken cancellationToken)
    {
        if (_all is { } known)
        {
            return new(known);
        }

        using var session = database.OpenForReading();
        return new(_all = session.Query(
            "SELECT definition FROM destinations ORDER BY name",
            row => JsonSerializer.Deserialize(row.GetString(0), DeliveryJson.Default.Destination)!));
    }

    public async Task SeedAsync(IReadOnlyList<Destination> destinations, CancellationToken cancellationToken)
    {
        await writer.WriteAsync(WriteUrgency.Ordinary, session =>
        {
            foreach (var destination in destinations)
            {
                session.Execute(
                    "INSERT INTO destinations (name, version, updated_at, definition) VALUES (?1, 1, ?2, ?3) ON CONFLICT (name) DO NOTHING",
                    destination.Name, time.GetUtcNow().ToStored(), JsonSerializer.Serialize(destination, DeliveryJson.Default.Destination));
                crash.Reached(CrashPoints.Seeding);
            }
        }, cancellationToken);
        crash.Reached(CrashPoints.Seeded);
        _all = null;
    }
}
