using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>Gives what happened its numbers: the episodes of a subject, which messages name.</summary>
/// <remarks>
/// Numbers are given when an episode is first processed and never change or serve another. Where late reports show that a state was seen of
/// something else, its episode is taken back; what the lock itself told of stays told, because a lost alarm is worse than one too many.
/// </remarks>
internal sealed class EpisodeBook(SubjectState state, IReadOnlyList<Episode> ofLock)
{
    /// <summary>Episodes taken back that are remembered, so that one which comes again has its number.</summary>
    private const int MostTakenBack = 50;

    private readonly List<Episode> _episodes = [.. state.Episodes];
    private readonly List<Episode> _takenBack = [.. state.TakenBack];
    private readonly Dictionary<LockEventKind, int> _lastNumbers = new(state.LastNumbers);

    public SubjectState Into(SubjectState changed) => changed with { Episodes = _episodes, TakenBack = [.. _takenBack.TakeLast(MostTakenBack)], LastNumbers = _lastNumbers };

    /// <summary>Brings the episodes of a lock in line with what is known of it now.</summary>
    public void Settle(LockTrack track)
    {
        foreach (var kind in Occurrences.KindsOf(track))
        {
            Settle(track, kind, Occurrences.Of(track, kind));
        }
    }

    /// <summary>A report that tells of something is evidence of it, also where it tells nothing new.</summary>
    public void Witness(LockTrack track, ReportedEvent happened, Sighting sighting)
    {
        var at = _episodes.FindLastIndex(e => e.Kind == happened.Kind && e.Lock == track.Lock && e.SubLock == track.SubLock && sighting.At >= e.First.At && sighting.At <= e.Last.At);
        if (at >= 0)
        {
            _episodes[at] = _episodes[at].Of(_episodes[at].First, _episodes[at].Last, _episodes[at].FromStateOnly, [happened.Code], [sighting.Entry]);
        }
    }

    private void Settle(LockTrack track, LockEventKind kind, IReadOnlyList<Occurrence> happened)
    {
        bool IsOfIt(Episode e) => e.Kind == kind && e.Lock == track.Lock && e.SubLock == track.SubLock;

        if (happened.Count == 0 && !_episodes.Exists(IsOfIt))
        {
            return;
        }

        var open = happened.ToList();
        List<Episode> known = [.. _episodes.Where(IsOfIt).OrderBy(e => e.Number), .. _takenBack.Where(IsOfIt).OrderBy(e => e.Number)];
        var matched = new Dictionary<int, Occurrence>();
        // What begins where it began is the same; then what it lies in, or what goes on with it where the lock told of it in words that are not here any more.
        foreach (var episode in known)
        {
            Match(episode, open.Find(o => o.First.At == episode.First.At));
        }

        foreach (var episode in known.Where(e => !matched.ContainsKey(e.Number)))
        {
            var reaches = episode.FromStateOnly ? episode.First.At : episode.Last.At;
            Match(episode, open.Where(o => reaches >= o.First.At - track.Window && episode.First.At <= o.Last.At + track.Window).MinBy(o => (o.First.At - episode.First.At).Duration()));
        }

        foreach (var episode in known)
        {
            if (matched.TryGetValue(episode.Number, out var occurrence))
            {
                Put(Told(episode, occurrence, track));
            }
            else if (episode.FromStateOnly && !IsForgotten(track, kind, episode.First.At) && _episodes.Remove(episode))
            {
                _takenBack.Add(episode);
            }
        }

        // A state that began before all that is remembered was told at its time.
        foreach (var occurrence in open.Where(o => !o.FromStateOnly || !(o.First.At < track.RememberedSince)))
        {
            var number = _lastNumbers[kind] = _lastNumbers.GetValueOrDefault(kind) + 1;
            var evidence = occurrence.EvidenceWithin(track.Window).ToList();
            // Told in the lock's own lane before the journey had the lock? Then those receivers know.
            var before = ofLock.FirstOrDefault(e => e.Kind == kind && e.SubLock == track.SubLock && e.Evidence.Any(evidence.Contains));
            _episodes.Add(Told(
                new Episode(number, kind, track.Lock, track.SubLock, occurrence.First, occurrence.Last, FromStateOnly: true, [], [], before?.SentForLock ?? []), occurrence, track));
        }

        void Match(Episode episode, Occurrence? occurrence)
        {
            if (occurrence is not null)
            {
                matched.Add(episode.Number, occurrence);
                open.Remove(occurrence);
            }
        }
    }

    private void Put(Episode episode)
    {
        var at = _episodes.FindIndex(e => e.Key == episode.Key);
        if (at >= 0)
        {
            _episodes[at] = episode;
            return;
        }

        _takenBack.RemoveAll(e => e.Key == episode.Key);
        _episodes.Add(episode);
    }

    private static Episode Told(Episode episode, Occurrence occurrence, LockTrack track)
    {
        // Whose first words are not here any more, or were told to a program that did not keep them, begins where it began.
        var isCut = episode.First.At < track.TellingsSince || episode.First.At < track.RememberedSince || (!episode.FromStateOnly && occurrence.FromStateOnly);
        return episode.Of(
            isCut && episode.First.At < occurrence.First.At ? episode.First : occurrence.First, occurrence.Last, episode.FromStateOnly && occurrence.FromStateOnly,
            occurrence.Told.Select(t => t.Code), occurrence.EvidenceWithin(track.Window));
    }

    /// <summary>Where stretches were forgotten nothing more can be known, and what was concluded from them stays.</summary>
    private static bool IsForgotten(LockTrack track, LockEventKind kind, DateTimeOffset at) =>
        ((Timeline[])[track.Sealed, track.RopeOut, track.CoverOpen, track.Flags.GetValueOrDefault(kind, Timeline.Empty)]).Any(t => t.Forgotten is { } range && at >= range.From && at <= range.To);
}
