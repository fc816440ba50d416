using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>A stretch in which a condition was seen.</summary>
/// <param name="Of">Which reports are observations of it.</param>
internal sealed record SeenRun(Run Run, Aspects Of);

/// <summary>Something that happened to a lock, as far as is known now: what was told of it, and the stretches in which it was seen.</summary>
internal sealed class Occurrence(LockEventKind kind)
{
    private readonly List<SeenRun> _seen = [];
    private readonly List<Telling> _told = [];

    public LockEventKind Kind { get; } = kind;

    /// <summary>The earliest observation.</summary>
    public Sighting First { get; private set; } = null!;

    /// <summary>The latest observation that the condition still held.</summary>
    public Sighting Last { get; private set; } = null!;

    public IReadOnlyList<SeenRun> Seen => _seen;

    public IReadOnlyList<Telling> Told => _told;

    /// <summary>True while nothing but the state or a flag in positions tells of it.</summary>
    public bool FromStateOnly => _told.Count == 0;

    public void Add(SeenRun seen)
    {
        _seen.Add(seen);
        Include(seen.Run.First, seen.Run.Last);
    }

    public void Add(Telling telling)
    {
        _told.Add(telling);
        Include(telling.Seen, telling.Seen);
    }

    /// <summary>Journal positions of what was told of it and of what was seen near its beginning, in order of time.</summary>
    public IEnumerable<long> EvidenceWithin(TimeSpan window) =>
        _told.Select(t => t.Seen).Concat(_seen.SelectMany(seen => (Sighting[])[seen.Run.First, seen.Run.Last]).Where(s => s.At <= First.At + window))
            .OrderBy(s => s.At).Select(s => s.Entry).Distinct();

    private void Include(Sighting first, Sighting last)
    {
        First = First is null || first.At < First.At ? first : First;
        Last = Last is null || last.At > Last.At ? last : Last;
    }
}
