using System.Text.Json;
using System.Text.Json.Nodes;
using Adapter.Contracts.Customs;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Journeys;

/// <summary>A route as the services take it, as the plan of a registration.</summary>
internal static class WireRoute
{
    public static RoutePlan Of(RouteItem item) => new()
    {
        Corridor = item.Way is { Length: > 0 } way ? Shape("LineString", Positions(way)) : null,
        ToleranceMetres = item.ToleranceMetres ?? new RoutePlan().ToleranceMetres,
        Stops = [.. (item.Stops ?? []).Select(Stop)],
        PermittedAreas = [.. (item.PermittedAreas ?? []).Select(area => new PermittedArea(area.Name, Ring(area.Corners ?? [])))],
    };

    /// <summary>The field of the request that a field of the plan was made of.</summary>
    public static string FieldOf(string planned) => planned
        .Replace("route.corridor.coordinates", "route.way", StringComparison.Ordinal)
        .Replace("route.corridor", "route.way", StringComparison.Ordinal)
        .Replace(".area.coordinates[0]", ".corners", StringComparison.Ordinal)
        .Replace(".area", ".corners", StringComparison.Ordinal);

    private static PlannedStop Stop(StopItem item)
    {
        var stop = new PlannedStop(item.Name, Shape("Point", Position(item.Latitude, item.Longitude)), AtMostMinutes: item.AtMostMinutes);
        return item.RadiusMetres is { } radius ? stop with { RadiusMetres = radius } : stop;
    }

    /// <summary>GeoJSON says the first corner again at the end; callers need not.</summary>
    private static JsonElement Ring(PointItem[] corners) =>
        Shape("Polygon", new JsonArray(Positions(corners is [var first, .., var last] && first != last ? [.. corners, first] : corners)));

    private static JsonElement Shape(string type, JsonArray coordinates) => JsonSerializer.SerializeToElement(new JsonObject { ["type"] = type, ["coordinates"] = coordinates });

    private static JsonArray Positions(IEnumerable<PointItem> points) => new([.. points.Select(p => Position(p.Latitude, p.Longitude))]);

    private static JsonArray Position(double latitude, double longitude) => new(longitude, latitude);
}
