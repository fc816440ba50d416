namespace Adapter.Host.Journeys.Facts;

/// <summary>A fact about a journey that no lock reported.</summary>
internal abstract record JourneyFact
{
    public sealed record Asserted(MilestoneAssertion Assertion) : JourneyFact;

    public sealed record Observed(Observation Observation) : JourneyFact;

    public sealed record Ordered(UnsealOrder Order) : JourneyFact;

    public sealed record Documented(ManifestDocument Manifest) : JourneyFact;

    public sealed record Amended(RegisteredJourney Journey) : JourneyFact;

    public sealed record Judged(string Finding, Judgement Judgement) : JourneyFact;

    /// <summary>The state with this fact. The order in which facts are added makes no difference but for the latest amendment and manifest.</summary>
    public SubjectState Into(SubjectState state) => this switch
    {
        Asserted(var told) => state.Assertions.Any(told.SaysTheSame)
            ? state
            : state with { Assertions = [.. state.Assertions.Append(told).OrderBy(a => a.At).ThenBy(a => a.Entry)] },
        Observed(var told) => state.Observations.Any(told.SaysTheSame)
            ? state
            : state with { Observations = [.. state.Observations.Append(told).OrderBy(o => o.At).ThenBy(o => o.Entry)] },
        Ordered(var order) => state with { Orders = [.. state.Orders.Append(order).OrderBy(o => o.From).ThenBy(o => o.Entry)] },
        Documented(var manifest) => state with { Manifest = state.Manifest?.Entry > manifest.Entry ? state.Manifest : manifest },
        Judged(var key, var judgement) => state with { Findings = [.. state.Findings.Select(f => f.Key == key ? judgement.On(f) : f)] },
        Amended(var journey) => state with { Journey = journey },
        _ => throw new InvalidOperationException($"No rule for {this}."),
    };
}
