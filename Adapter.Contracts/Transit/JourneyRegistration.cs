using System.Text.Json.Serialization;
using Adapter.Contracts.Telemetry;

namespace Adapter.Contracts.Transit;

/// <summary>One transit movement as customs register it.</summary>
/// <remarks>Made valid by <see cref="JourneyRegistrationRules"/> at the edge and trusted afterwards. A list that is left out or null is empty.</remarks>
public sealed record JourneyRegistration
{
    /// <summary>The registering system's own reference, 1 to 35 characters; the subject of every message about the journey.</summary>
    public required string JourneyId { get; init; }

    public Regime Regime { get; init; } = Regime.Transit;

    /// <summary>Movement reference number, 18 characters in NCTS, up to 70 in the WCO data model.</summary>
    public string? Mrn { get; init; }

    public string? ManifestNumber { get; init; }

    public Carrier? Carrier { get; init; }

    public Vehicle? Vehicle { get; init; }

    /// <summary>A reference to the driver in the transportation system; never a name or a telephone number.</summary>
    public string? DriverReference { get; init; }

    public IReadOnlyList<Container> Containers { get; init => field = value ?? []; } = [];

    public IReadOnlyList<LockAssignment> Locks { get; init => field = value ?? []; } = [];

    public required Office Departure { get; init; }

    public IReadOnlyList<Office> Transit { get; init => field = value ?? []; } = [];

    public required Office Destination { get; init; }

    /// <summary>Corridor, stops and areas; null where none are planned.</summary>
    public RoutePlan? Route { get; init; }

    /// <summary>From when the goods may leave; null for any time.</summary>
    public DateTimeOffset? DepartureFrom { get; init; }

    /// <summary>Until when the goods may leave; null for any time.</summary>
    public DateTimeOffset? DepartureUntil { get; init; }

    /// <summary>The last moment at which the goods must be presented at destination.</summary>
    public DateTimeOffset? TimeLimit { get; init; }
}

/// <summary>The customs regime: it selects which checks apply and how severe a finding is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Regime>))]
public enum Regime
{
    Transit,
    CrossBorder,
    ToBondedZone,
    ToFreeZone,
    DangerousGoods,
    SpecialGoods,
}

/// <summary>Who carries the goods. Id as the customs know the party, 1 to 17 characters.</summary>
public sealed record Carrier(string? Id, string? Name);

/// <summary>The towing vehicle. Nationality is ISO 3166 alpha-2.</summary>
public sealed record Vehicle(string Plate, string? Nationality);

/// <summary>A container or trailer with the seals that the declaration names. Number is ISO 6346, 1 to 17 characters.</summary>
public sealed record Container(string Number, IReadOnlyList<Seal> Seals)
{
    public IReadOnlyList<Seal> Seals { get; init => field = value ?? []; } = Seals ?? [];
}

/// <summary>A seal number as declared, 1 to 35 characters.</summary>
public sealed record Seal(string Number);

/// <summary>An e-lock put on a container of the journey, or on the vehicle where no container is named.</summary>
/// <param name="From">From when the lock belongs to the journey; null means from the registration's receipt.</param>
public sealed record LockAssignment(LockId Lock, string? Container, DateTimeOffset? From);

/// <summary>A customs office and the area around it.</summary>
/// <param name="Code">Office code, 1 to 17 characters (WCO an..17).</param>
/// <param name="Country">ISO 3166 alpha-2.</param>
/// <param name="RadiusMetres">Radius of the area in which a lock counts as being at the office.</param>
public sealed record Office(string Code, string? Name, string? Country, GeoPoint? Position, double RadiusMetres = 1000);
