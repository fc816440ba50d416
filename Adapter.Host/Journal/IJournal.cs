namespace Adapter.Host.Journal;

/// <summary>Durable, ordered, deduplicated record of everything that can change a journey.</summary>
internal interface IJournal
{
    /// <summary>Appends records; once this returns, every stored one survives a crash.</summary>
    /// <returns>One result per record, in order.</returns>
    /// <exception cref="Storage.StoreUnavailableException">Nothing was kept; the sender may be asked to try again.</exception>
    Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<ReceivedRecord> records, CancellationToken cancellationToken);

    /// <summary>Keeps a body of a known source that is not JSON, for people to look at. The oldest make room for the newest.</summary>
    Task KeepUnreadableAsync(UnreadableBody body, CancellationToken cancellationToken);

    /// <summary>One entry with what became of it, or null where no entry has that position.</summary>
    Task<EntryStory?> FindAsync(long position, CancellationToken cancellationToken);

    /// <summary>Has a parked entry processed once more, for after its cause was mended.</summary>
    /// <returns>False where no parked entry has this position.</returns>
    Task<bool> RetryAsync(long position, Storage.Actor actor, CancellationToken cancellationToken);

    /// <summary>How much is not processed, for health and metrics.</summary>
    Task<JournalCounts> CountAsync(CancellationToken cancellationToken);
}

internal sealed record JournalCounts(long Waiting, long Parked, long Unreadable);

/// <summary>What the journal did with a record.</summary>
internal abstract record AppendResult
{
    /// <summary>Stored as new.</summary>
    public sealed record Stored(long Position) : AppendResult;

    /// <summary>A copy of the same record from the same source; not stored again.</summary>
    public sealed record Duplicate(long Of) : AppendResult;

    /// <summary>The source filled in later fields of a row it had sent before.</summary>
    public sealed record Revision(long Position, long Of) : AppendResult;

    /// <summary>The source used one id for two different rows; both are kept and both count.</summary>
    public sealed record Conflict(long Position, long With) : AppendResult;

    /// <summary>Stored, unreadable, not processed.</summary>
    public sealed record Quarantined(long Position, string Reason) : AppendResult;
}

internal sealed record UnreadableBody(string Source, string Route, DateTimeOffset ReceivedAt, string Reason, ReadOnlyMemory<byte> Body);

/// <param name="State"><c>waiting</c>, <c>processed</c>, <c>parked</c> or <c>quarantined</c>.</param>
/// <param name="Relation"><c>revision</c> or <c>conflict</c> with the entry in <paramref name="Related"/>.</param>
internal sealed record EntryStory(JournalEntry Entry, string State, string? Relation, long? Related, string? Note, string? Elided, EntryResult? Result);

/// <summary>What a registration or an operator's act led to.</summary>
/// <param name="Code">Stable problem code, or <c>ok</c>.</param>
internal sealed record EntryResult(long Position, bool Accepted, string Code, string Text);
