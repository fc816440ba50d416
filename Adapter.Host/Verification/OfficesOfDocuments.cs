using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>Manifest and declaration name the same offices, and who confirms a departure or an arrival is at the office that is declared for it.</summary>
internal sealed class OfficesOfDocuments : ICheck
{
    public string Code => "office.differs";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Journey is not { } registered)
        {
            yield break;
        }

        var first = registered.ValidAt(registered.RegisteredAt);
        if (journey.Manifest is { DepartureOffice: { } from } && !Same(from, first.Departure.Code))
        {
            yield return new Contradiction("departure/manifest", $"The declaration names {first.Departure.Code} as office of departure, manifest {journey.Manifest.Number} names {from}.");
        }

        if (journey.Manifest is { DestinationOffice: { } to } && !Same(to, first.Destination.Code))
        {
            yield return new Contradiction("destination/manifest", $"The declaration names {first.Destination.Code} as office of destination, manifest {journey.Manifest.Number} names {to}.");
        }

        foreach (var told in journey.Assertions.Where(a => a.Office is not null))
        {
            var then = registered.ValidAt(told.At);
            var (expected, what) = told.Milestone == MilestoneNames.Departed ? (then.Departure.Code, "departure") : (then.Destination.Code, "destination");
            if (told.Milestone is MilestoneNames.Departed or MilestoneNames.Arrived && !Same(told.Office!, expected))
            {
                yield return new Contradiction($"{told.Milestone}/{told.Side}/{told.Office}",
                    $"The declaration names {expected} as office of {what}, but {Words.Who(told.Side)} says it {told.Milestone} at {told.Office} on {Words.When(told.At)}.");
            }
        }
    }

    private static bool Same(string one, string other) => Words.Plain(one) == Words.Plain(other);
}
