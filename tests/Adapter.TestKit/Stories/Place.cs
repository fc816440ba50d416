namespace Adapter.TestKit.Stories;

/// <summary>A point on the earth.</summary>
internal sealed record Place(double Latitude, double Longitude)
{
    private const double KmPerDegree = 111.2;

    /// <summary>A point some kilometres away; good enough for a few hundred of them near the equator.</summary>
    public Place Towards(double bearingDegrees, double km)
    {
        var (sin, cos) = Math.SinCos(double.DegreesToRadians(bearingDegrees));
        return new Place(
            Math.Round(Latitude + (km * cos / KmPerDegree), 6),
            Math.Round(Longitude + (km * sin / KmPerDegree / Math.Cos(double.DegreesToRadians(Latitude))), 6));
    }

    /// <summary>By the spherical law of cosines.</summary>
    public double KmTo(Place other)
    {
        var (a, b) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(other.Latitude));
        var angle = (Math.Sin(a) * Math.Sin(b)) + (Math.Cos(a) * Math.Cos(b) * Math.Cos(double.DegreesToRadians(other.Longitude - Longitude)));
        return 6371 * Math.Acos(Math.Clamp(angle, -1, 1));
    }
}
