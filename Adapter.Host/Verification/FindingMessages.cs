using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>What receivers are told of findings: that one opened, and each change of it as a correction of that message.</summary>
internal static class FindingMessages
{
    private const string Prefix = "finding/";

    public static IEnumerable<OutgoingDecision> Of(SubjectState state, long entry)
    {
        foreach (var finding in state.Findings)
        {
            var decision = DecisionOf(finding, entry);
            var told = state.Emissions.FirstOrDefault(e => e.Key == decision.Key);
            var holds = finding.State is FindingState.Open or FindingState.Confirmed or FindingState.Closed;
            if (told is null)
            {
                // What was explained before anybody heard of it is not worth a word.
                if (holds)
                {
                    yield return OutgoingDecision.Original(decision, []);
                }
            }
            else if (told.Told.Finding is { } before && (before.State, before.Severity) != (decision.Finding!.State, decision.Finding.Severity))
            {
                yield return new OutgoingDecision(decision, Corrects: decision.Key, IsWithdrawal: !holds, []);
            }
        }
    }

    private static Decision DecisionOf(Finding finding, long entry)
    {
        var seen = finding.Seen ?? new Sighting(Lock: null, finding.OpenedAt, finding.OpenedAt, Late: false, ClockSuspect: false, Where: null, entry);
        return new Decision(Prefix + finding.Key, finding.Kind, finding.Severity >= Severity.Warning, Episode: null, seen, seen.Lock, SubLock: null, Office: null, [])
        {
            Finding = new FindingInfo(finding.Key, finding.Code, finding.Severity.ToString(), finding.State.ToString(), finding.Text, finding.Judged?.Reason),
        };
    }
}
