using System.Diagnostics.CodeAnalysis;
using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Journeys;

/// <summary>The parts of a registration as the services take them, in the adapter's own terms.</summary>
internal static class WireJourney
{
    /// <exception cref="FormatException">A lock number is none; <see cref="RequestRules"/> finds that first.</exception>
    public static JourneyRegistration Of(RegisterMovementRequest told) => new()
    {
        JourneyId = told.MovementId,
        Regime = told.Regime,
        Mrn = told.Mrn,
        ManifestNumber = told.ManifestNumber,
        Carrier = told.Carrier is { } carrier ? new Carrier(carrier.Id, carrier.Name) : null,
        Vehicle = Of(told.Vehicle),
        DriverReference = told.DriverReference,
        Containers = [.. (told.Containers ?? []).Select(Of)],
        Locks = [.. (told.Locks ?? []).Select(Of)],
        Departure = Of(told.Departure)!,
        Transit = [.. (told.Transit ?? []).Select(office => Of(office))],
        Destination = Of(told.Destination)!,
        DepartureFrom = told.DepartureFrom,
        DepartureUntil = told.DepartureUntil,
        TimeLimit = told.TimeLimit,
        Route = told.Route is { } route ? WireRoute.Of(route) : null,
    };

    public static Container Of(ContainerItem item) => new(item.Number, [.. (item.Seals ?? []).Select(number => new Seal(number))]);

    public static LockAssignment Of(LockItem item) => new(LockId.Parse(item.Number), item.Container, item.From);

    [return: NotNullIfNotNull(nameof(item))]
    public static Vehicle? Of(VehicleItem? item) => item is null ? null : new Vehicle(item.Plate, item.Nationality);

    [return: NotNullIfNotNull(nameof(item))]
    public static Office? Of(OfficeItem? item) => item is null ? null : new Office(
        item.Code, item.Name, item.Country,
        item is { Latitude: { } latitude, Longitude: { } longitude } ? new GeoPoint(latitude, longitude) : null,
        item.RadiusMetres ?? 1000);
}
