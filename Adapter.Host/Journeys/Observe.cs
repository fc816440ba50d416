using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

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

        track = Place(track, told, sighting, state.Journey?.Registration);
        var seal = SealOf(told.State);
        var cut = CutOf(told.State, track, sighting.At);
        track = track with
        {
            Sealed = seal is { } s ? track.Sealed.Observe(s, sighting) : track.Sealed,
            Cut = cut is { } c ? track.Cut.Observe(c, sighting) : track.Cut,
            CoverOpen = told.State.CoverClosed is { } closed ? track.CoverOpen.Observe(!closed, sighting) : track.CoverOpen,
        };

        var episodes = new EpisodeBook(state.Episodes, ofLock);
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
            episodes.Tell(happened.Kind, told.Lock, told.SubLock, sighting, happened.Code, TimelineOf(track, happened.Kind), window);
        }

        if (seal is { } isSealed)
        {
            var kind = isSealed ? LockEventKind.Seal : LockEventKind.Unseal;
            // An open lock that was never seen sealed has not been unsealed.
            if (isSealed || WasSealedBefore(track, sighting.At))
            {
                episodes.See(kind, told.Lock, told.SubLock, sighting, track.Sealed, isSealed, window);
            }
        }

        if (cut == true)
        {
            episodes.See(LockEventKind.RopeCut, told.Lock, told.SubLock, sighting, track.Cut, true, window);
        }

        if (told.State.CoverClosed == false)
        {
            episodes.See(LockEventKind.CoverOpen, told.Lock, told.SubLock, sighting, track.CoverOpen, true, window);
        }

        return state.With(track) with { Episodes = episodes.Episodes };
    }

    private static bool? SealOf(SealState state) => state switch
    {
        { Locked: false } => false,
        { Locked: true, RopeInserted: not false } => true,
        _ => null,
    };

    private static bool? CutOf(SealState state, LockTrack track, DateTimeOffset at) => state switch
    {
        { Locked: true, RopeInserted: false } when track.Sealed.At(at) is { Value: true } => true,
        { RopeInserted: true } or { Locked: false } => false,
        _ => null,
    };

    private static bool WasSealedBefore(LockTrack track, DateTimeOffset at) => track.Sealed.Runs.Any(run => run.Value && run.First.At <= at);

    private static Timeline? TimelineOf(LockTrack track, LockEventKind kind) => kind switch
    {
        LockEventKind.Seal or LockEventKind.Unseal => track.Sealed,
        LockEventKind.RopeCut => track.Cut,
        LockEventKind.CoverOpen => track.CoverOpen,
        _ => null,
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
