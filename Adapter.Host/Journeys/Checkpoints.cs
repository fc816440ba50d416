using Adapter.Contracts.Customs;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Journeys;

/// <summary>What the offices on a movement's way are told of it: that it comes, and that it was there.</summary>
internal static class Checkpoints
{
    /// <summary>Whether a decision is meant for the office that it names alone.</summary>
    public static bool IsMeantForOne(Decision decision) => decision.Kind is EventKinds.Expected or EventKinds.Passed;

    public static IEnumerable<Decision> Of(SubjectState state)
    {
        if (state.Journey is not { Registration: var registration } || Milestones.Departed(state).Earliest is not { } departed)
        {
            yield break;
        }

        foreach (var office in registration.Transit.DistinctBy(office => office.Code))
        {
            yield return About("expected", EventKinds.Expected, office, departed);
            if (SeenAt(state, office.Code, departed) is { } seen)
            {
                yield return About("passed", EventKinds.Passed, office, seen);
            }
        }
    }

    private static Decision About(string what, string kind, Office office, Sighting seen) =>
        new($"{what}/{office.Code}", kind, IsAlarm: false, Episode: null, seen, seen.Lock, SubLock: null, office, []);

    /// <summary>The earliest of what was observed there and of a satellite fix in its area after departure.</summary>
    private static Sighting? SeenAt(SubjectState state, string office, Sighting departed)
    {
        // A neighbour's office speaks of what happens anywhere on its roads.
        var observed = state.Observations.Where(o => o.Office == office && (o.Side != Side.Office || o.Occasion != Occasion.EnRoute))
            .Select(o => new Sighting(Lock: null, o.At, o.ReceivedAt, Late: false, ClockSuspect: false, Where: null, o.Entry));
        var located = state.Tracks.SelectMany(track => track.Area(office).Runs.Where(run => run.Value && run.Last.At >= departed.At).Take(1))
            .Select(run => run.First.At >= departed.At ? run.First : run.Last);
        return observed.Concat(located).MinBy(sighting => sighting.At);
    }
}
