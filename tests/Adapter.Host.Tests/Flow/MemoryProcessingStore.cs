using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Processing;

namespace Adapter.Host.Tests.Flow;

/// <summary>Loads and saves what the SQLite store does, by the same keys, in memory.</summary>
internal sealed class MemoryProcessingStore : IProcessingStore
{
    private readonly List<JournalEntry> _journal = [];
    private readonly Dictionary<Subject, SubjectState> _subjects = [];
    private readonly Dictionary<(LockId Lock, DateTimeOffset StartsAt), Binding> _bindings = [];
    private readonly Dictionary<long, IdleReport> _idle = [];
    private readonly Dictionary<(string, Subject), long> _lanes = [];
    private long _checkpoint;

    public List<MappedMessage> Messages { get; } = [];

    public List<EntryResult> Results { get; } = [];

    public List<(long Position, string Reason)> Parked { get; } = [];

    public List<int> Batches { get; } = [];

    /// <summary>Thrown by the next save.</summary>
    public Exception? SaveFailure { get; set; }

    /// <summary>Thrown by every load.</summary>
    public Exception? LoadFailure { get; set; }

    public IEnumerable<Binding> Bindings => _bindings.Values.OrderBy(b => b.StartsAt);

    public SubjectState? Find(Subject subject) => _subjects.GetValueOrDefault(subject);

    public IReadOnlyList<SubjectState> Due(DateTimeOffset now) => [.. _subjects.Values.Where(s => s.NextDue <= now)];

    public JournalEntry Append(EntryKind kind, string source, string route, DateTimeOffset receivedAt, ReadOnlyMemory<byte> body)
    {
        var entry = new JournalEntry(_journal.Count + 1, kind, source, route, receivedAt, body);
        _journal.Add(entry);
        return entry;
    }

    public Task<IReadOnlyList<JournalEntry>> ClaimAsync(int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<JournalEntry>>([.. _journal.Where(e => e.Position > _checkpoint).Take(most)]);

    public Task<StoredState> LoadAsync(Touched touched, CancellationToken cancellationToken)
    {
        if (LoadFailure is { } failure)
        {
            return Task.FromException<StoredState>(failure);
        }

        var bindings = _bindings.Values.Where(b => touched.Locks.Contains(b.Lock) || touched.JourneyIds.Contains(b.JourneyId)).ToList();
        var subjects = touched.Locks.Select(Subject.Of)
            .Concat(touched.JourneyIds.Concat(bindings.Select(b => b.JourneyId)).Select(Subject.OfJourney))
            .Concat(touched.Manifests.Select(Subject.OfManifest))
            .Concat(_subjects.Values.Where(s => s.Journey?.Registration.ManifestNumber is { } number && touched.Manifests.Contains(number)).Select(s => s.Subject))
            .Distinct().ToList();
        var idle = _idle.Values.Where(r => touched.NewlyBound.Contains(r.Report.Lock)).Select(r => _journal[(int)r.Entry - 1]);
        return Task.FromResult(new StoredState(
            [.. subjects.Where(_subjects.ContainsKey).Select(s => _subjects[s])], bindings, [.. idle.OrderBy(e => e.Position)],
            _lanes.Where(l => subjects.Contains(l.Key.Item2)).ToDictionary(l => l.Key, l => l.Value)));
    }

    public Task SaveAsync(ProcessedBatch batch, CancellationToken cancellationToken)
    {
        if (SaveFailure is { } failure)
        {
            SaveFailure = null;
            return Task.FromException(failure);
        }

        foreach (var binding in batch.Bindings)
        {
            _bindings[(binding.Lock, binding.StartsAt)] = binding;
        }

        // The trigger bindings_no_overlap.
        var holding = _bindings.Values.Where(b => b.EndsAt != b.StartsAt).ToList();
        foreach (var one in holding)
        {
            holding.Where(other => other != one && other.Lock == one.Lock
                && other.StartsAt < (one.EndsAt ?? DateTimeOffset.MaxValue) && one.StartsAt < (other.EndsAt ?? DateTimeOffset.MaxValue))
                .ShouldBeEmpty("two journeys would control one lock at the same time");
        }

        foreach (var (state, messages) in batch.Subjects)
        {
            // Through its stored form, so that a fact which is not stored is missed.
            var stored = JsonSerializer.SerializeToUtf8Bytes(state, JourneyJson.Default.SubjectState);
            _subjects[state.Subject] = JsonSerializer.Deserialize(stored, JourneyJson.Default.SubjectState)! with { Version = state.Version + 1 };
            foreach (var message in messages)
            {
                Messages.ShouldNotContain(m => m.Id == message.Id, $"{message.DecisionKey} would go to {message.Destination.Name} twice under one id");
                Messages.Add(message);
                _lanes[(message.Destination.Name, message.Subject)] = message.Number;
            }
        }

        foreach (var report in batch.Idle)
        {
            _idle[report.Entry] = report;
        }

        foreach (var report in batch.Attached)
        {
            _idle.Remove(report.Entry);
        }

        Results.AddRange(batch.Results);
        Batches.Add(batch.Entries.Count);
        _checkpoint = batch.Entries[^1];
        return Task.CompletedTask;
    }

    public Task ParkAsync(JournalEntry entry, string reason, CancellationToken cancellationToken)
    {
        Parked.Add((entry.Position, reason));
        _checkpoint = entry.Position;
        return Task.CompletedTask;
    }
}
