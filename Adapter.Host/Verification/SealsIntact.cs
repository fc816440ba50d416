using Adapter.Contracts.Customs;
using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>Document flow says under seal; somebody saw a seal that is not whole.</summary>
internal sealed class SealsIntact : ICheck
{
    public string Code => "seal.not-intact";

    public Severity Ordinary => Severity.Critical;

    public IEnumerable<Contradiction> Check(SubjectState journey) =>
        from observed in Cargo.Observed(journey)
        from container in observed.Seen.Containers
        from seal in container.Seals
        where seal.Condition != SealCondition.Intact
        select new Contradiction($"{container.Number}/{seal.Number}/{Words.Key(observed.Seen)}",
            $"Container {container.Number} is to travel under seal {seal.Number}, but {Words.Who(observed.Seen)} found that seal {Condition(seal.Condition)}.");

    private static string Condition(SealCondition condition) => condition switch
    {
        SealCondition.Damaged => "damaged",
        SealCondition.Missing => "missing",
        SealCondition.Broken => "broken",
        _ => "faulty",
    };
}
