using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>A decided subject with its findings brought up to date.</summary>
internal sealed record VerifiedSubject(SubjectState State, IReadOnlyList<OutgoingDecision> Outgoing, long Entry);

/// <summary>Fourth step: do the three flows agree? Findings open, and close when late data explains them.</summary>
internal static class Verify
{
    public static IReadOnlyList<VerifiedSubject> Run(IReadOnlyList<DecidedSubject> decided, IReadOnlyList<ICheck> checks, DateTimeOffset now) =>
        [.. decided.Select(subject => new VerifiedSubject(
            subject.State.Journey is null ? subject.State : subject.State with { Findings = Findings(subject.State, checks, now) },
            subject.Outgoing, subject.Entry))];

    private static IReadOnlyList<Finding> Findings(SubjectState state, IReadOnlyList<ICheck> checks, DateTimeOffset now)
    {
        var regime = state.Journey!.Registration.Regime;
        var found = (from check in checks
                     where check.AppliesTo(regime)
                     from contradiction in check.Check(state)
                     select new Finding($"{check.Code}/{contradiction.Key}", check.Code, SeverityPolicy.Of(regime, check.Ordinary), contradiction.Text, now, ClosedAt: null))
                    .ToDictionary(f => f.Key, StringComparer.Ordinal);
        var known = state.Findings.Select(f => (found.ContainsKey(f.Key), f.ClosedAt) switch
        {
            (false, null) => f with { ClosedAt = now, Text = f.Text + " Explained by late data." },
            (true, not null) => found[f.Key],
            (true, null) => f with { Text = found[f.Key].Text, Severity = found[f.Key].Severity },
            _ => f,
        });
        return [.. known, .. found.Values.Where(f => state.Findings.All(k => k.Key != f.Key))];
    }
}
