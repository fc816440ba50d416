using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>A decided subject with its findings brought up to date, and what is to be told of them.</summary>
internal sealed record VerifiedSubject(SubjectState State, IReadOnlyList<OutgoingDecision> Outgoing, long Entry);

/// <summary>Fourth step: do the three flows agree? Findings open, and close when late data explains them.</summary>
internal static class Verify
{
    public static IReadOnlyList<VerifiedSubject> Run(IReadOnlyList<DecidedSubject> decided, IReadOnlyList<ICheck> checks, DateTimeOffset now) =>
        [.. decided.Select(subject => Run(subject, checks, now))];

    private static VerifiedSubject Run(DecidedSubject subject, IReadOnlyList<ICheck> checks, DateTimeOffset now)
    {
        if (subject.State.Journey is null)
        {
            return new VerifiedSubject(subject.State, subject.Outgoing, subject.Entry);
        }

        var state = subject.State with { Findings = Findings(subject.State, checks, now) };
        return new VerifiedSubject(state, [.. subject.Outgoing, .. FindingMessages.Of(state, subject.Entry)], subject.Entry);
    }

    private static IReadOnlyList<Finding> Findings(SubjectState state, IReadOnlyList<ICheck> checks, DateTimeOffset now)
    {
        var regime = state.Journey!.Registration.Regime;
        var contradictions =
            from check in checks
            where check.AppliesTo(regime)
            from contradiction in check.Check(state)
            select new Finding($"{check.Code}/{contradiction.Key}", check.Code, SeverityPolicy.Of(regime, check.Ordinary), contradiction.Text, now, ClosedAt: null)
            {
                Kind = check.Kind,
                Seen = contradiction.Seen,
                Lasting = contradiction.Lasting,
            };
        var found = SameFinding.Named([.. contradictions], state.Findings).ToDictionary(f => f.Key, StringComparer.Ordinal);
        var known = state.Findings.Select(f => (f.State, found.GetValueOrDefault(f.Key)) switch
        {
            // A person's last word stands, whatever is found again.
            (FindingState.Dismissed or FindingState.Closed, var still) => f with { Lasting = still?.Lasting ?? f.Lasting },
            (FindingState.Explained, { } again) => again,
            (FindingState.Open or FindingState.Confirmed, null) => f with { ClosedAt = now, Text = f.Text + " Explained by late data." },
            (FindingState.Open or FindingState.Confirmed, { } still) => f with { Text = still.Text, Severity = still.Severity, Seen = still.Seen, Lasting = still.Lasting },
            _ => f,
        });
        return [.. known, .. found.Values.Where(f => state.Findings.All(k => k.Key != f.Key))];
    }
}
