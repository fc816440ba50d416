namespace Adapter.Host.Journeys;

/// <summary>A stretch of equal observations.</summary>
internal sealed record Run(bool Value, Sighting First, Sighting Last);

/// <summary>What was observed of one yes-or-no attribute, as stretches in order of effective time.</summary>
/// <remarks>
/// A function of the observations and not of the order in which they came, as long as <see cref="Heard"/> knows those around a late
/// one (DECISIONS.md, 9). Of equal times the one that came later counts as later.
/// </remarks>
internal sealed record Timeline(IReadOnlyList<Run> Runs)
{
    /// <summary>A lock that jitters on a border all day must not grow its journey without bound.</summary>
    private const int MostRuns = 500;

    /// <summary>Milestones come from the first stretches, the present from the last: what goes is between.</summary>
    private const int KeptFirst = 100;

    public static Timeline Empty { get; } = new([]);

    /// <summary>From when to when stretches were forgotten; null where none was.</summary>
    public Lasting? Forgotten { get; init; }

    /// <param name="heard">What was heard before this observation.</param>
    /// <param name="of">Which of the reports heard are observations of this attribute.</param>
    public Timeline Observe(bool value, Sighting sighting, Heard heard, Aspects of)
    {
        var runs = new List<Run>(Runs);
        // The last stretch that starts at or before this moment; equal times go behind, because the journal had them first.
        var i = runs.FindLastIndex(run => run.First.At <= sighting.At);
        if (i >= 0 && runs[i].Value == value)
        {
            runs[i] = sighting.At > runs[i].Last.At ? runs[i] with { Last = sighting } : runs[i];
        }
        else if (i > 0 && runs[i].First.At == sighting.At && runs[i - 1].Last.At == sighting.At)
        {
            // A moment of which both was told: this half of it is known.
            return this;
        }
        else if (i >= 0 && runs[i].Last.At > sighting.At)
        {
            var split = runs[i];
            runs[i] = split with { Last = heard.LastBefore(of, split.First.At, sighting.At) ?? split.First };
            runs.Insert(i + 1, new Run(value, sighting, sighting));
            runs.Insert(i + 2, split with { First = heard.FirstAfter(of, sighting.At, split.Last.At) ?? split.Last });
        }
        else if (i + 1 < runs.Count && runs[i + 1].Value == value)
        {
            runs[i + 1] = runs[i + 1] with { First = sighting };
        }
        else
        {
            runs.Insert(i + 1, new Run(value, sighting, sighting));
        }

        if (runs.Count <= MostRuns)
        {
            return this with { Runs = runs };
        }

        // Two at a time, so that neighbours still differ.
        var forgotten = Lasting.Both(Forgotten, new Lasting(runs[KeptFirst].First.At, runs[KeptFirst + 1].Last.At));
        runs.RemoveRange(KeptFirst, 2);
        return this with { Runs = runs, Forgotten = forgotten };
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

    /// <summary>The same without what ended before a moment, but for the stretch that says how it was then.</summary>
    public Timeline From(DateTimeOffset moment)
    {
        var first = Math.Max(0, Runs.ToList().FindLastIndex(run => run.Last.At < moment));
        return first == 0 ? this : this with { Runs = [.. Runs.Skip(first)] };
    }
}
