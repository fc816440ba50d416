using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys.Geography;

/// <summary>Metres east and north of a point: exact to a fraction of a percent over the distances that decide anything.</summary>
internal static class LocalPlane
{
    private const double MetresPerDegree = 111_195;

    public static (double East, double North) Around(GeoPoint origin, double latitude, double longitude)
    {
        // Two places on either side of the 180th meridian are neighbours.
        var degrees = Math.IEEERemainder(longitude - origin.Longitude, 360);
        return (degrees * MetresPerDegree * Math.Cos(double.DegreesToRadians(origin.Latitude)), (latitude - origin.Latitude) * MetresPerDegree);
    }

    /// <summary>How many degrees of latitude and of longitude that distance is at most, at this place.</summary>
    public static (double Latitude, double Longitude) Degrees(GeoPoint at, double metres)
    {
        var latitude = metres / MetresPerDegree;
        var cosine = Math.Cos(double.DegreesToRadians(Math.Min(89.9, Math.Abs(at.Latitude) + latitude)));
        return (latitude, latitude / cosine);
    }

    /// <summary>Distance from the origin to the segment between two places.</summary>
    public static double MetresToSegment(GeoPoint origin, (double Latitude, double Longitude) from, (double Latitude, double Longitude) to)
    {
        var (ax, ay) = Around(origin, from.Latitude, from.Longitude);
        var (bx, by) = Around(origin, to.Latitude, to.Longitude);
        var (dx, dy) = (bx - ax, by - ay);
        var length = (dx * dx) + (dy * dy);
        var along = length == 0 ? 0 : Math.Clamp(-((ax * dx) + (ay * dy)) / length, 0, 1);
        var (x, y) = (ax + (along * dx), ay + (along * dy));
        return Math.Sqrt((x * x) + (y * y));
    }
}
