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
                CorrelatedEntry.Closed closed => Closed(Of(Subject.OfJourney(closed.JourneyId)), closed.Closing),
                CorrelatedEntry.Report report => Observe.Report(
                    Of(report.Subject), report, options.WindowOf(report.Source), report.Attached ? SentForLock(Of(Subject.Of(report.Told.Lock))) : []),
                _ => throw new InvalidOperationException($"No rule for {entry}."),
            };
            // Attached reports are older than the registration that brings them.
            touched[state.Subject] = (state, Math.Max(entry.Entry, touched.GetValueOrDefault(state.Subject).Entry));
        }

        return [.. touched.Values.Select(t => new DecidedSubject(Trim(t.State), Decide.Outgoing(t.State, options), t.Entry))];
    }

    private static SubjectState Closed(SubjectState state, Closing closing) => state with { Journey = state.Journey! with { Closing = closing } };

    private static IReadOnlyList<Episode> SentForLock(SubjectState ofLock) =>
        [.. from e in ofLock.Episodes
            let sent = ofLock.Emissions.FirstOrDefault(m => m.Key == e.Key)
            where sent is { Destinations.Count: > 0 }
            select e with { SentForLock = sent.Destinations }];

    /// <summary>The newest episodes, and what was told of them; of other kinds the last number told, so that none is given twice.</summary>
    private static SubjectState Trim(SubjectState state)
    {
        if (state.Subject.Kind != SubjectKind.Lock || state.Episodes.Count <= MostLockEpisodes)
        {
            return state;
        }

        var kept = state.Episodes.TakeLast(MostLockEpisodes).ToList();
        var keys = kept.Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
        keys.UnionWith(state.Emissions.GroupBy(e => e.Told.Kind, StringComparer.Ordinal).Select(kind => kind.MaxBy(e => e.Told.Episode)!.Key));
        return state with { Episodes = kept, Emissions = [.. state.Emissions.Where(e => keys.Contains(e.Key))] };
    }
}
