namespace Adapter.Host.Journeys.Geography;

/// <summary>When and where a lock stood. A pure function of its trace.</summary>
internal static class Stays
{
    /// <summary>A standing receiver's fixes lie within this of each other.</summary>
    public const double DriftMetres = 150;

    /// <summary>Shorter stays are traffic.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(2);

    /// <summary>A parked lock reports every half hour. Longer silence proves no standing.</summary>
    private static readonly TimeSpan MostSilence = TimeSpan.FromHours(2);

    /// <summary>One fix far off and back within this is the receiver's error and no drive.</summary>
    private static readonly TimeSpan Excursion = TimeSpan.FromMinutes(5);

    public static IReadOnlyList<Stretch> Of(RouteTrace trace)
    {
        var found = new List<Stretch>();
        var fixes = trace.Fixes;
        for (var i = 0; i < fixes.Count;)
        {
            var last = LastOfStay(fixes, i);
            if (fixes[last].At - fixes[i].At >= Shortest)
            {
                found.Add(new Stretch(fixes[i].At, fixes[last].At, fixes[i].Where, 0));
            }

            i = last + 1;
        }

        if (!trace.IsThinned)
        {
            return found;
        }

        var remembered = trace.Stays.Where(stay => !fixes.Any(fix => fix.At > stay.From && fix.At < stay.To && IsAway(fix, stay)));
        return Stretch.Merge(found.Concat(remembered), (one, other) => one.Where.MetresTo(other.Where) <= 2 * DriftMetres);
    }

    private static int LastOfStay(IReadOnlyList<TraceFix> fixes, int first)
    {
        var last = first;
        while (last + 1 < fixes.Count)
        {
            if (IsStill(first, last, last + 1))
            {
                last++;
            }
            else if (last + 2 < fixes.Count && IsStill(first, last, last + 2) && fixes[last + 2].At - fixes[last].At <= Excursion)
            {
                last += 2;
            }
            else
            {
                break;
            }
        }

        return last;

        bool IsStill(int anchor, int before, int next) =>
            fixes[next].At - fixes[before].At <= MostSilence && fixes[anchor].MetresTo(fixes[next]) <= DriftMetres;
    }

    /// <summary>Far enough away to be no drift and no receiver's error.</summary>
    private static bool IsAway(TraceFix fix, Stretch stay)
    {
        var metres = fix.Where.MetresTo(stay.Where);
        return metres > 2 * DriftMetres && (fix.At - stay.From > Excursion && stay.To - fix.At > Excursion);
    }
}
