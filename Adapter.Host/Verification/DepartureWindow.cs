using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>The goods leave within the time that the declaration gives.</summary>
internal sealed class DepartureWindow : ICheck
{
    public string Code => "departure.outside-window";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (Milestones.Departed(journey).Earliest is not { } left || journey.Journey?.ValidAt(left.At) is not { } declared)
        {
            yield break;
        }

        if (left.At < declared.DepartureFrom)
        {
            yield return new Contradiction("early", $"Departure from {declared.Departure.Code} is allowed from {Words.When(declared.DepartureFrom.Value)} on, but it was on {Words.When(left.At)}.") { Seen = left };
        }

        if (left.At > declared.DepartureUntil)
        {
            yield return new Contradiction("late", $"Departure from {declared.Departure.Code} is allowed until {Words.When(declared.DepartureUntil.Value)}, but it was on {Words.When(left.At)}.") { Seen = left };
        }
    }
}
