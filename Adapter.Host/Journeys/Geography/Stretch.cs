using System.Globalization;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys.Geography;

/// <summary>A time during which a lock stood, or was off its route.</summary>
/// <param name="Where">Where it stood; where it was furthest off.</param>
/// <param name="Metres">How far off it was at most; 0 for a stay.</param>
internal sealed record Stretch(DateTimeOffset From, DateTimeOffset To, GeoPoint Where, double Metres)
{
    /// <summary>Stretches kept per lock; the longest stay, when there are more.</summary>
    private const int Most = 100;

    public TimeSpan Length => To - From;

    /// <summary>Names it among others of its kind; equal whatever order the fixes arrived in.</summary>
    public string Key => From.UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);

    /// <summary>Its beginning, for those who are told of it.</summary>
    public Sighting AsSighting() => new(Lock: null, From, From, Late: false, ClockSuspect: false, Where, Entry: 0);

    public Lasting AsLasting() => new(From, To);

    /// <summary>Stretches that overlap in time and belong together are one.</summary>
    public static IReadOnlyList<Stretch> Merge(IEnumerable<Stretch> stretches, Func<Stretch, Stretch, bool> belong)
    {
        var merged = new List<Stretch>();
        foreach (var stretch in stretches.OrderBy(s => s.From).ThenBy(s => s.To))
        {
            var i = merged.FindIndex(m => m.To >= stretch.From && belong(m, stretch));
            if (i < 0)
            {
                merged.Add(stretch);
            }
            else
            {
                var (one, furthest) = (merged[i], merged[i].Metres >= stretch.Metres ? merged[i] : stretch);
                merged[i] = new Stretch(one.From, stretch.To > one.To ? stretch.To : one.To, furthest.Where, furthest.Metres);
            }
        }

        return merged.Count <= Most ? merged : [.. merged.OrderByDescending(s => s.Length).ThenBy(s => s.From).Take(Most).OrderBy(s => s.From)];
    }
}
