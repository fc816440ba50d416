using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>A subject after the batch, with what customs must now be told.</summary>
/// <param name="Entry">The latest journal position that touched it in this batch.</param>
internal sealed record DecidedSubject(SubjectState State, IReadOnlyList<OutgoingDecision> Outgoing, long Entry);

/// <summary>Third step: facts in, new state and decisions out.</summary>
internal static class Fold
{
    /// <summary>An idle lock is never closed, so what it remembers is bounded.</summary>
    private const int MostLockEpisodes = 200;

    public static IReadOnlyList<DecidedSubject> Run(Correlation correlation, World world, JourneyOptions options)
    {
        var touched = new Dictionary<Subject, (SubjectState State, long Entry)>();
        SubjectState Of(Subject subject) =>
            touched.TryGetValue(subject, out var t) ? t.State : world.Find(subject) ?? new SubjectState(subject);

        foreach (var entry in correlation.Entries)
        {
            var state = entry switch
            {
                CorrelatedEntry.Registered registered =>
                    Of(Subject.OfJourney(registered.Journey.Registration.JourneyId)) with { Journey = registered.Journey },
                CorrelatedEntry.Due due => Deadlines.Fire(Of(Subject.OfJourney(due.JourneyId)), due.At, due.Entry, options),
                CorrelatedEntry.Fact fact => fact.Told.Into(Of(fact.Subject)),
                CorrelatedEntry.Claimed claimed => Claimed(Of(Subject.Of(claimed.Lock)), claimed.Lock, claimed.From),
                CorrelatedEntry.Closed closed => Closed(Of(Subject.OfJourney(closed.JourneyId)), closed.Closing),
                CorrelatedEntry.Report report => Observe.Report(
                    Of(report.Subject), report, options.WindowOf(report.Source), report.Attached ? SentForLock(Of(Subject.Of(report.Told.Lock))) : []),
                _ => throw new InvalidOperationException($"No rule for {entry}."),
            };
            // Attached reports are older than the registration that brings them.
            touched[state.Subject] = (state, Math.Max(entry.Entry, touched.GetValueOrDefault(state.Subject).Entry));
        }

        foreach (var (state, _) in touched.Values)
        {
            Release(state, world.Bindings, options);
        }

        return [.. touched.Values.Select(t => new DecidedSubject(Trim(t.State) with { NextDue = Deadlines.Next(t.State, options) }, Decide.Outgoing(t.State, options), t.Entry))];
    }

    private static SubjectState Claimed(SubjectState ofLock, LockId @lock, DateTimeOffset from) => ofLock.With(UnownedTrip.Claim(ofLock.TrackOf(@lock, subLock: null), from));

    private static SubjectState Closed(SubjectState state, Closing closing) => state with { Journey = state.Journey! with { Closing = closing } };

    private static IReadOnlyList<Episode> SentForLock(SubjectState ofLock) =>
        [.. from e in ofLock.Episodes
            let sent = ofLock.Emissions.FirstOrDefault(m => m.Key == e.Key)
            where sent is { Destinations.Count: > 0 }
            select e with { SentForLock = sent.Destinations }];

    /// <summary>A lock that was opened at its destination is free for the next cargo, also when nobody closes the journey.</summary>
    private static void Release(SubjectState state, Bindings bindings, JourneyOptions options)
    {
        if (Milestones.Arrived(state).Earliest is not { } arrival)
        {
            return;
        }

        foreach (var binding in bindings.Of(state.Subject.Id).Where(b => b.EndsAt is null).ToList())
        {
            var opened = state.Episodes.Where(e => e.Kind == LockEventKind.Unseal && e.Lock == binding.Lock && e.First.At >= arrival.At).MinBy(e => e.First.At);
            if (opened is not null)
            {
                // What else tells of the opening still belongs to the journey.
                bindings.End(binding, opened.First.At + options.MatchingWindow);
            }
        }
    }

    private static SubjectState Trim(SubjectState state)
    {
        if (state.Subject.Kind != SubjectKind.Lock || state.Episodes.Count <= MostLockEpisodes)
        {
            return state;
        }

        // What ended first goes, with all that told of it: what is left of it would be told again.
        var since = state.Episodes.Select(e => e.Last.At).OrderDescending().ElementAt(MostLockEpisodes - 1);
        // What is about to be told stays until it was: a decision without its episode would be taken back.
        var told = state.Emissions.Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
        var kept = state.Episodes.Where(e => e.Last.At >= since || !told.Contains(e.Key)).ToList();
        var keys = kept.Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
        return state with { Tracks = [.. state.Tracks.Select(track => track.From(since))], Episodes = kept, Emissions = [.. state.Emissions.Where(e => keys.Contains(e.Key) || state.Findings.Any(f => f.Key == e.Told.Finding?.Key))] };
    }
}
