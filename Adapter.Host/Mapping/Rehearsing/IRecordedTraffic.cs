namespace Adapter.Host.Mapping.Rehearsing;

/// <summary>Messages that were made, or came from neighbours, with what their mapping document read. Read page by page, each in a short transaction of its own, so that intake does not feel it.</summary>
internal interface IRecordedTraffic
{
    Task<long> CountAsync(TrafficStretch stretch, CancellationToken cancellationToken);

    /// <summary>The next messages of a stretch in the order of the journal.</summary>
    /// <param name="after">The last one seen; null at the beginning.</param>
    Task<IReadOnlyList<RecordedMessage>> PageAsync(TrafficStretch stretch, RecordedMessage? after, int most, CancellationToken cancellationToken);
}

/// <summary>Which messages: those that a document made, from one journal position to another.</summary>
internal sealed record TrafficStretch(string Document, long From, long To)
{
    /// <summary>Those of neighbours that it understood, instead. What became no entry of the journal stands at position 0.</summary>
    public bool Received { get; init; }
}

/// <param name="Entry">Journal position that led to it.</param>
internal sealed record RecordedMessage(long Entry, string Id, ReadOnlyMemory<byte> Source);
