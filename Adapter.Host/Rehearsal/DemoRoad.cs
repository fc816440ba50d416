using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Rehearsal;

/// <summary>A named place on the demo's road.</summary>
internal sealed record DemoPlace(string Place, double Latitude, double Longitude)
{
    public GeoPoint Point => new(Latitude, Longitude);
}

/// <summary>A road as straight legs between places, measured in kilometres from its start.</summary>
internal sealed class DemoRoad
{
    private readonly double[] _kmAt;

    public DemoRoad(IReadOnlyList<DemoPlace> places)
    {
        Places = places;
        _kmAt = new double[places.Count];
        for (var i = 1; i < places.Count; i++)
        {
            _kmAt[i] = _kmAt[i - 1] + (places[i - 1].Point.MetresTo(places[i].Point) / 1000);
        }
    }

    public IReadOnlyList<DemoPlace> Places { get; }

    public double LengthKm => _kmAt[^1];

    public double KmOf(string place)
    {
        var index = Places.ToList().FindIndex(p => p.Place == place);
        return index >= 0 ? _kmAt[index] : throw new ArgumentException($"'{place}' is not on the road. Name one of its places in the demo's data.");
    }

    /// <summary>Where a kilometre lies and which way the road leads there, in degrees from north.</summary>
    public (GeoPoint Point, int Heading) At(double km)
    {
        var leg = Math.Clamp(Array.FindLastIndex(_kmAt, at => at <= km), 0, Places.Count - 2);
        var share = Math.Clamp((km - _kmAt[leg]) / (_kmAt[leg + 1] - _kmAt[leg]), 0, 1);
        var (from, to) = (Places[leg], Places[leg + 1]);
        var (north, east) = (to.Latitude - from.Latitude, to.Longitude - from.Longitude);
        var heading = (int)Math.Round(double.RadiansToDegrees(Math.Atan2(east * Math.Cos(double.DegreesToRadians(from.Latitude)), north)) + 360) % 360;
        return (new GeoPoint(Math.Round(from.Latitude + (share * north), 6), Math.Round(from.Longitude + (share * east), 6)), heading);
    }

    /// <summary>The last place that lies behind a kilometre.</summary>
    public string Behind(double km) => Places[Math.Max(0, Array.FindLastIndex(_kmAt, at => at <= km))].Place;
}
