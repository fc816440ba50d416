using System.Text.Json.Nodes;

namespace Adapter.Host.Rehearsal;

/// <summary>A sealed lock on the demo's road that nobody registered a journey for.</summary>
internal sealed class DemoStray
{
    private const int SpeedKmh = 55;

    /// <summary>Minutes from the start, when the others are on the road already.</summary>
    private static readonly double[] Heard = [60, 70, 80, 90, 100];

    private readonly DemoRoad _road;
    private readonly DemoReports _reports;

    private DemoStray(DemoData data) => (_road, Lock, _reports) = (new DemoRoad(data.Road), data.Stray.Lock.Value, new DemoReports(data.Stray.Lock.Value));

    public string Lock { get; }

    public static DemoStray Load() => new(DemoData.Read());

    /// <summary>Sealed in the port, then on the road, then silent: too short to be more than one finding.</summary>
    public IReadOnlyList<DemoPush> Telemetry(DateTimeOffset start) =>
    [
        .. from minute in Heard
           let km = (minute - Heard[0]) / 60 * SpeedKmh
           let place = _road.At(km)
           let moment = new DemoMoment(DateTimeOffset.FromUnixTimeSeconds(start.AddMinutes(minute).ToUnixTimeSeconds()), km, place.Point, km > 0 ? SpeedKmh : 0, km > 0 ? place.Heading : 0)
           select Push(_reports.Location(moment, locked: true, ropeIn: true), km > 0 ? $"sealed and on no journey, after {_road.Behind(km)}" : "sealed and on no journey, in the port"),
    ];

    private static DemoPush Push(JsonObject report, string label) => new(DemoJourney.LocationPath, DemoReports.Text(report), label, DemoReports.KnownToCloudAt(report));
}
