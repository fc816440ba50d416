using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Journeys;

/// <summary>Who says that a milestone was reached.</summary>
internal enum Side
{
    Lock,
    Office,
    Gate,
    TransportationSystem,
    Weighbridge,
    Officer,
}

internal enum MilestoneState
{
    Open,
    OneSided,
    Confirmed,
    Contradicted,
}

/// <summary>One step of a journey with the evidence of each side. Derived from facts, never stored.</summary>
internal sealed record Milestone(string Name, IReadOnlyDictionary<Side, Sighting> Evidence)
{
    /// <summary>Sides whose times lie further apart than this speak of different things.</summary>
    private static readonly TimeSpan Agreement = TimeSpan.FromHours(2);

    public MilestoneState State => Evidence.Count switch
    {
        0 => MilestoneState.Open,
        1 => MilestoneState.OneSided,
        _ => Evidence.Values.Max(e => e.At) - Evidence.Values.Min(e => e.At) <= Agreement ? MilestoneState.Confirmed : MilestoneState.Contradicted,
    };

    public Sighting? Earliest => Evidence.Values.MinBy(e => e.At);
}

/// <summary>Reads the milestones of a journey from its facts.</summary>
internal static class Milestones
{
    public static IReadOnlyList<Milestone> Of(SubjectState state) => [Sealed(state), Departed(state), .. Border(state) is { } border ? (Milestone[])[border] : [], Arrived(state), Unsealed(state)];

    public static Milestone Sealed(SubjectState state) =>
        Seen(MilestoneNames.Sealed, state, state.Episodes.Where(e => e.Kind == LockEventKind.Seal).Select(e => e.First));

    /// <summary>The first satellite fix outside the office of departure while sealed, or after having been.</summary>
    public static Milestone Departed(SubjectState state)
    {
        if (state.Journey is not { } journey || Sealed(state).Earliest is not { } sealing)
        {
            return Seen(MilestoneNames.Departed, state, []);
        }

        return Seen(MilestoneNames.Departed, state, AreaChanges(state, journey.Registration.Departure.Code, inside: false, sealing));
    }

    /// <summary>The first border on the way. Null where no office of transit is planned.</summary>
    public static Milestone? Border(SubjectState state) =>
        state.Journey is { Registration: var registration } && FirstBorder(registration) is { } office ? AtBorder(state, office) : null;

    /// <summary>The first time at a border: a satellite fix in the area of its office after departure, and what was observed there.</summary>
    public static Milestone AtBorder(SubjectState state, Office office)
    {
        var byLocks = (LeftAt(state) ?? Sealed(state).Earliest) is { } since ? AreaChanges(state, office.Code, inside: true, since) : [];
        var border = Seen(MilestoneNames.Border, state, byLocks);
        var isFirst = FirstBorder(state.Journey!.Registration)?.Code == office.Code;
        var evidence = state.Observations.Where(o => o.Office == office.Code || (isFirst && o.Office is null && o.Occasion == Occasion.Border))
            .GroupBy(o => o.Side).ToDictionary(side => side.Key, side => side.MinBy(o => o.At)!.AsSighting());
        return border with { Evidence = new Dictionary<Side, Sighting>([.. evidence, .. border.Evidence]) };
    }

    /// <summary>Where countries are not told, the first office of transit.</summary>
    private static Office? FirstBorder(JourneyRegistration registration) =>
        Borders.On(registration).FirstOrDefault() ?? (registration.Transit is [var first, ..] ? first : null);

    /// <summary>The first satellite fix inside the office of destination after departure, or after sealing where departure was not seen.</summary>
    public static Milestone Arrived(SubjectState state)
    {
        if (state.Journey is not { } journey || (LeftAt(state) ?? Sealed(state).Earliest) is not { } since)
        {
            return Seen(MilestoneNames.Arrived, state, []);
        }

        return Seen(MilestoneNames.Arrived, state, AreaChanges(state, journey.Registration.Destination.Code, inside: true, since));
    }

    /// <summary>The first unsealing after arrival.</summary>
    public static Milestone Unsealed(SubjectState state) => Seen(MilestoneNames.Unsealed, state, Unsealings(state));

    /// <summary>Every unsealing after arrival: each frees its own lock and no other.</summary>
    public static IEnumerable<Sighting> Unsealings(SubjectState state) => Arrived(state).Earliest is { } arrival
        ? state.Episodes.Where(e => e.Kind == LockEventKind.Unseal && e.First.At >= arrival.At).Select(e => e.First)
        : [];

    private static IEnumerable<Sighting> AreaChanges(SubjectState state, string office, bool inside, Sighting since) =>
        from track in state.Tracks
        let run = track.Area(office).Runs.FirstOrDefault(run => run.Value == inside && run.Last.At >= since.At)
        where run is not null
        // A stretch that began before counts from that moment on: the truck stood there already.
        select run.First.At >= since.At ? run.First : since;

    /// <summary>The lock's own departure where it was seen; another side's clock must not hide an arrival from the lock.</summary>
    private static Sighting? LeftAt(SubjectState state)
    {
        var departed = Departed(state);
        return departed.Evidence.GetValueOrDefault(Side.Lock) ?? departed.Earliest;
    }

    /// <summary>What the locks saw beside what the other sides say; of each side the earliest.</summary>
    private static Milestone Seen(string name, SubjectState state, IEnumerable<Sighting> byLocks)
    {
        var evidence = state.Assertions.Where(a => a.Milestone == name).GroupBy(a => a.Side).ToDictionary(side => side.Key, side => side.MinBy(a => a.At)!.AsSighting());
        if (byLocks.MinBy(s => s.At) is { } first)
        {
            evidence[Side.Lock] = first;
        }

        return new Milestone(name, evidence);
    }
}
