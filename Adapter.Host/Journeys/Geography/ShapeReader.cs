using System.Globalization;
using System.Text.Json;
using NetTopologySuite.Geometries;
using NetTopologySuite.IO.Converters;
using NetTopologySuite.Operation.Valid;

namespace Adapter.Host.Journeys.Geography;

/// <summary>Reads GeoJSON shapes and says of each that is impossible which field is wrong, and how to mend it.</summary>
/// <param name="errors">Takes the first error of each shape.</param>
internal sealed class ShapeReader(List<(string Field, string Message)> errors)
{
    /// <summary>Positions of all shapes of one plan together: they are stored with the journey.</summary>
    public const int MostPositions = 2_000;

    private static readonly JsonSerializerOptions GeoJson = new() { Converters = { new GeoJsonConverterFactory() }, MaxDepth = 16 };

    private static readonly Dictionary<string, int> Depths = new(StringComparer.Ordinal)
    {
        ["Point"] = 0,
        ["LineString"] = 1,
        ["MultiLineString"] = 2,
        ["Polygon"] = 2,
        ["MultiPolygon"] = 3,
    };

    private int _positions;

    public static string[] Ways { get; } = ["LineString", "MultiLineString", "Polygon", "MultiPolygon"];

    public static string[] Places { get; } = ["Point", "Polygon", "MultiPolygon"];

    public static string[] Areas { get; } = ["Polygon", "MultiPolygon"];

    /// <summary>The shape, or null after an error was noted.</summary>
    /// <param name="mostKilometres">How large the shape may be; an area that covers a country would permit everything.</param>
    public Geometry? Read(JsonElement json, string field, string[] allowed, double mostKilometres)
    {
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("type", out var wrapped)
            && wrapped.ValueKind == JsonValueKind.String && wrapped.ValueEquals("Feature"))
        {
            field += ".geometry";
            json = json.TryGetProperty("geometry", out var inner) ? inner : default;
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            return Refuse(field, $"Give a GeoJSON object of type {string.Join(" or ", allowed)}.");
        }

        var type = json.TryGetProperty("type", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString()! : "";
        if (!allowed.Contains(type))
        {
            return Refuse($"{field}.type", $"'{Short(type)}' does not do here: give {string.Join(" or ", allowed)}.");
        }

        if (json.TryGetProperty("crs", out _))
        {
            return Refuse($"{field}.crs", "Leave crs out: coordinates are WGS-84 degrees, and no other system is read.");
        }

        var coordinates = json.TryGetProperty("coordinates", out var given) ? given : default;
        if (Fault(coordinates, $"{field}.coordinates", Depths[type], isRing: type.EndsWith("Polygon", StringComparison.Ordinal)) is { } fault)
        {
            return Refuse(fault.Field, fault.Message);
        }

        var shape = json.Deserialize<Geometry>(GeoJson)!;
        var validity = new IsValidOp(shape);
        if (!validity.IsValid)
        {
            var at = validity.ValidationError.Coordinate;
            return Refuse(field, string.Create(CultureInfo.InvariantCulture,
                $"The shape is impossible near longitude {at.X:0.#####}, latitude {at.Y:0.#####}: {Words(validity.ValidationError)}."));
        }

        var box = shape.EnvelopeInternal;
        var kilometres = new Contracts.Telemetry.GeoPoint(box.MinY, box.MinX).MetresTo(new(box.MaxY, box.MaxX)) / 1000;
        return kilometres <= mostKilometres ? shape : Refuse(field, string.Create(CultureInfo.InvariantCulture,
            $"The shape is {kilometres:0} km across; at most {mostKilometres:0} km make sense here."));
    }

    private (string Field, string Message)? Fault(JsonElement coordinates, string field, int depth, bool isRing)
    {
        if (coordinates.ValueKind != JsonValueKind.Array)
        {
            return (field, "Give an array of coordinates.");
        }

        if (depth == 0)
        {
            return PositionFault(coordinates, field);
        }

        var count = coordinates.GetArrayLength();
        if (count == 0)
        {
            return (field, "The array is empty.");
        }

        var i = 0;
        foreach (var item in coordinates.EnumerateArray())
        {
            if (Fault(item, $"{field}[{i++}]", depth - 1, isRing) is { } fault)
            {
                return fault;
            }
        }

        return depth == 1 ? PathFault(coordinates, field, count, isRing) : null;
    }

    private (string Field, string Message)? PositionFault(JsonElement position, string field)
    {
        if (++_positions > MostPositions)
        {
            return (field, string.Create(CultureInfo.InvariantCulture, $"All shapes together have at most {MostPositions} positions. Simplify the line: a position every few hundred metres is enough."));
        }

        if (position.GetArrayLength() is not (2 or 3) || position.EnumerateArray().Any(n => n.ValueKind != JsonValueKind.Number))
        {
            return (field, "A position is [longitude, latitude] in degrees, with an altitude at most.");
        }

        var (longitude, latitude) = (position[0].GetDouble(), position[1].GetDouble());
        return (longitude, latitude) switch
        {
            ( >= -180 and <= 180, >= -90 and <= 90) when longitude != 0 || latitude != 0 => null,
            (0, 0) => (field, "0/0 is what receivers send that know no place, and no place of customs."),
            ( >= -90 and <= 90, >= -180 and <= 180) => (field, string.Create(CultureInfo.InvariantCulture,
                $"Latitude {latitude} does not lie between -90 and 90. GeoJSON writes longitude first: are the two swapped?")),
            _ => (field, string.Create(CultureInfo.InvariantCulture,
                $"Longitude {longitude}, latitude {latitude}: longitude lies between -180 and 180 and latitude between -90 and 90.")),
        };
    }

    private static (string Field, string Message)? PathFault(JsonElement path, string field, int count, bool isRing)
    {
        var positions = path.EnumerateArray().Select(p => (Longitude: p[0].GetDouble(), Latitude: p[1].GetDouble())).ToList();
        if (isRing && count < 4)
        {
            return (field, $"A ring has at least four positions, the last equal to the first; there are {count}.");
        }

        if (isRing && positions[0] != positions[^1])
        {
            return (field, "The ring is not closed: repeat its first position at the end.");
        }

        if (positions.Distinct().Count() < 2)
        {
            return (field, "A line has at least two different positions.");
        }

        for (var i = 1; i < positions.Count; i++)
        {
            if (Math.Abs(positions[i].Longitude - positions[i - 1].Longitude) > 180)
            {
                return ($"{field}[{i}]", "The line crosses the 180th meridian: cut it there into two parts of a Multi shape.");
            }
        }

        return null;
    }

    private Geometry? Refuse(string field, string message)
    {
        errors.Add((field, message));
        return null;
    }

    private static string Words(TopologyValidationError error) => error.ErrorType switch
    {
        TopologyValidationErrors.SelfIntersection or TopologyValidationErrors.RingSelfIntersection => "its edge crosses or touches itself",
        TopologyValidationErrors.HoleOutsideShell => "a hole lies outside the area",
        TopologyValidationErrors.NestedHoles => "a hole lies inside another",
        TopologyValidationErrors.NestedShells => "an area lies inside another",
        TopologyValidationErrors.DisconnectedInteriors => "its holes cut it into pieces",
        TopologyValidationErrors.DuplicateRings => "the same ring is given twice",
        _ => error.Message,
    };

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
