namespace Adapter.TestKit.Stories;

/// <summary>Decides when each frame reaches the cloud and is pushed.</summary>
/// <remarks>
/// As locks do it: what is new goes out last in, first out; what a hole in the coverage held back goes out first in, first out, behind a
/// few new positions and between them. Rows may be held up for hours or days by themselves, and everything may come again.
/// Left out: a second mishap of a kind in a hole that is emptied last in, first out. It is told, but until the break between the two is heard of they look
/// like one, and its time is then known from its last position only (DECISIONS.md, 9). Left out too: rows that pass
/// ahead of their hole where their kind happens twice: the positions of the first are then taken for the beginning of the second.
/// </remarks>
internal static class Coverage
{
    public static List<Frame> Send(TrueStory story, IReadOnlyList<Frame> frames, SeededRandom random)
    {
        var holes = Holes(story, random);
        var lateRows = random.Chance(30);
        var copies = random.Chance(60);
        var sent = new List<Frame>(frames.Count + 8);
        var backlogs = holes.ToDictionary(hole => hole, _ => new List<Frame>());
        foreach (var frame in frames)
        {
            var held = frame.ClockUnset ? null : holes.Find(hole => frame.At >= hole.From && frame.At < hole.To);
            if (held is not null && !(random.Chance(20) && MayPassAhead(frame, story)))
            {
                backlogs[held].Add(frame);
                continue;
            }

            var delay = random.Span(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
            if (lateRows && MayBeLate(frame, frames))
            {
                delay = random.Next(0, 3) switch { 0 => random.Minutes(3, 20), 1 => random.Minutes(30, 240), _ => random.Minutes(24 * 60, 4 * 24 * 60) };
            }

            sent.Add(frame with { SentAt = (frame.EndedAt ?? frame.At) + delay });
        }

        foreach (var (hole, backlog) in backlogs)
        {
            sent.AddRange(Emptied(hole, backlog, random));
        }

        if (copies)
        {
            sent.AddRange([.. sent.Where(_ => random.Chance(8)).Select(frame => Again(frame, random))]);
        }

        return [.. sent.OrderBy(f => f.SentAt)];
    }

    /// <summary>None to two, from minutes to hours, at any time between sealing and the end; a rare one lasts for days.</summary>
    private static List<Hole> Holes(TrueStory story, SeededRandom random)
    {
        var holes = new List<Hole>();
        var from = story.Seals + TimeSpan.FromMinutes(14);
        for (var i = random.Next(0, 3); i > 0; i--)
        {
            var begin = from + random.Minutes(0, 150);
            var days = random.Chance(5);
            var end = begin + (days ? random.Minutes(24 * 60, 3 * 24 * 60) : random.Minutes(15, 180));
            if (begin > story.Unseals)
            {
                break;
            }

            var again = story.Mishaps.Any(m => m.At >= begin && m.At < end && story.Mishaps.Any(earlier => earlier.Kind == m.Kind && earlier.At < m.At));
            holes.Add(new Hole(begin, end, LastInFirstOut: random.Chance(40) && !days && !again));
            from = end + TimeSpan.FromMinutes(40);
        }

        return holes;
    }

    private static IEnumerable<Frame> Emptied(Hole hole, List<Frame> backlog, SeededRandom random)
    {
        // New positions go out before what was held back, if there are any.
        var at = hole.To + (hole.LastInFirstOut ? TimeSpan.FromSeconds(2) : random.Minutes(1, 30));
        var pace = TimeSpan.FromSeconds(random.Pick([0, 1, 20]));
        foreach (var frame in hole.LastInFirstOut ? backlog.AsEnumerable().Reverse() : backlog)
        {
            yield return frame with { SentAt = at };
            at += pace;
        }
    }

    private static bool MayPassAhead(Frame frame, TrueStory story) => frame.Kind is { } kind && story.Mishaps.Count(m => m.Kind == kind) < 2;

    /// <summary>A row may come when all is over. Where nothing else tells of the sealing, the journey could not be followed without it.</summary>
    private static bool MayBeLate(Frame frame, IReadOnlyList<Frame> frames) =>
        frame.Kind is { } kind && frame.EndedAt is null
        && (kind is not (Kinds.Seal or Kinds.Unseal) || frames.Any(f => f.Route == FrameRoute.Location && f.At >= frame.At && f.Tells(kind)));

    /// <summary>Without a time of its own a record that comes again much later cannot be told from a new one.</summary>
    private static Frame Again(Frame frame, SeededRandom random) => frame with
    {
        IsCopy = true,
        SentAt = frame.SentAt + (frame.ClockUnset ? TimeSpan.FromSeconds(1) : random.Next(0, 3) switch { 0 => TimeSpan.Zero, 1 => TimeSpan.FromMinutes(2), _ => random.Minutes(10, 3 * 24 * 60) }),
    };

    private sealed record Hole(DateTimeOffset From, DateTimeOffset To, bool LastInFirstOut);
}
