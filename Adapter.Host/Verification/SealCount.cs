using System.Globalization;
using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>The number of seals seen on a container against the number declared.</summary>
internal sealed class SealCount : ICheck
{
    public string Code => "seal.count-differs";

    public Severity Ordinary => Severity.Critical;

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        foreach (var (declared, found, seen) in Cargo.SealsSeen(journey))
        {
            var there = Cargo.Mechanical(found.Seals.Where(s => s.Condition != Contracts.Customs.SealCondition.Missing).Select(s => s.Number), journey.Journey!.ValidAt(seen.At));
            if (there.Count != declared.Seals.Count)
            {
                yield return new Contradiction($"{declared.Number}/{Words.Key(seen)}", string.Create(CultureInfo.InvariantCulture,
                    $"The declaration names {declared.Seals.Count} seals on container {declared.Number} ({Words.List(declared.Seals.Select(s => s.Number))}), but {Words.Who(seen)} found {there.Count} ({Words.List(there)})."));
            }
        }
    }
}
