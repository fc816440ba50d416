using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>All stored state that a batch of entries can touch, loaded before anything is decided.</summary>
internal sealed class World(Bindings bindings, IEnumerable<SubjectState> subjects, IEnumerable<IdleReport> idle)
{
    private readonly Dictionary<Subject, SubjectState> _subjects = subjects.ToDictionary(s => s.Subject);
    private readonly ILookup<LockId, IdleReport> _idle = idle.ToLookup(r => r.Report.Lock);

    public Bindings Bindings { get; } = bindings;

    public SubjectState? Find(Subject subject) => _subjects.GetValueOrDefault(subject);

    /// <summary>The journeys that name a manifest.</summary>
    public IEnumerable<SubjectState> JourneysOf(string manifestNumber) =>
        _subjects.Values.Where(s => s.Journey?.Registration.ManifestNumber == manifestNumber).OrderBy(s => s.Subject.Id, StringComparer.Ordinal);

    public IEnumerable<IdleReport> IdleReportsOf(LockId @lock) => _idle[@lock];
}

/// <summary>A report of a lock at a time when no journey owned it.</summary>
internal sealed record IdleReport(LockReport Report, Timing Timing, string Source, long Entry);

/// <summary>Keys of what a batch touches.</summary>
/// <param name="Since">When its first entry was received: windows are measured from there, however long the entries have waited.</param>
internal sealed record Touched(
    IReadOnlyCollection<LockId> Locks, IReadOnlyCollection<string> JourneyIds, IReadOnlyCollection<LockId> NewlyBound, DateTimeOffset Since)
{
    /// <summary>Numbers of the manifests that are named, without the other journeys that name them: a ship's manifest has thousands.</summary>
    public IReadOnlyCollection<string> Manifests { get; init; } = [];

    /// <summary>Numbers of the manifests that are told: of them all journeys that name them are touched.</summary>
    public IReadOnlyCollection<string> Told { get; init; } = [];

    public static Touched By(IReadOnlyList<DecodedEntry> entries)
    {
        var locks = new HashSet<LockId>();
        var journeys = new HashSet<string>(StringComparer.Ordinal);
        var newlyBound = new HashSet<LockId>();
        var manifests = new HashSet<string>(StringComparer.Ordinal);
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            switch (entry.Content)
            {
                case EntryContent.Report report:
                    locks.Add(report.Told.Lock);
                    break;
                case EntryContent.Registration registration:
                    journeys.Add(registration.Asked.JourneyId);
                    newlyBound.UnionWith(registration.Asked.Locks.Select(l => l.Lock));
                    manifests.UnionWith(Named(registration.Asked.ManifestNumber));
                    break;
                case EntryContent.Close close:
                    journeys.Add(close.Asked.JourneyId);
                    break;
                case EntryContent.Manifest manifest:
                    manifests.Add(manifest.Told.ManifestNumber);
                    told.Add(manifest.Told.ManifestNumber);
                    break;
                case EntryContent.Amend amend:
                    journeys.Add(amend.Asked.MovementId);
                    newlyBound.UnionWith(Amend.NewLocks(amend.Asked));
                    manifests.UnionWith(Named(amend.Asked.ManifestNumber));
                    break;
                case EntryContent.Judge { Asked.Lock: { } judged }:
                    locks.Add(judged);
                    break;
                case EntryContent.Judge judge:
                    journeys.Add(judge.Asked.JourneyId);
                    break;
                case EntryContent.Due due:
                    journeys.Add(due.JourneyId);
                    break;
                case EntryContent.OfJourney of:
                    journeys.Add(of.JourneyId);
                    break;
            }
        }

        locks.UnionWith(newlyBound);
        return new Touched(locks, journeys, newlyBound, entries.Min(e => e.Entry.ReceivedAt)) { Manifests = manifests, Told = told };
    }

    private static IEnumerable<string> Named(string? manifest) => manifest is null ? [] : [manifest];
}
