using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;

namespace Adapter.Host.Verification;

/// <summary>What a manifest says of one movement.</summary>
internal static class Documents
{
    /// <summary>True when the containers of the manifest are those of the journey, so that its sums can be held against what was seen.</summary>
    public static bool CoversOneMovement(SubjectState journey) => journey is { Manifest: { } manifest, Journey: { } registered }
        && Cargo.SameSet(manifest.Containers.Select(c => c.Number), registered.Registration.Containers.Select(c => c.Number));

    public static IEnumerable<(DeclaredContainer Listed, ObservedContainer Found)> SeenOf(ManifestDocument manifest, Observation seen) =>
        from listed in manifest.Containers
        join found in seen.Containers on Words.Plain(listed.Number) equals Words.Plain(found.Number)
        select (listed, found);
}
