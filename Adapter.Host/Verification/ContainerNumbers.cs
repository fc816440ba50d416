using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>The containers of declaration, manifest and observation are the same.</summary>
internal sealed class ContainerNumbers : ICheck
{
    public string Code => "container.numbers-differ";

    public Severity Ordinary => Severity.Critical;

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Journey is not { } registered)
        {
            yield break;
        }

        // A manifest may cover several movements: each has its part of the containers, none has others.
        var declared = registered.Registration.Containers.Select(c => c.Number).ToList();
        if (journey.Manifest is { Containers: { Count: > 0 } listed } manifest && Cargo.Strange(listed.Select(c => c.Number), declared) is { Count: > 0 } strange)
        {
            yield return new Contradiction("manifest",
                $"The declaration names container {Words.List(strange)}, which is not among those of manifest {manifest.Number}: {Words.List(listed.Select(c => c.Number))}.");
        }

        foreach (var (at, seen) in Cargo.Observed(journey).Where(o => o.Declared.Containers.Count > 0 && o.Seen.Containers.Count > 0))
        {
            var (ours, theirs) = (at.Containers.Select(c => c.Number).ToList(), seen.Containers.Select(c => c.Number).ToList());
            // With a transfer under way an observer sees one of the vehicles, and so a part.
            if (registered.CarriedBy.Count > 0 ? Cargo.Strange(ours, theirs).Count > 0 : !Cargo.SameSet(ours, theirs))
            {
                yield return new Contradiction(Words.Key(seen), $"The declaration names containers {Words.List(ours)}, but {Words.Who(seen)} saw {Words.List(theirs)}.");
            }
        }
    }
}
