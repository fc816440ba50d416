using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>Finds the episode that an observation belongs to, or opens one.</summary>
/// <remarks>Numbers are given when an episode is first processed and never change: messages carry them.</remarks>
internal sealed class EpisodeBook(SubjectState state, IReadOnlyList<Episode> ofLock)
{
    private readonly List<Episode> _episodes = [.. state.Episodes];

    public IReadOnlyList<Episode> Episodes => _episodes;

    /// <summary>A report of its own: an alarm push, an event row.</summary>
    public void Tell(
        LockEventKind kind, LockId @lock, string? subLock, Sighting sighting, SourceCode code, Timeline timeline, TimeSpan window)
    {
        var found = Find(kind, @lock, subLock, sighting, e => e.IsNear(sighting.At, window)
            // The lock's own message, arriving after the positions that showed its effect.
            || (e.FromStateOnly && sighting.At <= e.First.At && SameRun(timeline, sighting.At, e.First.At)));
        AddOrOpen(found, kind, @lock, subLock, sighting, code, fromState: false);
    }

    /// <summary>A state seen in a position, which may last for many of them.</summary>
    /// <param name="code">The source's code, where it is a flag; null where it is the lock's own state.</param>
    public void See(LockEventKind kind, LockId @lock, string? subLock, Sighting sighting, Timeline timeline, bool value, TimeSpan window, SourceCode? code = null)
    {
        var run = timeline.Runs.LastOrDefault(r => r.Value == value && r.First.At <= sighting.At && sighting.At <= r.Last.At);
        var found = Find(kind, @lock, subLock, sighting, e => e.IsNear(sighting.At, window)
            || (run is not null && e.First.At <= run.Last.At && e.Last.At >= run.First.At));
        AddOrOpen(found, kind, @lock, subLock, sighting, code, fromState: true);
    }

    private static bool SameRun(Timeline timeline, DateTimeOffset one, DateTimeOffset other) => timeline.At(one) == timeline.At(other);

    /// <summary>The nearest in time of those that it may belong to; the newest of equally near ones.</summary>
    private int Find(LockEventKind kind, LockId @lock, string? subLock, Sighting sighting, Func<Episode, bool> belongs)
    {
        var (found, nearest) = (-1, TimeSpan.MaxValue);
        for (var i = 0; i < _episodes.Count; i++)
        {
            var episode = _episodes[i];
            if (episode.Kind == kind && episode.Lock == @lock && episode.SubLock == subLock && episode.DistanceTo(sighting.At) <= nearest && belongs(episode))
            {
                (found, nearest) = (i, episode.DistanceTo(sighting.At));
            }
        }

        return found;
    }

    private void AddOrOpen(int found, LockEventKind kind, LockId @lock, string? subLock, Sighting sighting, SourceCode? code, bool fromState)
    {
        if (found >= 0)
        {
            _episodes[found] = _episodes[found].With(sighting, code, fromState);
            return;
        }

        // What was told counts too: an idle lock forgets old episodes, and a number given twice would be one message id for two happenings.
        var number = _episodes.Where(e => e.Kind == kind).Select(e => e.Number)
            .Concat(state.Emissions.Where(e => e.Told.Kind == EventKinds.Code(kind)).Select(e => e.Told.Episode ?? 0))
            .DefaultIfEmpty(0).Max() + 1;
        // Told in the lock's own lane before the journey had the lock? Then those receivers know.
        var before = ofLock.FirstOrDefault(e => e.Kind == kind && e.SubLock == subLock && e.Evidence.Contains(sighting.Entry));
        _episodes.Add(new Episode(
            number, kind, @lock, subLock, sighting, sighting, FromStateOnly: fromState,
            code is null ? [] : [code], [sighting.Entry], before?.SentForLock ?? []));
    }
}
