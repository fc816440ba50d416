using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>One lock on one journey over a stretch of time.</summary>
/// <param name="EndsAt">Exclusive; null while it holds.</param>
internal sealed record Binding(LockId Lock, string JourneyId, string? Container, DateTimeOffset StartsAt, DateTimeOffset? EndsAt)
{
    public bool Covers(DateTimeOffset at) => at >= StartsAt && (EndsAt is null || at < EndsAt);
}

/// <summary>The bindings of the locks that a batch touches. At most one controls a lock at any instant.</summary>
internal sealed class Bindings(IEnumerable<Binding> bindings)
{
    private readonly List<Binding> _all = [.. bindings];

    public Subject? OwnerOf(LockId @lock, DateTimeOffset at) =>
        _all.Find(b => b.Lock == @lock && b.Covers(at)) is { } binding ? Subject.OfJourney(binding.JourneyId) : null;

    /// <summary>The binding that holds now or ended last; one that ended before it began never held the lock.</summary>
    public Binding? LatestOf(LockId @lock) => _all.Where(b => b.Lock == @lock && b.EndsAt != b.StartsAt).MaxBy(b => b.StartsAt);

    public IEnumerable<Binding> Of(string journeyId) => _all.Where(b => b.JourneyId == journeyId);

    /// <summary>Bindings made or ended since these were loaded, to be stored.</summary>
    public List<Binding> Changed { get; } = [];

    public void Start(Binding binding)
    {
        _all.RemoveAll(b => b.Lock == binding.Lock && b.StartsAt == binding.StartsAt);
        _all.Add(binding);
        Changed.Add(binding);
    }

    public void End(Binding binding, DateTimeOffset at)
    {
        var ended = binding with { EndsAt = at > binding.StartsAt ? at : binding.StartsAt };
        _all[_all.IndexOf(binding)] = ended;
        Changed.RemoveAll(b => b.Lock == ended.Lock && b.StartsAt == ended.StartsAt);
        Changed.Add(ended);
    }
}
