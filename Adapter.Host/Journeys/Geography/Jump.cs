using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys.Geography;

/// <summary>Two fixes that no truck can have made one after the other: a wrong clock, a wrong receiver, or a forged position.</summary>
internal sealed record Jump(DateTimeOffset From, GeoPoint Start, DateTimeOffset To, GeoPoint End)
{
    /// <summary>Shorter ones are a receiver that found itself again after a tunnel.</summary>
    private const double LeastMetres = 5_000;

    private const double FastestKmh = 250;

    private const int Most = 10;

    public double Kilometres => Start.MetresTo(End) / 1000;

    public double KilometresPerHour => Kilometres / Math.Max(1, (To - From).TotalSeconds) * 3600;

    /// <summary>The jumps of a trace, the earliest first.</summary>
    public static IReadOnlyList<Jump> Of(RouteTrace trace)
    {
        var found = trace.IsThinned ? trace.Jumps : [];
        for (var i = 1; i < trace.Fixes.Count; i++)
        {
            found = Merge(found, Between(trace.Fixes[i - 1], trace.Fixes[i]));
        }

        return found;
    }

    public static Jump? Between(TraceFix? from, TraceFix? to)
    {
        if (from is not { } start || to is not { } end || start.MetresTo(end) < LeastMetres)
        {
            return null;
        }

        var jump = new Jump(start.At, start.Where, end.At, end.Where);
        return jump.KilometresPerHour > FastestKmh ? jump : null;
    }

    /// <summary>The widest are kept when there are many.</summary>
    public static IReadOnlyList<Jump> Merge(IReadOnlyList<Jump> known, params ReadOnlySpan<Jump?> found)
    {
        List<Jump>? merged = null;
        foreach (var jump in found)
        {
            if (jump is not null && !(merged ?? known).Contains(jump))
            {
                (merged ??= [.. known]).Add(jump);
            }
        }

        return merged is null ? known : [.. merged.OrderByDescending(j => j.Kilometres).ThenBy(j => j.From).Take(Most).OrderBy(j => j.From)];
    }
}
