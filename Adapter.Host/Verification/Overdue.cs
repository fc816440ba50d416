using System.Globalization;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;

namespace Adapter.Host.Verification;

/// <summary>The time limit has passed and no side says that the goods arrived before it.</summary>
internal sealed class Overdue : ICheck
{
    public string Code => "journey.overdue";

    public Severity Ordinary => Severity.Critical;

    public string Kind => EventKinds.Code(LockEventKind.Overdue);

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Journey is not { Registration: { TimeLimit: { } limit, Destination: var destination } }
            || journey.Fired.FirstOrDefault(f => f.Kind == DeadlineKind.TimeLimit && f.Due == limit) is not { } passed
            || Milestones.Arrived(journey).Earliest?.At <= limit)
        {
            yield break;
        }

        yield return new Contradiction("time-limit", string.Create(CultureInfo.InvariantCulture,
            $"The goods are due at {destination.Code} by {limit.UtcDateTime:yyyy-MM-dd HH:mm} UTC, and nobody has seen them arrive by then."))
        {
            Seen = new Sighting(Lock: null, limit, passed.FiredAt, Late: false, ClockSuspect: false, Where: null, passed.Entry),
        };
    }
}
