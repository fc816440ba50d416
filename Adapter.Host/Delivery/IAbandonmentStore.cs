using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <summary>Lanes of closed journeys that are given up by two persons: one asks, another does it.</summary>
/// <remarks>Nothing is removed: the messages stay with their bytes and attempts, as abandoned.</remarks>
internal interface IAbandonmentStore
{
    /// <summary>Asks that a stuck lane be given up, as it is now. Asked again, it is about the lane as it is then and by who asked last.</summary>
    Task<AbandonmentAnswer> AskAsync(LaneKey lane, Actor actor, string reason, CancellationToken cancellationToken);

    /// <summary>Gives the lane up, where somebody else has asked and nothing has changed since.</summary>
    Task<AbandonmentAnswer> DoAsync(long id, Actor actor, string reason, CancellationToken cancellationToken);

    /// <summary>The newest first.</summary>
    Task<IReadOnlyList<Abandonment>> ListAsync(CancellationToken cancellationToken);

    /// <summary>What the abandonment is about, with the ids of its messages in order; null where there is none of this id.</summary>
    Task<(Abandonment Abandonment, IReadOnlyList<string> Messages)?> FindAsync(long id, CancellationToken cancellationToken);
}

/// <param name="Problem">Why not; null when done, and then <paramref name="Id"/> is set.</param>
internal sealed record AbandonmentAnswer(long? Id, string? Problem);

/// <param name="Head">The first number that is given up.</param>
/// <param name="LastNumber">The last one.</param>
/// <param name="DoneBy">The second person; null while only one has spoken.</param>
internal sealed record Abandonment(
    long Id, string Destination, string Subject, long Head, long LastNumber, string AskedBy, DateTimeOffset AskedAt, string Reason, string? DoneBy, DateTimeOffset? DoneAt);
