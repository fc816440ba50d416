using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>One observation: which lock, when, how well known, where, and the journal entry it came from.</summary>
/// <param name="Lock">Null where no lock but a person or a system saw it.</param>
internal sealed record Sighting(LockId? Lock, DateTimeOffset At, DateTimeOffset ReceivedAt, bool Late, bool ClockSuspect, GeoPoint? Where, long Entry)
{
    public static Sighting Of(LockReport report, Timing timing, long entry) =>
        new(report.Lock, timing.At, timing.ReceivedAt, timing.Late, timing.ClockSuspect, report.Position, entry);
}

/// <summary>A stretch of equal observations.</summary>
/// <param name="Inside">The latest arrival between the first and the last: a hole that is being filled is known up to there, from whichever side.</param>
internal sealed record Run(bool Value, Sighting First, Sighting Last, Sighting? Inside = null);

/// <summary>What was observed of one yes-or-no attribute, as stretches in order of effective time.</summary>
/// <remarks>
/// Exact for the orders in which locks send: in order, last in first out, and a hole that is filled first in first out. Observations
/// inside a stretch are not kept, so where a late one splits a stretch, what follows it is only known from the stretch's last
/// observation on, until another late report says more (DECISIONS.md, 9).
/// </remarks>
internal sealed record Timeline(IReadOnlyList<Run> Runs)
{
    /// <summary>A lock that jitters on a border all day must not grow its journey without bound.</summary>
    private const int MostRuns = 500;

    /// <summary>Milestones come from the first stretches, the present from the last: what goes is between.</summary>
    private const int KeptFirst = 100;

    public static Timeline Empty { get; } = new([]);

    public Timeline Observe(bool value, Sighting sighting)
    {
        var runs = new List<Run>(Runs);
        // The last stretch that starts at or before this moment; equal times go behind, because the journal had them first.
        var i = runs.FindLastIndex(run => run.First.At <= sighting.At);
        if (i >= 0 && runs[i].Value == value)
        {
            runs[i] = sighting.At > runs[i].Last.At ? runs[i] with { Last = sighting } : runs[i] with { Inside = sighting };
        }
        else if (i >= 0 && runs[i].Last.At > sighting.At)
        {
            var split = runs[i];
            runs[i] = new Run(split.Value, split.First, split.Inside?.At <= sighting.At ? split.Inside : split.First);
            runs.Insert(i + 1, new Run(value, sighting, sighting));
            runs.Insert(i + 2, new Run(split.Value, split.Inside?.At > sighting.At ? split.Inside : split.Last, split.Last));
        }
        else if (i + 1 < runs.Count && runs[i + 1].Value == value)
        {
            runs[i + 1] = runs[i + 1] with { First = sighting };
        }
        else
        {
            runs.Insert(i + 1, new Run(value, sighting, sighting));
        }

        if (runs.Count > MostRuns)
        {
            // Two at a time, so that neighbours still differ.
            runs.RemoveRange(KeptFirst, 2);
        }

        return new Timeline(runs);
    }

    /// <summary>The stretch that <paramref name="at"/> lies in, or the one before it that nothing has contradicted since.</summary>
    public Run? At(DateTimeOffset at) => Runs.LastOrDefault(run => run.First.At <= at);

    /// <summary>What was observed around <paramref name="at"/>: within its stretch, else by the nearest observation; null where none lies so near.</summary>
    public bool? Near(DateTimeOffset at, TimeSpan within)
    {
        var before = At(at);
        var since = before is null ? TimeSpan.MaxValue : at - before.Last.At;
        if (since <= TimeSpan.Zero)
        {
            return before!.Value;
        }

        var after = Runs.FirstOrDefault(run => run.First.At > at);
        var until = after is null ? TimeSpan.MaxValue : after.First.At - at;
        var nearest = since <= until ? before : after;
        return (since <= until ? since : until) <= within ? nearest?.Value : null;
    }
}
