using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys.Geography;

namespace Adapter.Host.Journeys;

/// <summary>Adds one report to the facts of a subject.</summary>
/// <remarks>
/// A state seen in a position opens the same episode that the lock's own message would have: messages get lost, positions keep
/// coming. The rope counts as cut only where it is out while the motor is locked and the lock was sealed just before, because a lock
/// in storage may well be locked without its rope.
/// </remarks>
internal static class Observe
{
    public static SubjectState Report(SubjectState state, CorrelatedEntry.Report report, TimeSpan window, IReadOnlyList<Episode> ofLock)
    {
        var told = report.Told;
        var sighting = Sighting.Of(told, report.Timing, report.Entry);
        var track = state.TrackOf(told.Lock, told.SubLock);

        var before = track;
        track = Place(track, told, sighting, state.Journey?.Registration);
        track = track with
        {
            Sealed = SealOf(told.State) is { } @sealed ? track.Sealed.Observe(@sealed, sighting) : track.Sealed,
            RopeOut = RopeOutOf(told.State) is { } ropeOut ? track.RopeOut.Observe(ropeOut, sighting) : track.RopeOut,
            CoverOpen = told.State.CoverClosed is { } closed ? track.CoverOpen.Observe(!closed, sighting) : track.CoverOpen,
            Flags = FlagsOf(track, told, sighting),
            LatestRecord = told.Route == ReportRoute.Location && !(track.LatestRecord?.At > sighting.At) ? sighting : track.LatestRecord,
        };

        // States come first: they tell how long a condition has lasted, so that what the lock says of it finds the episode open.
        var episodes = new EpisodeBook(state, ofLock);
        See(track, before);
        foreach (var happened in told.Events.Where(e => EventKinds.IsTold(e.Kind)))
        {
            episodes.Tell(happened.Kind, told.Lock, told.SubLock, sighting, happened.Code, happened.Level, TimelineOf(track, happened.Kind), window);
        }

        // The lock's own word on its sealing can give a rope seen out its meaning.
        var stated = track;
        foreach (var sealing in told.Events.Where(e => e.Kind is LockEventKind.Seal or LockEventKind.Unseal))
        {
            track = track with { Sealed = track.Sealed.Observe(sealing.Kind == LockEventKind.Seal, sighting) };
        }

        See(track, stated);
        track = state.Subject.Kind == SubjectKind.Lock && told.SubLock is null ? UnownedTrip.Observe(track, told.Fix, sighting) : track;
        track = track with { HeardAt = track.HeardAt > sighting.ReceivedAt ? track.HeardAt : sighting.ReceivedAt };
        return Deadlines.Explain(episodes.Into(state.With(track)), told.Lock, sighting.At);

        void See(LockTrack now, LockTrack earlier)
        {
            foreach (var (kind, run) in StatesOf(now, earlier))
            {
                episodes.See(kind, told.Lock, told.SubLock, run, TimelineOf(now, kind), window);
            }
        }
    }

    /// <summary>Alarms that a source repeats on each position while the condition lasts; once heard of, a position without the flag ends it.</summary>
    private static Dictionary<LockEventKind, Timeline> FlagsOf(LockTrack track, LockReport told, Sighting sighting)
    {
        var flags = new Dictionary<LockEventKind, Timeline>(track.Flags);
        if (told.Route == ReportRoute.Location)
        {
            var raised = told.Events.Where(e => e.Level && EventKinds.IsTold(e.Kind)).Select(e => e.Kind).ToHashSet();
            foreach (var kind in flags.Keys.Union(raised).ToList())
            {
                flags[kind] = (flags.GetValueOrDefault(kind) ?? NotRaisedYet(track)).Observe(raised.Contains(kind), sighting);
            }
        }

        foreach (var happened in told.Events.Where(e => EventKinds.IsTold(e.Kind)))
        {
            flags.TryAdd(happened.Kind, Timeline.Empty);
        }

        return flags;
    }

    /// <summary>What positions said of a flag before anybody heard of it: the latest of them did not carry it.</summary>
    private static Timeline NotRaisedYet(LockTrack track) =>
        track.LatestRecord is { } latest ? Timeline.Empty.Observe(value: false, latest) : Timeline.Empty;

    /// <summary>
    /// What the stretches mean together. Looked at anew whenever one of them changed, because a late report can give an earlier one its meaning:
    /// a rope seen out is a cut only once the sealing before it is known.
    /// </summary>
    private static IEnumerable<(LockEventKind Kind, Run Run)> StatesOf(LockTrack track, LockTrack before)
    {
        var sealingChanged = !ReferenceEquals(track.Sealed, before.Sealed);
        if (sealingChanged)
        {
            for (var i = 0; i < track.Sealed.Runs.Count; i++)
            {
                var run = track.Sealed.Runs[i];
                // An open lock that was never seen sealed has not been unsealed.
                if (run.Value || i > 0)
                {
                    yield return (run.Value ? LockEventKind.Seal : LockEventKind.Unseal, run);
                }
            }
        }

        if (sealingChanged || !ReferenceEquals(track.RopeOut, before.RopeOut))
        {
            foreach (var run in track.RopeOut.Runs.Where(run => run.Value && track.Sealed.At(run.First.At) is { Value: true }))
            {
                yield return (LockEventKind.RopeCut, run);
            }
        }

        if (!ReferenceEquals(track.CoverOpen, before.CoverOpen))
        {
            foreach (var run in track.CoverOpen.Runs.Where(run => run.Value))
            {
                yield return (LockEventKind.CoverOpen, run);
            }
        }

        foreach (var (kind, timeline) in track.Flags.Where(flag => !ReferenceEquals(flag.Value, before.Flags.GetValueOrDefault(flag.Key))))
        {
            foreach (var run in timeline.Runs.Where(run => run.Value))
            {
                yield return (kind, run);
            }
        }
    }

    private static bool? SealOf(SealState state) => state switch
    {
        { Locked: false } => false,
        { Locked: true, RopeInserted: not false } => true,
        _ => null,
    };

    private static bool? RopeOutOf(SealState state) => state switch
    {
        { Locked: true, RopeInserted: false } => true,
        { RopeInserted: true } or { Locked: false } => false,
        _ => null,
    };

    private static Timeline TimelineOf(LockTrack track, LockEventKind kind) => kind switch
    {
        LockEventKind.Seal or LockEventKind.Unseal => track.Sealed,
        LockEventKind.RopeCut when track.RopeOut.Runs.Count > 0 => track.RopeOut,
        LockEventKind.CoverOpen when track.CoverOpen.Runs.Count > 0 => track.CoverOpen,
        // A lock without that sensor, or a source that does not pass its state on, says by its flags when a condition was over.
        _ => track.Flags.GetValueOrDefault(kind, Timeline.Empty),
    };

    private static LockTrack Place(LockTrack track, LockReport told, Sighting sighting, JourneyRegistration? journey)
    {
        if (track.Latest is null || track.Latest.At <= sighting.At)
        {
            track = track with
            {
                Latest = new LatestPosition(
                    sighting.At, sighting.ReceivedAt, told.Position, told.Fix, told.Motion.SpeedKmh, told.Power.BatteryPercent, told.Power.Charging),
            };
        }

        // Base-station fixes lie kilometres off and must not decide where a truck is; nor may a position whose time is a guess.
        if (journey is null || told.Fix != FixKind.Satellite || told.Position is not { } where || sighting.ClockSuspect)
        {
            return track;
        }

        var map = RouteMap.Of(journey);
        var areas = new Dictionary<string, Timeline>(track.Areas, StringComparer.Ordinal);
        foreach (var (office, area) in map.Offices)
        {
            if (area.Contains(where, Zone.DriftMetres) is { } inside)
            {
                areas[office] = track.Area(office).Observe(inside, sighting);
            }
        }

        return track with
        {
            Areas = areas,
            Trace = track.Trace.With(TraceFix.Of(sighting.At, where, map.Corridor)),
            LatestFix = track.LatestFix?.At > sighting.At ? track.LatestFix : sighting,
        };
    }
}
