using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>Locks, offices, gates and the transportation system agree on when a milestone was reached.</summary>
internal sealed class SidesAgree : ICheck
{
    public string Code => "milestone.times-differ";

    public IEnumerable<Contradiction> Check(SubjectState journey) =>
        from milestone in Milestones.Of(journey)
        where milestone.State == MilestoneState.Contradicted
        select new Contradiction(milestone.Name,
            $"The goods {Reached(milestone.Name)} on {string.Join(", on ", milestone.Evidence.OrderBy(e => e.Value.At).Select(e => $"{Words.When(e.Value.At)} as {Words.Who(e.Key)} has it"))}.");

    private static string Reached(string milestone) => milestone switch
    {
        MilestoneNames.Sealed or MilestoneNames.Unsealed => $"were {milestone}",
        MilestoneNames.Border => "came to the border",
        _ => milestone,
    };
}
