using Adapter.Contracts.Transit;

namespace Adapter.Host.Journeys;

/// <summary>Where the planned way crosses from one country into another, and that it did.</summary>
internal static class Borders
{
    /// <summary>Of each change of country the office of transit that is entered; where the way names none there, the last one before.</summary>
    /// <remarks>An office whose country is not told says nothing.</remarks>
    public static IEnumerable<Office> On(JourneyRegistration registration)
    {
        Office? before = null;
        foreach (var office in registration.Transit.Prepend(registration.Departure).Append(registration.Destination).Where(office => office.Country is not null))
        {
            if (before is not null && before.Country != office.Country && (registration.Transit.Contains(office) || registration.Transit.Contains(before)))
            {
                yield return registration.Transit.Contains(office) ? office : before;
            }

            before = office;
        }
    }

    public static IEnumerable<Decision> Of(SubjectState state) =>
        from office in state.Journey is { Registration: var registration } ? On(registration).DistinctBy(office => office.Code) : []
        let seen = Milestones.AtBorder(state, office).Earliest
        where seen is not null
        select new Decision($"border/{office.Code}", EventKinds.Border, IsAlarm: false, Episode: null, seen, seen.Lock, SubLock: null, office, []);
}
