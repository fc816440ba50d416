using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>A seal that one side knows and the other does not: manifest against declaration, what was seen against what is declared.</summary>
/// <remarks>A declared seal that is merely missing is a matter of <see cref="SealCount"/>.</remarks>
internal sealed class SealNumbers : ICheck
{
    public string Code => "seal.numbers-differ";

    public Severity Ordinary => Severity.Critical;

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        foreach (var (declared, manifest) in Cargo.SharedWithManifest(journey).Where(pair => pair.OfManifest.Seals.Count > 0 && pair.Declared.Seals.Count > 0))
        {
            var (ours, theirs) = (declared.Seals.Select(s => s.Number).ToList(), manifest.Seals);
            if (!Cargo.SameSet(ours, theirs))
            {
                yield return new Contradiction($"{declared.Number}/manifest",
                    $"The declaration names seals {Words.List(ours)} on container {declared.Number}, the manifest {Words.List(theirs)}.");
            }
        }

        foreach (var (declared, found, seen) in Cargo.SealsSeen(journey))
        {
            var ours = declared.Seals.Select(s => s.Number).ToList();
            var theirs = Cargo.Mechanical(found.Seals.Select(s => s.Number), journey.Journey!.ValidAt(seen.At));
            if (Cargo.Strange(ours, theirs) is { Count: > 0 } strange)
            {
                yield return new Contradiction($"{declared.Number}/{Words.Key(seen)}",
                    $"The declaration names seals {Words.List(ours)} on container {declared.Number}, but {Words.Who(seen)} found {Words.List(theirs)}: {Words.List(strange)} is not declared.");
            }
        }
    }
}
