using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;

namespace Adapter.Host.Mapping;

/// <summary>The journey and the event as mapping documents see them.</summary>
internal static class JourneyView
{
    /// <summary>Every container with its declared seals and the e-locks on it; null for a lock that no journey owns.</summary>
    public static JourneyInfo? Of(SubjectState state)
    {
        if (state.Journey is not { Registration: var r } journey)
        {
            return null;
        }

        var containers = r.Containers.Select((container, i) => new ContainerInfo(i + 1, container.Number,
        [
            .. container.Seals.Select(seal => (seal.Number, IsLock: false))
                .Concat(r.Locks.Where(l => l.Container == container.Number && !journey.Contended.Contains(l.Lock)).Select(l => (Number: l.Lock.Value, IsLock: true)))
                .Select((seal, n) => new SealInfo(n + 1, seal.Number, seal.IsLock)),
        ]));
        return new JourneyInfo(
            r.JourneyId, r.Regime.ToString(), r.Mrn, r.ManifestNumber, r.Carrier, VehicleOf(journey), r.DriverReference,
            [.. containers], r.Departure, r.Transit, r.Destination, r.TimeLimit)
        {
            Itinerary = Itinerary(r),
        };
    }

    private static Vehicle? VehicleOf(RegisteredJourney journey) =>
        journey.Registration.Containers is { Count: > 0 } containers
        && containers.Select(container => journey.CarriedBy.GetValueOrDefault(container.Number)).Distinct().ToList() is [{ } all] ? all : journey.Registration.Vehicle;

    private static List<RoutingCountry> Itinerary(JourneyRegistration registration)
    {
        var countries = new List<RoutingCountry>();
        foreach (var country in registration.Transit.Prepend(registration.Departure).Append(registration.Destination).Select(office => office.Country).OfType<string>())
        {
            if (countries is not [.., var last] || last.Code != country)
            {
                countries.Add(new RoutingCountry(country));
            }
        }

        return countries;
    }

    public static EventInfo Of(Decision decision, SubjectState state) => new(
        decision.Key, decision.Kind, decision.IsAlarm, decision.Episode, decision.Seen.At, decision.Seen.ReceivedAt, decision.Seen.Late,
        decision.Seen.ClockSuspect, decision.Lock?.Value, decision.SubLock,
        decision.Container ?? state.Journey?.Registration.Locks.FirstOrDefault(l => l.Lock == decision.Lock)?.Container,
        decision.Seen.Where, decision.Office, decision.Codes)
    {
        Finding = decision.Finding,
        Vehicle = decision.Vehicle,
        Observation = decision.Observation,
    };
}
