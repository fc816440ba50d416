using Adapter.Contracts.Telemetry;
using NetTopologySuite.Algorithm.Locate;
using NetTopologySuite.Geometries;
using NetTopologySuite.Index.Strtree;
using Location = NetTopologySuite.Geometries.Location;

namespace Adapter.Host.Journeys.Geography;

/// <summary>A part of the earth's surface that a place is inside of or not.</summary>
internal abstract class Zone
{
    /// <summary>How far a standing receiver wanders at an edge.</summary>
    public const double DriftMetres = 100;

    /// <summary>How far outside the place lies, in metres; zero or less when it is inside.</summary>
    public abstract double MetresOutside(GeoPoint place);

    /// <summary>Inside, outside, or null for a place so near the edge that drift of a standing receiver could have put it there.</summary>
    /// <remarks>
    /// A place near the edge says nothing, so that what was seen before goes on to hold: that is hysteresis, and it does not depend on the order
    /// in which places are heard of.
    /// </remarks>
    public bool? Contains(GeoPoint place, double driftMetres)
    {
        var outside = MetresOutside(place);
        return outside <= 0 ? true : outside > driftMetres ? false : null;
    }
}

internal sealed class CircleZone(GeoPoint centre, double radiusMetres) : Zone
{
    public override double MetresOutside(GeoPoint place) => place.MetresTo(centre) - radiusMetres;
}

/// <summary>Areas and lines with a margin around them.</summary>
internal sealed class ShapeZone : Zone
{
    private readonly double _margin;
    private readonly IndexedPointInAreaLocator? _area;
    private readonly List<LineSegment> _edges = [];
    private readonly STRtree<LineSegment> _near = new();

    public ShapeZone(Geometry shape, double marginMetres)
    {
        _margin = marginMetres;
        _area = shape is IPolygonal ? new IndexedPointInAreaLocator(shape) : null;
        foreach (var line in NetTopologySuite.Geometries.Utilities.LinearComponentExtracter.GetLines(shape).OfType<LineString>())
        {
            for (var i = 0; i + 1 < line.NumPoints; i++)
            {
                var edge = new LineSegment(line.GetCoordinateN(i), line.GetCoordinateN(i + 1));
                _edges.Add(edge);
                _near.Insert(new Envelope(edge.P0, edge.P1), edge);
            }
        }

        // Built here: two threads that ask an unbuilt tree at once would build it twice.
        _near.Build();
    }

    public override double MetresOutside(GeoPoint place)
    {
        if (_area?.Locate(new Coordinate(place.Longitude, place.Latitude)) is Location.Interior or Location.Boundary)
        {
            return -_margin;
        }

        var reach = Math.Max(1000, 2 * _margin);
        var (latitude, longitude) = LocalPlane.Degrees(place, reach);
        var around = new Envelope(place.Longitude - longitude, place.Longitude + longitude, place.Latitude - latitude, place.Latitude + latitude);
        var nearest = Nearest(place, _near.Query(around));
        // Beyond its reach the index says nothing: an edge in a corner of the box may be further away than one outside it.
        return (nearest <= reach ? nearest : Nearest(place, _edges)) - _margin;
    }

    private static double Nearest(GeoPoint place, IEnumerable<LineSegment> edges)
    {
        var nearest = double.PositiveInfinity;
        foreach (var edge in edges)
        {
            nearest = Math.Min(nearest, LocalPlane.MetresToSegment(place, (edge.P0.Y, edge.P0.X), (edge.P1.Y, edge.P1.X)));
        }

        return nearest;
    }
}
