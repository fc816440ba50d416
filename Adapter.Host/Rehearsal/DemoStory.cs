using Adapter.Contracts.Transit;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Host.Rehearsal;

/// <summary>One story of the demo with what has to come of it.</summary>
/// <param name="Name">The journey's id, or the number of a lock that is on none.</param>
/// <param name="Mrn">By which receivers know it; null where nothing is declared.</param>
/// <param name="Registration">What customs register of a journey that starts then; null where nobody does.</param>
/// <param name="Telemetry">Every push of it, in the order in which Joint Cloud makes them.</param>
/// <param name="Kinds">The kinds of message that who hears of it must get, in this order.</param>
/// <param name="Findings">What must be found in the end, as code and state.</param>
internal sealed record DemoStory(
    string Title, string Name, string? Mrn, Func<DateTimeOffset, JourneyRegistration>? Registration, Func<DateTimeOffset, IReadOnlyList<DemoPush>> Telemetry,
    IReadOnlyList<string> Kinds, IReadOnlyList<(string Code, string State)> Findings)
{
    /// <summary>How the demo names it.</summary>
    public string Heading => Registration is null ? $"lock {Name}" : Name;

    /// <summary>Where the admin API shows it.</summary>
    public string Path => Registration is null ? $"api/locks/{Name}" : $"api/journeys/{Name}";

    public static IReadOnlyList<DemoStory> All() =>
    [
        Of("clean: rests where a stop is planned", DemoJourney.LoadClean(), ["SEAL", "DEPARTURE", "ARRIVAL", "UNSEAL"], []),
        // The silence in the hole is told while nobody knows better, and taken back when the buffered reports come.
        Of("its rope is cut; reports from a hole in the coverage come late", DemoJourney.Load(),
            ["SEAL", "DEPARTURE", "SIGNAL_LOST", "SIGNAL_LOST", "ROPE_CUT", "ARRIVAL", "UNSEAL"],
            [("telemetry.signal-lost", "Explained"), ("telemetry.gap", "Explained"), ("stop.unauthorised", "Open")]),
        Of("leaves its route, and is overdue", DemoJourney.LoadAstray(), ["SEAL", "DEPARTURE", "ROUTE_DEVIATION", "OVERDUE"],
            [("route.deviation", "Open"), ("journey.overdue", "Open")]),
        OfLock("a lock that nobody registered: sealed, and carried out of the port", DemoStray.Load()),
    ];

    /// <summary>What this receiver must get. Of a lock on no journey only those hear who asked for it; of the twins that is one.</summary>
    public IReadOnlyList<string> KindsFor(string twin) => Registration is not null || twin == TwinName.Transportation ? Kinds : [];

    public bool IsFound(IReadOnlyList<DemoFinding> findings) => findings.Select(f => (f.Code, f.State)).Order().SequenceEqual(Findings.Order());

    private static DemoStory Of(string title, DemoJourney journey, IReadOnlyList<string> kinds, IReadOnlyList<(string Code, string State)> findings) =>
        new(title, journey.Id, journey.Mrn, journey.Registration, journey.Telemetry, kinds, findings);

    private static DemoStory OfLock(string title, DemoStray stray) =>
        new(title, stray.Lock, Mrn: null, Registration: null, stray.Telemetry, ["UNAUTHORISED_TRIP"], [("movement.without-journey", "Open")]);
}

/// <summary>A finding as the admin API shows it.</summary>
internal sealed record DemoFinding(string Code, string Severity, string State, string Text);
