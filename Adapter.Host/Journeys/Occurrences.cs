using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>What happened to a lock, from all that was told and seen of it.</summary>
/// <remarks>
/// A function of the facts in order of effective time. Each is judged by what was observed before it alone, so that reports which come in
/// order never change what was concluded from earlier ones; only late reports do.
/// </remarks>
internal sealed class Occurrences
{
    private readonly LockTrack _track;
    private readonly LockEventKind _kind;
    private readonly List<Occurrence> _found = [];

    /// <summary>Those that something may still belong to.</summary>
    private readonly List<Occurrence> _lasting = [];

    private Occurrences(LockTrack track, LockEventKind kind) => (_track, _kind) = (track, kind);

    /// <summary>The kinds of which this lock may know something.</summary>
    public static IEnumerable<LockEventKind> KindsOf(LockTrack track) =>
        ((IEnumerable<LockEventKind>)[LockEventKind.Seal, LockEventKind.Unseal, LockEventKind.RopeCut, LockEventKind.CoverOpen, .. track.Flags.Keys]).Distinct();

    /// <summary>In order of time.</summary>
    public static IReadOnlyList<Occurrence> Of(LockTrack track, LockEventKind kind)
    {
        var seen = RunsOf(track, kind).ToList();
        var told = track.Tellings.Where(t => t.Kind == kind).ToList();
        if (seen.Count + told.Count == 0)
        {
            return [];
        }

        var step = new Occurrences(track, kind);
        // A state first: it tells how long a condition has lasted, so that what the lock says of it at the same moment finds it open.
        foreach (var observed in seen.Select(run => (run.Run.First, Seen: (SeenRun?)run, Telling: (Telling?)null))
            .Concat(told.Select(telling => (First: telling.Seen, Seen: (SeenRun?)null, Telling: (Telling?)telling)))
            .OrderBy(o => o.First.At).ThenBy(o => o.Telling is not null).ThenBy(o => o.First.Entry))
        {
            step.Forget(observed.First.At);
            if (observed.Seen is { } run)
            {
                (step.ContinuedBy(run) ?? step.Open()).Add(run);
            }
            else if (observed.Telling is { } telling)
            {
                (step.ToldBy(telling) ?? step.Open()).Add(telling);
            }
        }

        return step._found;
    }

    private Occurrence Open()
    {
        var opened = new Occurrence(_kind);
        _found.Add(opened);
        _lasting.Add(opened);
        return opened;
    }

    /// <summary>Nothing later belongs to what is over: its stretches have ended, the opposite was seen, and no window reaches so far.</summary>
    private void Forget(DateTimeOffset at) => _lasting.RemoveAll(o =>
        at > o.Last.At + _track.Window && o.Told.All(t => at > o.Last.At + t.Window) && Contradicted(o.Last.At, at));

    /// <summary>What a stretch goes on with.</summary>
    private Occurrence? ContinuedBy(SeenRun seen)
    {
        var at = seen.Run.First.At;
        return _lasting.FindLast(o => at <= LastBefore(o, at) + _track.Window && (at - o.First.At <= _track.Window || !Contradicted(o.First.At, at)))
            // Positions may come many minutes behind the alarm: what it told of lasts until the opposite is seen.
            ?? _lasting.FindLast(o => !Contradicted(LastBefore(o, at), at));
    }

    /// <summary>What a telling is of.</summary>
    private Occurrence? ToldBy(Telling telling)
    {
        var at = telling.Seen.At;
        // What is told long after the opposite was seen is another, however long the first one lasted.
        return _lasting.FindLast(o => (telling.Shown || at <= LastBefore(o, at) + telling.Window) && (at <= o.First.At + telling.Window || !Contradicted(o.First.At, at - telling.Window)));
    }

    /// <summary>The last observation before a moment, as it was known then.</summary>
    private DateTimeOffset LastBefore(Occurrence occurrence, DateTimeOffset moment) =>
        occurrence.Told.Select(t => t.Seen.At).Concat(occurrence.Seen.Select(seen => LastOf(seen.Run, seen.Of, moment))).Max();

    /// <summary>The last observation in a stretch before a moment.</summary>
    private DateTimeOffset LastOf(Run run, Aspects of, DateTimeOffset before) =>
        run.Last.At < before ? run.Last.At : (_track.Heard.LastBefore(of, run.First.At, before.AddTicks(-1)) ?? run.First).At;

    /// <summary>Whether the opposite was seen between two moments.</summary>
    private bool Contradicted(DateTimeOffset from, DateTimeOffset to)
    {
        var (timeline, of) = Conditions(to);
        for (var i = timeline.Runs.Count - 1; i >= 0 && timeline.Runs[i].Last.At > from; i--)
        {
            var run = timeline.Runs[i];
            if (run.Value == (_kind == LockEventKind.Unseal) && run.First.At < to && LastOf(run, of, to) > from)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the opposite would have been seen, by what the lock had told of until then.</summary>
    private (Timeline Timeline, Aspects Of) Conditions(DateTimeOffset until) => _kind switch
    {
        LockEventKind.Seal or LockEventKind.Unseal => (_track.Sealed, Aspects.Sealing | Aspects.SealingTold),
        LockEventKind.RopeCut when IsKnown(_track.RopeOut, until) => (_track.RopeOut, Aspects.Rope),
        LockEventKind.CoverOpen when IsKnown(_track.CoverOpen, until) => (_track.CoverOpen, Aspects.Cover),
        // A lock without that sensor, or a source that does not pass its state on, says by its flags when a condition was over.
        _ => (_track.Flags.GetValueOrDefault(_kind, Timeline.Empty), Aspects.Flags),
    };

    private static bool IsKnown(Timeline timeline, DateTimeOffset until) => timeline.Runs is [var first, ..] && first.First.At <= until;

    private static IEnumerable<SeenRun> RunsOf(LockTrack track, LockEventKind kind)
    {
        var states = kind switch
        {
            LockEventKind.Seal => track.Sealed.Runs.Where(run => run.Value).Select(run => new SeenRun(run, Aspects.Sealing)),
            // An open lock that was never seen sealed has not been unsealed.
            LockEventKind.Unseal => track.Sealed.Runs.Skip(1).Where(run => !run.Value).Select(run => new SeenRun(run, Aspects.Sealing)),
            LockEventKind.RopeCut => track.RopeOut.Runs.Where(run => run.Value && track.Sealed.At(run.First.At) is { Value: true }).Select(run => new SeenRun(run, Aspects.Rope)),
            LockEventKind.CoverOpen => track.CoverOpen.Runs.Where(run => run.Value).Select(run => new SeenRun(run, Aspects.Cover)),
            _ => [],
        };
        return states.Concat(track.Flags.GetValueOrDefault(kind, Timeline.Empty).Runs.Where(run => run.Value).Select(run => new SeenRun(run, Aspects.Flags)));
    }
}
