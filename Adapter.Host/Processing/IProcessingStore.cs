using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;

namespace Adapter.Host.Processing;

/// <summary>What one batch reads and writes, each in one go.</summary>
internal interface IProcessingStore
{
    /// <summary>The oldest entries that are neither processed nor parked, in journal order.</summary>
    Task<IReadOnlyList<JournalEntry>> ClaimAsync(int most, CancellationToken cancellationToken);

    /// <summary>All state that the entries can touch.</summary>
    Task<StoredState> LoadAsync(Touched touched, CancellationToken cancellationToken);

    /// <summary>State, findings, lane rows, results and checkpoint in one commit; either all of it or nothing.</summary>
    Task SaveAsync(ProcessedBatch batch, CancellationToken cancellationToken);

    /// <summary>Puts an entry aside that cannot be processed, so that those behind it can.</summary>
    Task ParkAsync(JournalEntry entry, string reason, CancellationToken cancellationToken);
}

/// <param name="Idle">Journal entries of newly bound locks that no journey owned, oldest first.</param>
internal sealed record StoredState(
    IReadOnlyList<SubjectState> Subjects, IReadOnlyList<Binding> Bindings, IReadOnlyList<JournalEntry> Idle,
    IReadOnlyDictionary<(string Destination, Subject Subject), long> LaneNumbers)
{
    /// <summary>Ids of superseded messages of these subjects, each with the id of the one that took its place.</summary>
    public IReadOnlyDictionary<string, string> Superseded { get; init; } = new Dictionary<string, string>();
}

/// <param name="Entries">Positions of the entries that this batch is about, in journal order. They wait no longer.</param>
/// <param name="Since">When the first entry was received.</param>
internal sealed record ProcessedBatch(
    IReadOnlyList<long> Entries, DateTimeOffset Since, IReadOnlyList<MappedSubject> Subjects, IReadOnlyList<Binding> Bindings, IReadOnlyList<EntryResult> Results,
    IReadOnlyList<IdleReport> Idle, IReadOnlyList<IdleReport> Attached);
