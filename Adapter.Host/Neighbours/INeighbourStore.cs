using Adapter.Contracts.Admin;

namespace Adapter.Host.Neighbours;

/// <summary>What neighbours sent, by their own ids, and what they were answered.</summary>
internal interface INeighbourStore
{
    Task<KeptMessage?> FindAsync(string neighbour, string reference, CancellationToken cancellationToken);

    /// <summary>Numbers of a lane that come before <paramref name="before"/> and did not arrive, the lowest first; at most 100.</summary>
    Task<IReadOnlyList<long>> MissingAsync(string neighbour, string lane, long before, CancellationToken cancellationToken);

    /// <summary>Commits a message with what is answered later, together. The first one with its reference counts.</summary>
    /// <returns>False where the reference is known already; nothing was changed.</returns>
    Task<bool> KeepAsync(KeptMessage message, IReadOnlyList<LaterWord> words, CancellationToken cancellationToken);

    /// <summary>Commits the verdict about a message that waited for it, with the word that tells it, together.</summary>
    Task ConcludeAsync(KeptMessage message, IReadOnlyList<LaterWord> words, CancellationToken cancellationToken);

    /// <summary>Messages without a verdict, the oldest first.</summary>
    Task<IReadOnlyList<KeptMessage>> PendingAsync(CancellationToken cancellationToken);

    /// <summary>Ids of delivered messages of ours in the lane of another one, by number.</summary>
    Task<IReadOnlyList<string>> DeliveredBesideAsync(string destination, string messageId, IReadOnlyCollection<long> numbers, CancellationToken cancellationToken);
}

/// <summary>A message of a neighbour.</summary>
/// <param name="Lane">What its number counts in: the MRN. Null where it counts nothing.</param>
/// <param name="Entry">Journal entry that it became; null where it was refused before.</param>
/// <param name="State"><c>pending</c>, <c>accepted</c> or <c>rejected</c>.</param>
/// <param name="Answer">The final answer; empty while it is pending.</param>
internal sealed record KeptMessage(
    string Neighbour, string Reference, string? Lane, long? Number, DateTimeOffset ReceivedAt, string Sha256, long? Entry, string State, ReadOnlyMemory<byte> Answer)
{
    /// <summary>What its mapping document read; empty where it was not kept.</summary>
    public ReadOnlyMemory<byte> Source { get; init; }

    /// <summary>The mapping document that understood it, and its version.</summary>
    public string? Document { get; init; }

    public int? DocumentVersion { get; init; }

    /// <summary>The <c>wsa:MessageID</c> that it came under; null where it had none.</summary>
    public string? MessageId { get; init; }

    public const string Pending = "pending";
    public const string Accepted = "accepted";
    public const string Rejected = "rejected";
}

/// <summary>A response that goes to the neighbour by a lane of its own.</summary>
/// <param name="Id">Its reference, 32 hex digits.</param>
/// <param name="Subject">The lane: words about one movement keep their order.</param>
/// <param name="RelatesTo">The <c>wsa:MessageID</c> of the message that it answers; null where that had none.</param>
internal sealed record LaterWord(Destination Destination, string Id, string Subject, long Entry, ReadOnlyMemory<byte> Body, string? RelatesTo = null);
