using System.Text.Json.Serialization;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>What a person said of a finding, and why.</summary>
internal sealed record Judgement(FindingVerdict Verdict, string By, DateTimeOffset At, string Reason, long Entry)
{
    public static bool MayFollow(FindingState state, FindingVerdict verdict) => (state, verdict) switch
    {
        (FindingState.Open, FindingVerdict.Confirmed or FindingVerdict.Dismissed) => true,
        (FindingState.Confirmed, FindingVerdict.Closed or FindingVerdict.Dismissed) => true,
        _ => false,
    };

    public Finding On(Finding finding) => finding with { Judged = this, ClosedAt = Verdict == FindingVerdict.Confirmed ? finding.ClosedAt : At };
}

[JsonConverter(typeof(JsonStringEnumConverter<FindingVerdict>))]
internal enum FindingVerdict
{
    Confirmed,
    Dismissed,

    /// <summary>Dealt with, after it was confirmed.</summary>
    Closed,
}

/// <summary>An operator judges a finding.</summary>
/// <param name="JourneyId">Empty where it is about a lock that no journey owned.</param>
internal sealed record JudgeFinding(string JourneyId, string Finding, FindingVerdict Verdict, string Reason)
{
    public LockId? Lock { get; init; }

    [JsonIgnore]
    public Subject Subject => Lock is null ? Subject.OfJourney(JourneyId) : Subject.Of(Lock);
}
