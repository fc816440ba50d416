using System.Text.Json;

namespace Adapter.Contracts.Transit;

/// <summary>Where a movement may go and stop. Shapes are GeoJSON (RFC 7946): WGS-84, longitude first.</summary>
/// <remarks>What is left out is not checked. A shape may come wrapped in a Feature.</remarks>
public sealed record RoutePlan
{
    /// <summary>The planned way as LineString or MultiLineString, or the corridor itself as Polygon or MultiPolygon.</summary>
    public JsonElement? Corridor { get; init; }

    /// <summary>How far beside the planned way, or outside the corridor, still counts as on it.</summary>
    public double ToleranceMetres { get; init; } = 500;

    /// <summary>Areas of offices that are more than a circle around a point.</summary>
    public IReadOnlyList<OfficeArea> Offices { get; init => field = value ?? []; } = [];

    public IReadOnlyList<PlannedStop> Stops { get; init => field = value ?? []; } = [];

    /// <summary>Places where the goods may stand for any time, such as a customs yard or a weighbridge.</summary>
    public IReadOnlyList<PermittedArea> PermittedAreas { get; init => field = value ?? []; } = [];
}

/// <summary>The area of one of the journey's offices, in place of its circle.</summary>
/// <param name="Code">Code of the office as the journey names it.</param>
/// <param name="Area">Polygon or MultiPolygon.</param>
public sealed record OfficeArea(string Code, JsonElement Area);

/// <summary>A stop that is allowed on the way.</summary>
/// <param name="Place">Point, Polygon or MultiPolygon.</param>
/// <param name="RadiusMetres">Radius around a Point.</param>
/// <param name="AtMostMinutes">How long the stop may take; null for any time.</param>
public sealed record PlannedStop(string Name, JsonElement Place, double RadiusMetres = 300, int? AtMostMinutes = null);

/// <param name="Area">Polygon or MultiPolygon.</param>
public sealed record PermittedArea(string Name, JsonElement Area);
