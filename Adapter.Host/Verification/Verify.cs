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
        if (subject.State.Journey is not { Registration.Regime: var regime })
        {
            return OfLock(subject, checks, now);
        }

        var state = subject.State with
        {
            Findings = Findings(subject.State, checks.Where(check => !check.IsOfLocks && check.AppliesTo(regime)), check => check.SeverityUnder(regime), now),
        };
        return Told(subject, state);
    }

    private static VerifiedSubject OfLock(DecidedSubject subject, IReadOnlyList<ICheck> checks, DateTimeOffset now)
    {
        var trips = subject.State.Tracks.SelectMany(track => track.Unowned).ToList();
        if (trips.Count == 0)
        {
            return new VerifiedSubject(subject.State, subject.Outgoing, subject.Entry);
        }

        // Findings of trips that are forgotten go with them; nothing has explained those.
        var since = trips.Min(trip => trip.First.At);
        var remembered = subject.State with { Findings = [.. subject.State.Findings.Where(f => f.Lasting is null || f.Lasting.To >= since)] };
        return Told(subject, remembered with { Findings = Findings(remembered, checks.Where(check => check.IsOfLocks), check => check.Ordinary, now) });
    }

    private static VerifiedSubject Told(DecidedSubject subject, SubjectState state) =>
        new(state, [.. subject.Outgoing, .. FindingMessages.Of(state, subject.Entry)], subject.Entry);

    private static IReadOnlyList<Finding> Findings(SubjectState state, IEnumerable<ICheck> checks, Func<ICheck, Severity> severity, DateTimeOffset now)
    {
        var contradictions =
            from check in checks
            from contradiction in check.Check(state)
            select new Finding($"{check.Code}/{contradiction.Key}", check.Code, severity(check), contradiction.Text, now, ClosedAt: null)
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
