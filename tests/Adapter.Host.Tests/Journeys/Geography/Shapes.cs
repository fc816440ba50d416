using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys.Geography;
using CsCheck;

namespace Adapter.Host.Tests.Journeys.Geography;

/// <summary>Shapes and traces around a straight road that runs 100 km due east from 0.5 north, 36 east.</summary>
internal static class Shapes
{
    public const string Road = """{"type":"LineString","coordinates":[[36,0.5],[36.3,0.5],[36.9,0.5]]}""";

    public static readonly DateTimeOffset Start = Story.Start;

    /// <summary>A truck that drives, stands, leaves the road and comes back, one fix at most per minute, in order.</summary>
    public static readonly Gen<TraceFix[]> Drives = Gen.Select(Gen.Int[0, 4], Gen.Int[1, 12], Gen.Int[1, 40]).Array[1, 25].Select(legs =>
    {
        var (minute, north, east, fixes) = (0, 0.0, 0.0, new List<TraceFix>());
        foreach (var (kind, step, count) in legs)
        {
            for (var i = 0; i < count; i++)
            {
                minute += kind == 4 ? step : 1;
                east += kind is 0 or 1 ? 1_000 : 0;
                north = kind switch { 1 => 3_000, 2 => north, _ => 0 };
                fixes.Add(Fix(minute, north + (minute % 3 * 20), east + (minute % 7 * 10)));
            }
        }

        return fixes.ToArray();
    });

    public static JsonElement Json(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    public static JourneyRegistration Journey(RoutePlan? plan = null) => Story.Registration() with { Route = plan };

    public static RoutePlan Plan(string corridor = Road, double tolerance = 500) => new() { Corridor = Json(corridor), ToleranceMetres = tolerance };

    public static Zone Corridor { get; } = RouteMap.Of(Journey(Plan())).Corridor!;

    /// <summary>So many metres north and east of the road's beginning.</summary>
    public static GeoPoint Place(double north, double east) => new(0.5 + (north / 111_195), 36 + (east / 111_195 / Math.Cos(double.DegreesToRadians(0.5))));

    public static TraceFix Fix(double minute, double north, double east) => TraceFix.Of(Start.AddMinutes(minute), Place(north, east), Corridor);

    public static RouteTrace Trace(IEnumerable<TraceFix> fixes) => fixes.Aggregate(RouteTrace.Empty, (trace, fix) => trace.With(fix));

    public static RouteTrace Trace(params (double Minute, double North, double East)[] fixes) => Trace(fixes.Select(f => Fix(f.Minute, f.North, f.East)));

    public static double Minute(DateTimeOffset at) => (at - Start).TotalMinutes;
}
