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
            r.JourneyId, r.Regime.ToString(), r.Mrn, r.ManifestNumber, r.Carrier, r.Vehicle, r.DriverReference,
            [.. containers], r.Departure, r.Transit, r.Destination, r.TimeLimit);
    }

    public static EventInfo Of(Decision decision, SubjectState state) => new(
        decision.Key, decision.Kind, decision.IsAlarm, decision.Episode, decision.Seen.At, decision.Seen.ReceivedAt, decision.Seen.Late,
        decision.Seen.ClockSuspect, decision.Lock?.Value, decision.SubLock,
        state.Journey?.Registration.Locks.FirstOrDefault(l => l.Lock == decision.Lock)?.Container,
        decision.Seen.Where, decision.Office, decision.Codes)
    {
        Finding = decision.Finding,
    };
}
