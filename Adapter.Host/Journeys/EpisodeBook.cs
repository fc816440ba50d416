using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>Finds the episode that an observation belongs to, or opens one.</summary>
/// <remarks>Numbers are given when an episode is first processed and never change: messages carry them.</remarks>
internal sealed class EpisodeBook(SubjectState state, IReadOnlyList<Episode> ofLock)
{
    private readonly List<Episode> _episodes = [.. state.Episodes];
    private readonly Dictionary<LockEventKind, int> _lastNumbers = new(state.LastNumbers);

    public SubjectState Into(SubjectState changed) => changed with { Episodes = _episodes, LastNumbers = _lastNumbers };

    /// <summary>What a report says of itself: an alarm push, an event row, a flag on a position.</summary>
    public void Tell(
        LockEventKind kind, LockId @lock, string? subLock, Sighting sighting, SourceCode code, bool isFlag, Timeline timeline, TimeSpan window)
    {
        // One that was thought to last may turn out to have ended: what is told long after the opposite was seen is another.
        var found = Find(kind, @lock, subLock, e => e.IsNear(sighting.At, window)
            && (sighting.At <= e.First.At + window || !Contradicted(timeline, kind, e.First.At, sighting.At - window)));
        if (found < 0)
        {
            // The lock's own message, arriving after the positions that showed its effect.
            found = Find(kind, @lock, subLock, e => e.FromStateOnly && sighting.At <= e.First.At && !Contradicted(timeline, kind, sighting.At, e.First.At));
        }

        if (found < 0 && isFlag)
        {
            // A flag stays raised: it opens nothing inside a stretch that is known already, also where that was told of its later part.
            found = FindLast(kind, @lock, subLock, e => e.First.At <= sighting.At && !Contradicted(timeline, kind, e.First.At, sighting.At));
        }

        AddOrOpen(found, kind, @lock, subLock, sighting, code, fromState: isFlag);
    }

    /// <summary>A state seen in positions over a stretch of time.</summary>
    public void See(LockEventKind kind, LockId @lock, string? subLock, Run run, Timeline timeline, TimeSpan window)
    {
        bool Overlaps(Episode e) => e.First.At <= run.Last.At && e.Last.At >= run.First.At && Lasts(e);
        // A late report may show that what looked like one long stretch had a break, and so was two.
        bool Lasts(Episode e) => (run.First.At - e.First.At).Duration() <= window || !Contradicted(timeline, kind, e.First.At, run.First.At);

        var found = Find(kind, @lock, subLock, e => e.IsNear(run.First.At, window) && Lasts(e));
        // Positions may come many minutes behind the alarm: what it told of lasts until the opposite is seen.
        found = found >= 0 ? found : FindLast(kind, @lock, subLock, e => e.Last.At < run.First.At && !Contradicted(timeline, kind, e.Last.At, run.First.At));
        // Only then the later alarm of a stretch that seems to go on into it: the break between the two may not have been heard of yet.
        found = found >= 0 ? found : Find(kind, @lock, subLock, Overlaps);
        AddOrOpen(found, kind, @lock, subLock, run.First, code: null, fromState: true);
        var seen = found >= 0 ? found : _episodes.Count - 1;
        if (_episodes[seen].Last.At > run.Last.At + window && Contradicted(timeline, kind, run.Last.At, _episodes[seen].Last.At))
        {
            // It was thought to last into a stretch that turned out to be another one.
            _episodes[seen] = _episodes[seen] with { Last = run.Last };
        }

        if (FindLast(kind, @lock, subLock, Overlaps) is >= 0 and var last && run.Last.At > _episodes[last].Last.At)
        {
            // Positions near the beginning are evidence of it; later ones only tell how long it lasts.
            _episodes[last] = run.Last.At - _episodes[last].First.At <= window ? _episodes[last].With(run.Last, code: null, fromState: true) : _episodes[last].LastingTo(run.Last);
        }
    }

    /// <summary>Whether the opposite was seen between two moments.</summary>
    private static bool Contradicted(Timeline timeline, LockEventKind kind, DateTimeOffset from, DateTimeOffset to) =>
        timeline.Runs.Any(run => run.Value == (kind == LockEventKind.Unseal) && run.Last.At > from && run.First.At < to);

    private int Find(LockEventKind kind, LockId @lock, string? subLock, Func<Episode, bool> belongs) =>
        _episodes.FindIndex(e => e.Kind == kind && e.Lock == @lock && e.SubLock == subLock && belongs(e));

    private int FindLast(LockEventKind kind, LockId @lock, string? subLock, Func<Episode, bool> belongs) =>
        _episodes.FindLastIndex(e => e.Kind == kind && e.Lock == @lock && e.SubLock == subLock && belongs(e));

    private void AddOrOpen(int found, LockEventKind kind, LockId @lock, string? subLock, Sighting sighting, SourceCode? code, bool fromState)
    {
        if (found >= 0)
        {
            _episodes[found] = _episodes[found].With(sighting, code, fromState);
            return;
        }

        var number = _lastNumbers[kind] = _lastNumbers.GetValueOrDefault(kind) + 1;
        // Told in the lock's own lane before the journey had the lock? Then those receivers know.
        var before = ofLock.FirstOrDefault(e => e.Kind == kind && e.SubLock == subLock && e.Evidence.Contains(sighting.Entry));
        _episodes.Add(new Episode(
            number, kind, @lock, subLock, sighting, sighting, FromStateOnly: fromState,
            code is null ? [] : [code], [sighting.Entry], before?.SentForLock ?? []));
    }
}
