namespace Adapter.Host.Rehearsal;

/// <summary>One journey of the demo with what has to come of it.</summary>
/// <param name="Kinds">The kinds of message that each receiver must get, in this order.</param>
/// <param name="Findings">What must be found in the end, as code and state.</param>
internal sealed record DemoStory(string Title, DemoJourney Journey, IReadOnlyList<string> Kinds, IReadOnlyList<(string Code, string State)> Findings)
{
    public static IReadOnlyList<DemoStory> All() =>
    [
        new("clean: rests where a stop is planned", DemoJourney.LoadClean(), ["SEAL", "DEPARTURE", "ARRIVAL", "UNSEAL"], []),
        // The silence in the hole is told while nobody knows better, and taken back when the buffered reports come.
        new("its rope is cut, and the reports of a hole in the coverage come late", DemoJourney.Load(),
            ["SEAL", "DEPARTURE", "SIGNAL_LOST", "SIGNAL_LOST", "ROPE_CUT", "ARRIVAL", "UNSEAL"],
            [("telemetry.signal-lost", "Explained"), ("telemetry.gap", "Explained"), ("stop.unauthorised", "Open")]),
        new("leaves its route, and is overdue", DemoJourney.LoadAstray(), ["SEAL", "DEPARTURE", "ROUTE_DEVIATION", "OVERDUE"],
            [("route.deviation", "Open"), ("journey.overdue", "Open")]),
    ];

    public bool IsFound(IReadOnlyList<DemoFinding> findings) => findings.Select(f => (f.Code, f.State)).Order().SequenceEqual(Findings.Order());
}

/// <summary>A finding as the admin API shows it.</summary>
internal sealed record DemoFinding(string Code, string Severity, string State, string Text);
