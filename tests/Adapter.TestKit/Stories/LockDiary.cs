namespace Adapter.TestKit.Stories;

/// <summary>Has the lock write down the story: positions every few minutes, and rows of its own for some of what happens.</summary>
/// <remarks>
/// Everything that happens is told in one way at least, and often in two or three. Left out: a second mishap of a kind without a row of its own. Where a hole
/// lies between the two and is filled while the second lasts, its beginning is known from its latest position only (DECISIONS.md, 9).
/// </remarks>
internal sealed class LockDiary
{
    private readonly TrueStory _story;
    private readonly SeededRandom _random;
    private readonly bool _givesRowIds;
    private readonly bool _repeatsLevels;

    private LockDiary(TrueStory story, SeededRandom random)
    {
        _story = story;
        _random = random;
        _givesRowIds = random.Chance(60);
        _repeatsLevels = random.Chance(50);
    }

    /// <returns>Frames in order of the lock's time; nothing is sent yet.</returns>
    public static List<Frame> Write(TrueStory story, SeededRandom random)
    {
        var diary = new LockDiary(story, random);
        var positions = diary.Positions();
        return [.. positions.Concat(diary.Rows(positions)).OrderBy(f => f.At)];
    }

    private List<Frame> Positions()
    {
        var frames = new List<Frame>();
        var every = _random.Next(5, 12);
        var wholeMinutes = _random.Chance(20);
        var dirtyFixes = _random.Chance(50);
        var unsetClock = _random.Chance(20);
        for (var at = _story.Begins; at < _story.Ends; at += _random.Span(TimeSpan.FromMinutes(every) - TimeSpan.FromSeconds(40), TimeSpan.FromMinutes(every) + TimeSpan.FromSeconds(20)))
        {
            var time = wholeMinutes ? new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero) : at;
            var fix = _random.Next(0, 100) switch { < 6 when dirtyFixes => FixQuality.None, < 12 when dirtyFixes => FixQuality.BaseStation, _ => FixQuality.Satellite };
            frames.Add(Position(time, OnALine(time) ? FixQuality.BaseStation : fix, unsetClock && _random.Chance(4) && IsQuiet(time)));
        }

        // Somebody must have seen it arrive.
        frames[^1] = Position(frames[^1].At, FixQuality.Satellite, clockUnset: false);
        return frames;
    }

    private Frame Position(DateTimeOffset at, FixQuality fix, bool clockUnset) => new()
    {
        Route = FrameRoute.Location,
        At = at,
        Place = fix == FixQuality.BaseStation ? _story.PlaceAt(at).Towards(_random.Next(0, 360), _random.Next(3, 15)) : _story.PlaceAt(at),
        Fix = clockUnset ? FixQuality.None : fix,
        ClockUnset = clockUnset,
        Locked = _story.IsLocked(at),
        RopeIn = _story.IsRopeIn(at),
        CoverClosed = _story.HasCoverSensor ? _story.IsCoverClosed(at) : null,
        Flags = [.. _story.Mishaps.Where(m => at >= m.At && at < m.Until && m.Until > m.At && Raised(m)).Select(m => m.Kind)],
    };

    /// <summary>Whether a lasting condition has a flag on its positions: all of them, or none.</summary>
    private bool Raised(Mishap mishap) => mishap.Until > mishap.At && (mishap.Kind == Kinds.LowBattery || _repeatsLevels);

    private IEnumerable<Frame> Rows(List<Frame> positions)
    {
        var bySealingRow = _random.Chance(70);
        if (bySealingRow)
        {
            yield return Row(Kinds.Seal, _story.Seals);
        }

        foreach (var mishap in _story.Mishaps)
        {
            var shown = positions.Exists(p => p.At >= mishap.At && (p.At < mishap.Until) && p.Tells(mishap.Kind));
            var flagged = false;
            if (mishap.Until == mishap.At && _random.Chance(40))
            {
                // The first position behind it carries its flag, once.
                var next = positions.FindIndex(p => p.At >= mishap.At);
                if (next >= 0 && !positions[next].ClockUnset && mishap.Kind != Kinds.UnsealRefused)
                {
                    positions[next] = positions[next] with { Flags = [.. positions[next].Flags, mishap.Kind] };
                    flagged = true;
                }
            }

            var again = _story.Mishaps.Any(earlier => earlier.Kind == mishap.Kind && earlier.At < mishap.At);
            if (!(shown || flagged) || again || _random.Chance(70))
            {
                var row = Row(mishap.Kind, mishap.At);
                yield return row;
                if (row.RowId is not null && mishap.Until > mishap.At && mishap.Until < _story.Ends && _random.Chance(50))
                {
                    yield return row with { EndedAt = mishap.Until };
                }
            }
        }

        if (_random.Chance(70))
        {
            yield return Row(Kinds.Unseal, _story.Unseals);
        }
    }

    private Frame Row(string kind, DateTimeOffset at) => new()
    {
        Route = kind switch
        {
            Kinds.UnsealRefused => FrameRoute.Command,
            Kinds.Seal or Kinds.Unseal or Kinds.IllegalCard when _random.Chance(30) => FrameRoute.Command,
            Kinds.Seal or Kinds.Unseal => FrameRoute.Event,
            Kinds.LongUnlocked when _random.Chance(50) => FrameRoute.Event,
            _ => FrameRoute.Alarm,
        },
        At = at,
        Place = _story.PlaceAt(at),
        Fix = FixQuality.BaseStation,
        Kind = kind,
        RowId = _givesRowIds ? $"{_story.Lock}-{kind}-{at.ToUnixTimeSeconds()}" : null,
    };

    /// <summary>On the border of an area, and as far outside it as a receiver drifts, nobody can say on which side a lock is, so nothing may depend on it here.</summary>
    private bool OnALine(DateTimeOffset at) =>
        new[] { _story.From, _story.To }.Any(office => _story.PlaceAt(at).KmTo(office) - TrueStory.OfficeKm is > -0.05 and < 0.15);

    /// <summary>
    /// A position without a time counts from its receipt, a little later than it was. Where something changes at that moment, what is
    /// lost is lost; so the stories have such positions where nothing changes.
    /// </summary>
    private bool IsQuiet(DateTimeOffset at) =>
        _story.Mishaps.SelectMany(m => new[] { m.At, m.Until }).Concat([_story.Seals, _story.Unseals]).All(change => change > at + TimeSpan.FromMinutes(6) || change < at - TimeSpan.FromMinutes(1));
}
