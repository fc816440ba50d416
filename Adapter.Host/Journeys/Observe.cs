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
    private const Aspects OfSealing = Aspects.Sealing | Aspects.SealingTold;

    public static SubjectState Report(SubjectState state, CorrelatedEntry.Report report, TimeSpan window, IReadOnlyList<Episode> ofLock)
    {
        var told = report.Told;
        var sighting = Sighting.Of(told, report.Timing, report.Entry);
        var track = state.TrackOf(told.Lock, told.SubLock);

        track = track with { Window = track.Window > window ? track.Window : window };
        track = Place(track, told, sighting, state.Journey?.Registration, out var placed);
        track = track with
        {
            Sealed = SealOf(told.State) is { } @sealed ? track.Sealed.Observe(@sealed, sighting, track.Heard, OfSealing) : track.Sealed,
            RopeOut = RopeOutOf(told.State) is { } ropeOut ? track.RopeOut.Observe(ropeOut, sighting, track.Heard, Aspects.Rope) : track.RopeOut,
            CoverOpen = told.State.CoverClosed is { } closed ? track.CoverOpen.Observe(!closed, sighting, track.Heard, Aspects.Cover) : track.CoverOpen,
            Flags = FlagsOf(track, told, sighting),
            LatestRecord = told.Route == ReportRoute.Location && !(track.LatestRecord?.At > sighting.At) ? sighting : track.LatestRecord,
        };

        var events = told.Events.Where(e => EventKinds.IsTold(e.Kind)).ToList();
        foreach (var happened in events.Where(e => !e.Level))
        {
            track = track.With(new Telling(happened.Kind, sighting, happened.Code, Shows(told.State, happened.Kind), window));
        }

        // The lock's own word on its sealing can give a rope seen out its meaning.
        var sealings = told.Events.Where(e => e.Kind is LockEventKind.Seal or LockEventKind.Unseal).ToList();
        foreach (var sealing in sealings)
        {
            track = track with { Sealed = track.Sealed.Observe(sealing.Kind == LockEventKind.Seal, sighting, track.Heard, OfSealing) };
        }

        var of = (SealOf(told.State) is null ? Aspects.None : Aspects.Sealing) | (sealings.Count == 0 ? Aspects.None : Aspects.SealingTold)
            | (RopeOutOf(told.State) is null ? Aspects.None : Aspects.Rope) | (told.State.CoverClosed is null ? Aspects.None : Aspects.Cover)
            | (told.Route == ReportRoute.Location ? Aspects.Flags : Aspects.None) | (placed ? Aspects.Place : Aspects.None);
        track = of == Aspects.None ? track : track with { Heard = track.Heard.With(new HeardReport(sighting, of), track.Tellings) };

        track = state.Subject.Kind == SubjectKind.Lock && told.SubLock is null ? UnownedTrip.Observe(track, told.Fix, sighting) : track;
        track = track with { HeardAt = track.HeardAt > sighting.ReceivedAt ? track.HeardAt : sighting.ReceivedAt };
        var episodes = new EpisodeBook(state, ofLock);
        episodes.Settle(track);
        foreach (var happened in events)
        {
            episodes.Witness(track, happened, sighting);
        }

        return Deadlines.Explain(episodes.Into(state.With(track)), told.Lock, sighting.At);
    }

    /// <summary>Alarms that a source repeats while the condition lasts; once heard of, a position without the flag ends it.</summary>
    private static Dictionary<LockEventKind, Timeline> FlagsOf(LockTrack track, LockReport told, Sighting sighting)
    {
        var flags = new Dictionary<LockEventKind, Timeline>(track.Flags);
        foreach (var happened in told.Events.Where(e => EventKinds.IsTold(e.Kind)))
        {
            flags.TryAdd(happened.Kind, NotRaisedYet(track));
        }

        var raised = told.Events.Where(e => e.Level).Select(e => e.Kind).ToHashSet();
        // What is no position says nothing by leaving a flag out.
        foreach (var kind in flags.Keys.Where(kind => raised.Contains(kind) || told.Route == ReportRoute.Location).ToList())
        {
            flags[kind] = flags[kind].Observe(raised.Contains(kind), sighting, track.Heard, Aspects.Flags);
        }

        return flags;
    }

    /// <summary>What positions said of a flag before anybody heard of it: none of them carried it.</summary>
    private static Timeline NotRaisedYet(LockTrack track) => track.Heard.Reports.Where(r => r.Of.HasFlag(Aspects.Flags)).Select(r => r.Seen).ToList() switch
    {
        [] => Timeline.Empty,
        var positions => new Timeline([new Run(Value: false, positions[0], positions[^1])]),
    };

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

    /// <summary>Whether a report shows in its state what it also says in words.</summary>
    private static bool Shows(SealState state, LockEventKind kind) => kind switch
    {
        LockEventKind.Seal => SealOf(state) == true,
        LockEventKind.Unseal => SealOf(state) == false,
        LockEventKind.RopeCut => RopeOutOf(state) == true,
        LockEventKind.CoverOpen => state.CoverClosed == false,
        _ => false,
    };

    private static LockTrack Place(LockTrack track, LockReport told, Sighting sighting, JourneyRegistration? journey, out bool counts)
    {
        if (track.Latest is null || track.Latest.At <= sighting.At)
        {
            track = track with
            {
                Latest = new LatestPosition(
                    sighting.At, sighting.ReceivedAt, told.Position, told.Fix, told.Motion.SpeedKmh, told.Power.BatteryPercent, told.Power.Charging),
            };
        }

        counts = journey is not null && told.Fix == FixKind.Satellite && told.Position is not null && !sighting.ClockSuspect;
        // Base-station fixes lie kilometres off and must not decide where a truck is; nor may a position whose time is a guess.
        if (!counts || journey is null || told.Position is not { } where)
        {
            return track;
        }

        var map = RouteMap.Of(journey);
        var areas = new Dictionary<string, Timeline>(track.Areas, StringComparer.Ordinal);
        foreach (var (office, area) in map.Offices)
        {
            if (area.Contains(where, Zone.DriftMetres) is { } inside)
            {
                areas[office] = track.Area(office).Observe(inside, sighting, track.Heard, Aspects.Place);
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
