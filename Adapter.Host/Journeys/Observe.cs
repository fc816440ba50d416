using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Journeys;

/// <summary>Adds one report to the facts of a subject.</summary>
/// <remarks>
/// A state seen in a position opens the same episode that the lock's own message would have: messages get lost, positions keep
/// coming. The rope counts as cut only where it is out while the motor is locked and the lock was sealed just before, because a lock
/// in storage may well be locked without its rope. A flag on a position is a state too: it stays up while its condition lasts.
/// </remarks>
internal static class Observe
{
    public static SubjectState Report(SubjectState state, CorrelatedEntry.Report report, TimeSpan window, IReadOnlyList<Episode> ofLock)
    {
        var told = report.Told;
        var sighting = Sighting.Of(told, report.Timing, report.Entry);
        var track = state.TrackOf(told.Lock, told.SubLock);

        track = Place(track, told, sighting, state.Journey?.Registration);
        var (seal, ropeOut) = (SealOf(told.State), RopeOutOf(told.State));
        track = track with
        {
            Sealed = seal is { } s ? track.Sealed.Observe(s, sighting) : track.Sealed,
            Cut = ropeOut is { } r ? track.Cut.Observe(r, sighting) : track.Cut,
            CoverOpen = told.State.CoverClosed is { } closed ? track.CoverOpen.Observe(!closed, sighting) : track.CoverOpen,
            Flags = FlagsOf(track.Flags, told, sighting),
        };

        var episodes = new EpisodeBook(state, ofLock);
        // What the lock says comes first, so that the state of the same report finds the episode open.
        foreach (var happened in told.Events)
        {
            track = happened.Kind switch
            {
                LockEventKind.Seal => track with { Sealed = track.Sealed.Observe(true, sighting) },
                LockEventKind.Unseal => track with { Sealed = track.Sealed.Observe(false, sighting) },
                LockEventKind.RopeCut => track with { Cut = track.Cut.Observe(true, sighting) },
                LockEventKind.CoverOpen => track with { CoverOpen = track.CoverOpen.Observe(true, sighting) },
                _ => track,
            };
            var timeline = TimelineOf(track, happened.Kind);
            if (happened.Level)
            {
                episodes.See(happened.Kind, told.Lock, told.SubLock, sighting, timeline, happened.Kind != LockEventKind.Unseal, window, happened.Code);
            }
            else
            {
                episodes.Tell(happened.Kind, told.Lock, told.SubLock, sighting, happened.Code, timeline, window);
            }
        }

        if (seal == true)
        {
            episodes.See(LockEventKind.Seal, told.Lock, told.SubLock, sighting, track.Sealed, true, window);
        }

        if (seal == false)
        {
            SeeUnsealed(sighting);
        }

        if (ropeOut == true)
        {
            SeeCut(sighting);
        }

        if (told.State.CoverClosed == false)
        {
            episodes.See(LockEventKind.CoverOpen, told.Lock, told.SubLock, sighting, track.CoverOpen, true, window);
        }

        // A sealing that becomes known late gives a meaning to what was seen behind it: an open lock was unsealed, a rope out was cut.
        if (track.Sealed.Runs.LastOrDefault(run => run.Value && run.First == sighting) is not null)
        {
            if (track.Sealed.Runs.FirstOrDefault(run => !run.Value && run.First.At > sighting.At) is { } opened)
            {
                SeeUnsealed(opened.First);
            }

            if (track.Cut.Runs.FirstOrDefault(run => run.Value && run.First.At > sighting.At) is { } cut)
            {
                SeeCut(cut.First);
            }
        }

        return state.With(track) with { Episodes = episodes.Episodes };

        // An open lock that was never seen sealed has not been unsealed.
        void SeeUnsealed(Sighting seen)
        {
            if (track.Sealed.Runs.Any(run => run.Value && run.First.At <= seen.At))
            {
                episodes.See(LockEventKind.Unseal, told.Lock, told.SubLock, seen, track.Sealed, false, window);
            }
        }

        void SeeCut(Sighting seen)
        {
            if (track.Sealed.At(seen.At) is { Value: true })
            {
                episodes.See(LockEventKind.RopeCut, told.Lock, told.SubLock, seen, track.Cut, true, window);
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

    /// <summary>Conditions without a sensor of their own. What was up once is down in every position that does not carry it.</summary>
    private static Dictionary<string, Timeline> FlagsOf(IReadOnlyDictionary<string, Timeline> known, LockReport told, Sighting sighting)
    {
        var flags = new Dictionary<string, Timeline>(known, StringComparer.Ordinal);
        var raised = told.Events.Where(e => !HasSensor(e.Kind)).Select(e => EventKinds.Code(e.Kind)).ToHashSet(StringComparer.Ordinal);
        foreach (var flag in told.Route == ReportRoute.Location ? known.Keys.Union(raised, StringComparer.Ordinal) : raised)
        {
            flags[flag] = known.GetValueOrDefault(flag, Timeline.Empty).Observe(raised.Contains(flag), sighting);
        }

        return flags;
    }

    private static bool HasSensor(LockEventKind kind) =>
        kind is LockEventKind.Seal or LockEventKind.Unseal or LockEventKind.RopeCut or LockEventKind.CoverOpen;

    private static Timeline TimelineOf(LockTrack track, LockEventKind kind) => kind switch
    {
        LockEventKind.Seal or LockEventKind.Unseal => track.Sealed,
        LockEventKind.RopeCut => track.Cut,
        LockEventKind.CoverOpen => track.CoverOpen,
        _ => track.Flags[EventKinds.Code(kind)],
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

        var areas = new Dictionary<string, Timeline>(track.Areas, StringComparer.Ordinal);
        foreach (var office in journey.Transit.Prepend(journey.Departure).Append(journey.Destination))
        {
            if (office.Position is { } centre)
            {
                areas[office.Code] = track.Area(office.Code).Observe(where.MetresTo(centre) <= office.RadiusMetres, sighting);
            }
        }

        return track with { Areas = areas };
    }
}
