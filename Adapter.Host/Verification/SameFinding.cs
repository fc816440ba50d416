using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>Gives what is found the keys under which it is known.</summary>
/// <remarks>
/// A stay, a deviation or a gap is named by its beginning. Late data can move that: what shares time with one that is known, and that is not found under its own name any more, is the
/// same one. It keeps its key, so that nobody is told of it again, and a person's word on it stands.
/// </remarks>
internal static class SameFinding
{
    public static IReadOnlyList<Finding> Named(IReadOnlyList<Finding> found, IReadOnlyList<Finding> known)
    {
        var unique = Unique(found);
        if (known.Count == 0 || unique.All(f => f.Lasting is null))
        {
            return unique;
        }

        var gone = known.Where(k => k.Lasting is not null && unique.All(f => f.Key != k.Key)).ToList();
        return
        [
            .. unique.Select(f =>
            {
                if (f.Lasting is null || known.Any(k => k.Key == f.Key))
                {
                    return f;
                }

                // One that still holds before one that was explained; then the one of which there is more in it.
                var same = gone.Where(k => k.Code == f.Code && k.Lasting!.SharedWith(f.Lasting) > TimeSpan.Zero)
                    .OrderBy(k => k.State == FindingState.Explained).ThenByDescending(k => k.Lasting!.SharedWith(f.Lasting)).FirstOrDefault();
                return same is not null && gone.Remove(same) ? f with { Key = same.Key } : f;
            }),
        ];
    }

    /// <summary>Two locks on two vehicles may begin to stand in the same second.</summary>
    private static List<Finding> Unique(IReadOnlyList<Finding> found) =>
        [.. found.GroupBy(f => f.Key, StringComparer.Ordinal).SelectMany(same => same.Select((f, i) => i == 0 ? f : f with { Key = $"{f.Key}/{i + 1}" }))];
}
