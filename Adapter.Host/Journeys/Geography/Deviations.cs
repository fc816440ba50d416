namespace Adapter.Host.Journeys.Geography;

/// <summary>When a lock was off its planned route. A pure function of its trace.</summary>
internal static class Deviations
{
    /// <summary>One stray fix is no deviation: two that lie this far apart, with none on the route between, are.</summary>
    private static readonly TimeSpan Confirmed = TimeSpan.FromMinutes(2);

    public static IReadOnlyList<Stretch> Of(RouteTrace trace)
    {
        var found = new List<Stretch>();
        Stretch? open = null;
        foreach (var fix in trace.Fixes)
        {
            if (fix.OffRoute > Zone.DriftMetres)
            {
                open = open is null ? new Stretch(fix.At, fix.At, fix.Where, fix.OffRoute)
                    : fix.OffRoute > open.Metres ? open with { To = fix.At, Where = fix.Where, Metres = fix.OffRoute } : open with { To = fix.At };
            }
            else if (fix.OffRoute == 0)
            {
                Close();
            }
        }

        Close();
        return trace.IsThinned ? Stretch.Merge(found.Concat(trace.Deviations), (_, _) => true) : found;

        void Close()
        {
            if (open is not null && open.Length >= Confirmed)
            {
                found.Add(open);
            }

            open = null;
        }
    }
}
