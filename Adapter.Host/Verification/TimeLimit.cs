using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>The goods arrive before the time limit. That they have not arrived when it passes is found by its deadline, not here.</summary>
internal sealed class TimeLimit : ICheck
{
    public string Code => "arrival.after-time-limit";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (Milestones.Arrived(journey).Earliest is { } arrived && journey.Journey!.Registration is { TimeLimit: { } limit, Destination: var destination } && arrived.At > limit)
        {
            yield return new Contradiction("arrival", $"The goods are due at {destination.Code} by {Words.When(limit)}, but arrived on {Words.When(arrived.At)}, {Words.Length(arrived.At - limit)} late.") { Seen = arrived };
        }
    }
}
