using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>The offices are passed in the order of the declaration, and no other office sees the goods.</summary>
internal sealed class OfficeOrder : ICheck
{
    public string Code => "office.order-differs";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Journey is not { } registered)
        {
            yield break;
        }

        var planned = registered.Registration.Transit.Prepend(registered.Registration.Departure).Append(registered.Registration.Destination).Select(o => o.Code).ToList();
        foreach (var seen in journey.Observations.Where(o => o.Office is not null))
        {
            var then = registered.ValidAt(seen.At);
            var known = then.Transit.Prepend(then.Departure).Append(then.Destination).Select(o => o.Code);
            if (Cargo.Strange(known, [seen.Office!]).Count > 0)
            {
                yield return new Contradiction($"{seen.Office}/{Words.Key(seen)}", $"The route is {string.Join(", ", planned)}, but {Words.Who(seen)} saw the goods there.");
            }
        }

        // First visits only: a truck may well come back through an office it has passed.
        var visits = planned.Skip(1).Distinct(StringComparer.Ordinal).Select(office => (Office: office, At: FirstVisit(journey, office))).Where(v => v.At is not null).ToList();
        for (var i = 1; i < visits.Count; i++)
        {
            if (visits[i].At < visits[i - 1].At)
            {
                yield return new Contradiction($"{visits[i].Office}-before-{visits[i - 1].Office}",
                    $"The route is {string.Join(", ", planned)}, but the goods were at {visits[i].Office} on {Words.When(visits[i].At!.Value)}, before they were at {visits[i - 1].Office} on {Words.When(visits[i - 1].At!.Value)}.");
            }
        }
    }

    private static DateTimeOffset? FirstVisit(SubjectState journey, string office)
    {
        var since = Milestones.Departed(journey).Earliest?.At ?? DateTimeOffset.MinValue;
        var byLocks = journey.Tracks.Select(t => t.Area(office).Runs.FirstOrDefault(run => run.Value && run.First.At >= since)?.First.At);
        var byOthers = journey.Observations.Where(o => o.Office == office && o.At >= since).Select(o => (DateTimeOffset?)o.At);
        return byLocks.Concat(byOthers).Min();
    }
}
