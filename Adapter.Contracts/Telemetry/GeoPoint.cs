namespace Adapter.Contracts.Telemetry;

/// <summary>A place on earth, WGS-84 decimal degrees.</summary>
public sealed record GeoPoint(double Latitude, double Longitude)
{
    private const double EarthRadiusMetres = 6_371_000;

    /// <summary>A point, unless the numbers cannot be one or are 0/0, which locks send when they have no fix.</summary>
    /// <returns>The point, or null when the coordinates say nothing.</returns>
    public static GeoPoint? From(double? latitude, double? longitude) => (latitude, longitude) switch
    {
        ( >= -90 and <= 90, >= -180 and <= 180) and not (0, 0) => new GeoPoint(latitude.Value, longitude.Value),
        _ => null,
    };

    /// <summary>Great-circle distance in metres.</summary>
    public double MetresTo(GeoPoint other)
    {
        var (lat1, lat2) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(other.Latitude));
        var dLat = lat2 - lat1;
        var dLon = double.DegreesToRadians(other.Longitude - Longitude);
        var a = Math.Pow(Math.Sin(dLat / 2), 2) + (Math.Cos(lat1) * Math.Cos(lat2) * Math.Pow(Math.Sin(dLon / 2), 2));
        return 2 * EarthRadiusMetres * Math.Asin(Math.Min(1, Math.Sqrt(a)));
    }
}
