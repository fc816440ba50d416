using System.Globalization;
using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>As many packages are seen as the documents say, in all and in each container.</summary>
internal sealed class PackageCount : ICheck
{
    public string Code => "cargo.packages-differ";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Manifest is not { } manifest)
        {
            yield break;
        }

        foreach (var seen in journey.Observations)
        {
            // A manifest of several movements says nothing of the sum of one of them.
            if (Documents.CoversOneMovement(journey) && manifest.PackageCount is { } declared && seen.PackageCount is { } counted && declared != counted)
            {
                yield return new Contradiction($"all/{Words.Key(seen)}", string.Create(CultureInfo.InvariantCulture,
                    $"Manifest {manifest.Number} names {declared} packages, but {Words.Who(seen)} counted {counted}."));
            }

            foreach (var (listed, found) in Documents.SeenOf(manifest, seen))
            {
                if (listed.PackageCount is { } inside && found.PackageCount is { } there && inside != there)
                {
                    yield return new Contradiction($"{listed.Number}/{Words.Key(seen)}", string.Create(CultureInfo.InvariantCulture,
                        $"Manifest {manifest.Number} names {inside} packages in container {listed.Number}, but {Words.Who(seen)} counted {there}."));
                }
            }
        }
    }
}
