using System.Globalization;
using System.Runtime.CompilerServices;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Journeys.Geography;

/// <summary>The geography of one journey, ready to be asked.</summary>
internal sealed class RouteMap
{
    /// <summary>A batch asks for the same journey's map with each of its reports.</summary>
    private static readonly ConditionalWeakTable<JourneyRegistration, RouteMap> Known = [];

    private readonly Dictionary<string, Zone> _offices = new(StringComparer.Ordinal);
    private readonly List<PermittedZone> _permitted = [];

    private readonly List<PlannedLine> _lines = [];

    private RouteMap()
    {
    }

    /// <summary>The corridor with its tolerance; null where none is planned.</summary>
    public Zone? Corridor { get; private set; }

    public IReadOnlyDictionary<string, Zone> Offices => _offices;

    /// <summary>The outlines of what is planned, to be drawn.</summary>
    public IReadOnlyList<PlannedLine> Lines => _lines;

    /// <summary>Where goods may stand: offices, planned stops, permitted areas.</summary>
    public IReadOnlyList<PermittedZone> Permitted => _permitted;

    /// <summary>Errors of a plan, by field, all at once; empty when it can be followed.</summary>
    public static IReadOnlyDictionary<string, string[]> Check(JourneyRegistration registration)
    {
        var errors = new List<(string Field, string Message)>();
        Build(registration, errors);
        return errors.GroupBy(e => e.Field, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(e => e.Message).ToArray(), StringComparer.Ordinal);
    }

    /// <summary>The map of a registration that <see cref="Check"/> has passed; of one that it has not, what can be used.</summary>
    public static RouteMap Of(JourneyRegistration registration) => Known.GetValue(registration, r => Build(r, []));

    /// <summary>The first permitted zone around a place, or null; drift counts as inside.</summary>
    public PermittedZone? PermittedAt(GeoPoint place, double driftMetres) => _permitted.Find(p => p.Zone.Contains(place, driftMetres) != false);

    private void Outline(NetTopologySuite.Geometries.Geometry shape, double marginMetres) =>
        _lines.AddRange(NetTopologySuite.Geometries.Utilities.LinearComponentExtracter.GetLines(shape).OfType<NetTopologySuite.Geometries.LineString>()
            .Select(line => new PlannedLine([.. line.Coordinates.Select(c => new GeoPoint(c.Y, c.X))], shape is NetTopologySuite.Geometries.IPolygonal, marginMetres)));

    private static RouteMap Build(JourneyRegistration registration, List<(string Field, string Message)> errors)
    {
        const int mostPlaces = 50;
        var map = new RouteMap();
        var reader = new ShapeReader(errors);
        var plan = registration.Route;
        var offices = (registration.Transit ?? []).Prepend(registration.Departure).Append(registration.Destination).Where(o => o?.Code is not null).ToList();

        if (plan?.Corridor is { } corridor && Number("route.toleranceMetres", plan.ToleranceMetres, 10, 50_000)
            && reader.Read(corridor, "route.corridor", ShapeReader.Ways, mostKilometres: 10_000) is { } way)
        {
            map.Corridor = new ShapeZone(way, plan.ToleranceMetres);
            map.Outline(way, plan.ToleranceMetres);
        }

        Each("route.offices", plan?.Offices, (field, area) =>
        {
            if (offices.TrueForAll(o => o.Code != area.Code))
            {
                errors.Add(($"{field}.code", $"'{area.Code}' is not among the offices of this journey: {string.Join(", ", offices.Select(o => o.Code))}."));
            }
            else if (reader.Read(area.Area, $"{field}.area", ShapeReader.Areas, mostKilometres: 100) is { } shape)
            {
                map.Outline(shape, marginMetres: 0);
                if (map._offices.TryAdd(area.Code, new ShapeZone(shape, 0)))
                {
                    return;
                }

                errors.Add(($"{field}.code", $"Office {area.Code} has two areas. Give one, as a MultiPolygon if it lies in pieces."));
            }
        });
        foreach (var office in offices.Where(o => o.Position is not null))
        {
            map._offices.TryAdd(office.Code, new CircleZone(office.Position!, office.RadiusMetres));
        }

        map._permitted.AddRange(map._offices.Select(o => new PermittedZone($"office {o.Key}", o.Value, AtMost: null)));
        Each("route.stops", plan?.Stops, (field, stop) =>
        {
            Name($"{field}.name", stop.Name);
            if (stop.AtMostMinutes is { } minutes)
            {
                Number($"{field}.atMostMinutes", minutes, 1, 10_080);
            }

            if (Number($"{field}.radiusMetres", stop.RadiusMetres, 20, 20_000) && reader.Read(stop.Place, $"{field}.place", ShapeReader.Places, mostKilometres: 100) is { } shape)
            {
                Zone zone = shape is NetTopologySuite.Geometries.Point point ? new CircleZone(new GeoPoint(point.Y, point.X), stop.RadiusMetres) : new ShapeZone(shape, 0);
                map.Outline(shape, marginMetres: 0);
                map._permitted.Add(new PermittedZone($"planned stop {stop.Name}", zone, stop.AtMostMinutes is { } most ? TimeSpan.FromMinutes(most) : null));
            }
        });
        Each("route.permittedAreas", plan?.PermittedAreas, (field, area) =>
        {
            Name($"{field}.name", area.Name);
            if (reader.Read(area.Area, $"{field}.area", ShapeReader.Areas, mostKilometres: 100) is { } shape)
            {
                map.Outline(shape, marginMetres: 0);
                map._permitted.Add(new PermittedZone($"permitted area {area.Name}", new ShapeZone(shape, 0), AtMost: null));
            }
        });
        return map;

        bool Number(string field, double value, double least, double most)
        {
            if (value >= least && value <= most)
            {
                return true;
            }

            errors.Add((field, string.Create(CultureInfo.InvariantCulture, $"{value} does not lie between {least} and {most}.")));
            return false;
        }

        void Name(string field, string? name)
        {
            if (string.IsNullOrWhiteSpace(name) || name.Length > 70 || name.Any(char.IsControl))
            {
                errors.Add((field, "Give a name of 1 to 70 printable characters."));
            }
        }

        void Each<T>(string field, IReadOnlyList<T>? items, Action<string, T> read)
        {
            if (items?.Count > mostPlaces)
            {
                errors.Add((field, $"At most {mostPlaces} items; there are {items.Count}."));
                return;
            }

            for (var i = 0; i < (items?.Count ?? 0); i++)
            {
                if (items![i] is { } item)
                {
                    read($"{field}[{i}]", item);
                }
                else
                {
                    errors.Add(($"{field}[{i}]", "An item cannot be null."));
                }
            }
        }
    }
}

/// <summary>An edge or a way of the plan.</summary>
/// <param name="MarginMetres">What lies this near still belongs to it.</param>
internal sealed record PlannedLine(IReadOnlyList<GeoPoint> Line, bool IsArea, double MarginMetres);

/// <param name="Name">As findings name it.</param>
/// <param name="AtMost">How long goods may stand there; null for any time.</param>
internal sealed record PermittedZone(string Name, Zone Zone, TimeSpan? AtMost);
