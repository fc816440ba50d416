using System.Reflection;
using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Rehearsal;

/// <summary>The data file of the demo: one road, three movements on it, and a lock that is on none.</summary>
/// <param name="Registration">The movement whose rope is cut; the others differ from it in numbers and in what happens.</param>
internal sealed record DemoData(
    JourneyRegistration Registration, DemoHole CoverageHole, string RopeCutAfter, DemoMovement Clean, DemoMovement Astray, DemoStrayLock Stray, IReadOnlyList<DemoPlace> Road)
{
    public static DemoData Read()
    {
        using var json = Assembly.GetExecutingAssembly().GetManifestResourceStream("Rehearsal/northern-corridor.json")
            ?? throw new InvalidOperationException("The demo's data is not in this build: Rehearsal/northern-corridor.json is missing.");
        return JsonSerializer.Deserialize<DemoData>(json, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException("Rehearsal/northern-corridor.json holds null.");
    }
}

/// <summary>Between these two places nothing is heard until coverage is back.</summary>
internal sealed record DemoHole(string After, string Before);

/// <summary>A lock that no movement has.</summary>
internal sealed record DemoStrayLock(LockId Lock);

/// <summary>A movement with numbers of its own, planned along the road.</summary>
/// <param name="RestsAt">A planned stop; null for none.</param>
/// <param name="Detour">Where it leaves the road; null where it keeps to it.</param>
internal sealed record DemoMovement(
    string JourneyId, string Mrn, string ManifestNumber, string Plate, string DriverReference, string Container, string Seal, LockId Lock, double TimeLimitHours,
    string? RestsAt, DemoDetour? Detour)
{
    private const double ToleranceMetres = 1_500;

    /// <summary>The places that it really passes.</summary>
    public IReadOnlyList<DemoPlace> Driven(IReadOnlyList<DemoPlace> road) => Detour is null
        ? road
        : [.. road.TakeWhile(p => p.Place != Detour.LeavesAt), road.Single(p => p.Place == Detour.LeavesAt), .. Detour.By, .. road.SkipWhile(p => p.Place != Detour.BackAt)];

    public JourneyRegistration Registration(JourneyRegistration like, IReadOnlyList<DemoPlace> road) => like with
    {
        JourneyId = JourneyId,
        Mrn = Mrn,
        ManifestNumber = ManifestNumber,
        Vehicle = like.Vehicle! with { Plate = Plate },
        DriverReference = DriverReference,
        Containers = [new Container(Container, [new Seal(Seal)])],
        Locks = [new LockAssignment(Lock, Container, From: null)],
        Route = new RoutePlan
        {
            Corridor = JsonSerializer.SerializeToElement(new { type = "LineString", coordinates = road.Select(p => new[] { p.Longitude, p.Latitude }) }),
            ToleranceMetres = ToleranceMetres,
            Stops = [.. road.Where(p => p.Place == RestsAt).Select(p => new PlannedStop(
                p.Place, JsonSerializer.SerializeToElement(new { type = "Point", coordinates = new[] { p.Longitude, p.Latitude } }), RadiusMetres: 500, AtMostMinutes: 60))],
        },
    };
}

/// <summary>Another way than the planned one.</summary>
internal sealed record DemoDetour(string LeavesAt, IReadOnlyList<DemoPlace> By, string BackAt);
