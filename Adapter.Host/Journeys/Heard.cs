using System.Text.Json.Serialization;

namespace Adapter.Host.Journeys;

/// <summary>What a report said something of.</summary>
[Flags]
internal enum Aspects
{
    None = 0,

    /// <summary>The motor, seen in a state.</summary>
    Sealing = 1,

    /// <summary>A word of its own on sealing or unsealing.</summary>
    SealingTold = 2,

    Rope = 4,
    Cover = 8,

    /// <summary>The flags that positions carry or do not.</summary>
    Flags = 16,

    /// <summary>A place that counts.</summary>
    Place = 32,
}

/// <summary>A report of a lock, without what it said: that lies in the stretches.</summary>
internal sealed record HeardReport(Sighting Seen, Aspects Of);

/// <summary>When a lock was heard of what, by effective time: between which reports a late one falls.</summary>
/// <remarks>
/// Stretches keep their first and last observation alone. Where a late report splits one, its neighbours in time tell where the parts end and
/// begin. All reports are kept up to <see cref="Most"/>; then those go first that lie closest together for their age, because the edges
/// of a hole, into which late reports fall, lie far apart.
/// </remarks>
[JsonConverter(typeof(HeardJson))]
internal sealed record Heard(IReadOnlyList<HeardReport> Reports)
{
    public const int Most = 64;

    public static Heard Nothing { get; } = new([]);

    public Heard With(HeardReport report, IReadOnlyList<Telling> tellings)
    {
        var at = After(report.Seen.At);
        if (at > 0 && Reports[at - 1] is var same && same.Seen.At == report.Seen.At)
        {
            return (same.Of | report.Of) == same.Of ? this : new Heard([.. Reports.Take(at - 1), same with { Of = same.Of | report.Of }, .. Reports.Skip(at)]);
        }

        var reports = new List<HeardReport>(Reports.Count + 1);
        reports.AddRange(Reports);
        reports.Insert(at, report);
        if (reports.Count > Most)
        {
            reports.RemoveAt(Dispensable(reports, tellings));
        }

        return new Heard(reports);
    }

    /// <summary>The last that spoke of an aspect, from one moment on and before, or at, another.</summary>
    public Sighting? LastBefore(Aspects of, DateTimeOffset from, DateTimeOffset until)
    {
        for (var i = After(until) - 1; i >= 0 && Reports[i].Seen.At >= from; i--)
        {
            if ((Reports[i].Of & of) != Aspects.None)
            {
                return Reports[i].Seen;
            }
        }

        return null;
    }

    /// <summary>The first that spoke of an aspect after one moment and before, or at, another.</summary>
    public Sighting? FirstAfter(Aspects of, DateTimeOffset after, DateTimeOffset until)
    {
        for (var i = After(after); i < Reports.Count && Reports[i].Seen.At <= until; i++)
        {
            if ((Reports[i].Of & of) != Aspects.None)
            {
                return Reports[i].Seen;
            }
        }

        return null;
    }

    private int After(DateTimeOffset at)
    {
        var (low, high) = (0, Reports.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Reports[middle].Seen.At <= at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>What lies before a telling stays: it says whether the telling continued something, and that must not be judged anew.</summary>
    private static int Dispensable(List<HeardReport> reports, IReadOnlyList<Telling> tellings)
    {
        var newest = reports[^1].Seen.At;
        var (least, found) = (double.MaxValue, 1);
        for (var i = 1; i < reports.Count - 1; i++)
        {
            var (before, at, after) = (reports[i - 1].Seen.At, reports[i].Seen.At, reports[i + 1].Seen.At);
            var spread = (after - before) / (newest - at + TimeSpan.FromSeconds(1));
            if (spread < least && !tellings.Any(t => t.Seen.At > at && t.Seen.At <= after))
            {
                (least, found) = (spread, i);
            }
        }

        return found;
    }
}
