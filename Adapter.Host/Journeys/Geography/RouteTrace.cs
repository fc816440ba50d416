using System.Text.Json.Serialization;

namespace Adapter.Host.Journeys.Geography;

/// <summary>Where a lock was, thinned so that it stays small however long the journey.</summary>
/// <remarks>
/// Time is cut into stretches of equal length, and of each stretch the earliest fix is kept; when there are too many, the stretches
/// double. So the kept fixes depend on which fixes there were and not on the order in which they arrived, nor on repeats. What the finer
/// trace showed of stays, deviations and jumps is remembered when it is thinned.
/// </remarks>
[JsonConverter(typeof(RouteTraceJson))]
internal sealed record RouteTrace(int StretchSeconds, IReadOnlyList<TraceFix> Fixes)
{
    /// <summary>Awake locks report once a minute: twelve hours of them are kept exactly.</summary>
    public const int MostFixes = 720;

    public const int FinestSeconds = 60;

    public static RouteTrace Empty { get; } = new(FinestSeconds, []);

    /// <summary>Stays that the trace showed before it was thinned.</summary>
    public IReadOnlyList<Stretch> Stays { get; init; } = [];

    /// <summary>Stretches off the route that the trace showed before it was thinned.</summary>
    public IReadOnlyList<Stretch> Deviations { get; init; } = [];

    /// <summary>Jumps that the trace showed before it was thinned, and those seen since on the way in.</summary>
    public IReadOnlyList<Jump> Jumps { get; init; } = [];

    public bool IsThinned => StretchSeconds > FinestSeconds;

    public RouteTrace With(TraceFix fix)
    {
        var at = FirstNotBefore(fix);
        var jumps = IsThinned ? Jump.Merge(Jumps, Jump.Between(Neighbour(at - 1), fix), Jump.Between(fix, Neighbour(at))) : Jumps;
        if (at > 0 && StretchOf(Fixes[at - 1]) == StretchOf(fix))
        {
            return ReferenceEquals(jumps, Jumps) ? this : this with { Jumps = jumps };
        }

        var fixes = new List<TraceFix>(Fixes.Count + 1);
        fixes.AddRange(Fixes.Take(at));
        fixes.Add(fix);
        fixes.AddRange(Fixes.Skip(at < Fixes.Count && StretchOf(Fixes[at]) == StretchOf(fix) ? at + 1 : at));
        var grown = this with { Fixes = fixes, Jumps = jumps };
        return fixes.Count <= MostFixes ? grown : grown.Thinned();
    }

    private RouteTrace Thinned()
    {
        var remembered = this with { Stays = Geography.Stays.Of(this), Deviations = Geography.Deviations.Of(this), Jumps = Jump.Of(this) };
        while (remembered.Fixes.Count > MostFixes)
        {
            var coarser = remembered with { StretchSeconds = remembered.StretchSeconds * 2 };
            remembered = coarser with { Fixes = [.. coarser.Fixes.DistinctBy(coarser.StretchOf)] };
        }

        return remembered;
    }

    private long StretchOf(TraceFix fix) => Math.DivRem(fix.Second, StretchSeconds).Quotient;

    private TraceFix? Neighbour(int i) => i >= 0 && i < Fixes.Count ? Fixes[i] : null;

    private int FirstNotBefore(TraceFix fix)
    {
        var (low, high) = (0, Fixes.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = IsBefore(Fixes[middle], fix) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>Two sources may place a lock differently at one second; then the place decides, so that the order of arrival does not.</summary>
    private static bool IsBefore(TraceFix one, TraceFix other) =>
        (one.Second, one.Latitude5, one.Longitude5).CompareTo((other.Second, other.Latitude5, other.Longitude5)) <= 0;
}
