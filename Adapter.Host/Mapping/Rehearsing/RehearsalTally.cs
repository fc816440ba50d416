using Adapter.Mappings;

namespace Adapter.Host.Mapping.Rehearsing;

/// <summary>Counts what a rehearsal sees, in memory that does not grow with the traffic.</summary>
/// <param name="masks">Element paths whose differences do not count, with all below them, such as <c>Declaration/IssueDateTime</c>; they may start anywhere below the root.</param>
internal sealed class RehearsalTally(IReadOnlyList<string> masks)
{
    private const int MostGroups = 300;
    private const int MostValues = 10;
    private const int MostExamples = 3;

    private readonly Dictionary<(string, DifferenceKind), Group> _groups = [];
    private readonly Dictionary<string, Failures> _failures = new(StringComparer.Ordinal);

    public long Messages { get; private set; }

    public long Same { get; private set; }

    public long Changed { get; private set; }

    public long NewlyFailing { get; private set; }

    public long NewlyPassing { get; private set; }

    public long StillFailing { get; private set; }

    /// <summary>Differences that found no place among the groups.</summary>
    public long Ungrouped { get; private set; }

    /// <param name="before">What the live document makes of the message; null where it fails, or nothing is live.</param>
    /// <param name="after">What the draft makes of it; null where it fails.</param>
    public void Add(string message, ReadOnlyMemory<byte>? before, ReadOnlyMemory<byte>? after, IReadOnlyList<MappingProblem> problems)
    {
        Messages++;
        switch (before, after)
        {
            case ({ } old, { } now):
                if (old.Span.SequenceEqual(now.Span) || !Compare(message, old, now))
                {
                    Same++;
                }
                else
                {
                    Changed++;
                }

                return;
            case (null, { }):
                NewlyPassing++;
                return;
            case ({ }, null):
                NewlyFailing++;
                break;
            default:
                StillFailing++;
                break;
        }

        foreach (var problem in problems)
        {
            var key = $"{problem.Code}|{problem.Row}";
            if (!_failures.TryGetValue(key, out var failures) && _failures.Count < MostGroups)
            {
                _failures.Add(key, failures = new Failures(problem));
            }

            failures?.Add(message);
        }
    }

    public RehearsalReport Report() => new(
        Messages, Same, Changed, NewlyFailing, NewlyPassing, StillFailing, Ungrouped,
        [.. _groups.OrderByDescending(g => g.Value.Count).ThenBy(g => g.Key.Item1, StringComparer.Ordinal).Select(g => new DifferenceGroup(
            g.Key.Item1, g.Key.Item2, g.Value.Count,
            [.. g.Value.Values.OrderByDescending(v => v.Value).Select(v => new ValueChange(v.Key.Item1, v.Key.Item2, v.Value))], g.Value.Examples))],
        [.. _failures.Values.OrderByDescending(f => f.Count).Select(f => new FailureGroup(f.First.Code, f.First.Row, f.First.Line, f.First.Message, f.Count, f.Examples))]);

    private bool Compare(string message, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        var (old, now) = (XmlLeaves.Of(before), XmlLeaves.Of(after));
        var differs = false;
        foreach (var (place, leaf) in old)
        {
            if (!now.TryGetValue(place, out var other))
            {
                differs |= Count(leaf.Path, DifferenceKind.Removed, leaf.Value, null, message);
            }
            else if (other.Value != leaf.Value)
            {
                differs |= Count(leaf.Path, DifferenceKind.Changed, leaf.Value, other.Value, message);
            }
        }

        foreach (var (place, leaf) in now.Where(n => !old.ContainsKey(n.Key)))
        {
            differs |= Count(leaf.Path, DifferenceKind.Added, null, leaf.Value, message);
        }

        return differs;
    }

    private bool Count(string path, DifferenceKind kind, string? from, string? to, string message)
    {
        // The root element is in every path; a mask is written as a row's target is.
        var below = path[(path.IndexOf('/', StringComparison.Ordinal) + 1)..];
        if (masks.Any(mask => below == mask || below.StartsWith(mask + "/", StringComparison.Ordinal)))
        {
            return false;
        }

        if (!_groups.TryGetValue((below, kind), out var group))
        {
            if (_groups.Count >= MostGroups)
            {
                Ungrouped++;
                return true;
            }

            _groups.Add((below, kind), group = new Group());
        }

        group.Add(from, to, message);
        return true;
    }

    private sealed class Group
    {
        public long Count { get; private set; }

        public Dictionary<(string?, string?), long> Values { get; } = [];

        public List<string> Examples { get; } = [];

        public void Add(string? from, string? to, string message)
        {
            Count++;
            var change = (Short(from), Short(to));
            if (Values.Count < MostValues || Values.ContainsKey(change))
            {
                Values[change] = Values.GetValueOrDefault(change) + 1;
            }

            if (Examples.Count < MostExamples && !Examples.Contains(message))
            {
                Examples.Add(message);
            }
        }

        private static string? Short(string? value) => value is { Length: > 100 } ? value[..100] + "…" : value;
    }

    private sealed class Failures(MappingProblem first)
    {
        public MappingProblem First { get; } = first;

        public long Count { get; private set; }

        public List<string> Examples { get; } = [];

        public void Add(string message)
        {
            Count++;
            if (Examples.Count < MostExamples)
            {
                Examples.Add(message);
            }
        }
    }
}
