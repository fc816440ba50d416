using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <summary>Ordered lanes on disk: one per (destination, subject).</summary>
internal interface ILaneStore
{
    /// <summary>Heads of one destination whose time has come, the longest waiting first, leaving out lanes that are being served.</summary>
    Task<IReadOnlyList<LaneHead>> DueAsync(string destination, IReadOnlyCollection<LaneKey> busy, int most, CancellationToken cancellationToken);

    /// <summary>When the next head is due, or null where nothing waits.</summary>
    /// <param name="resting">Destinations to which nothing goes for now.</param>
    Task<DateTimeOffset?> NextDueAsync(IReadOnlyCollection<string> resting, IReadOnlyCollection<LaneKey> busy, CancellationToken cancellationToken);

    /// <summary>Commits that an attempt begins. After a crash, an attempt begun and not ended has an unknown outcome.</summary>
    /// <returns>The attempt's id.</returns>
    Task<long> BeginAsync(LaneHead head, AttemptPurpose purpose, CancellationToken cancellationToken);

    /// <summary>Commits how an attempt ended and what follows for the lane, together.</summary>
    /// <returns>The lane's next head where it may go out at once, otherwise null.</returns>
    Task<LaneHead?> EndAsync(LaneHead head, AttemptRecord attempt, NextMove move, CancellationToken cancellationToken);

    /// <summary>At start: attempts that nobody ended. Lanes of destinations that can be asked will ask; the others wait for a person.</summary>
    /// <returns>How many there were.</returns>
    Task<int> RecoverAsync(IReadOnlyList<Destination> destinations, CancellationToken cancellationToken);

    Task<IReadOnlyList<LaneView>> ListAsync(LaneFilter filter, CancellationToken cancellationToken);

    /// <summary>Lanes that wait for a person, grouped by destination, state and cause; the group that has waited longest first.</summary>
    Task<IReadOnlyList<DeadLetterGroup>> DeadLettersAsync(CancellationToken cancellationToken);

    /// <summary>Parked lanes of one cause, the longest waiting first.</summary>
    Task<IReadOnlyList<LaneKey>> LanesOfAsync(string destination, string cause, int most, CancellationToken cancellationToken);

    Task<MessageStory?> FindMessageAsync(string id, CancellationToken cancellationToken);

    /// <summary>Sends a parked head again under its own id and bytes.</summary>
    /// <returns>Why not, or null when done.</returns>
    Task<string?> ReplayAsync(LaneKey lane, Actor actor, string reason, CancellationToken cancellationToken);

    /// <summary>Leaves the stuck head out for good and lets its followers go.</summary>
    /// <returns>Why not, or null when done.</returns>
    Task<string?> SkipAsync(LaneKey lane, Actor actor, string reason, CancellationToken cancellationToken);

    /// <summary>A person found out what became of an unknown head.</summary>
    /// <returns>Why not, or null when done.</returns>
    Task<string?> ReconcileAsync(LaneKey lane, bool tookEffect, Actor actor, string reason, CancellationToken cancellationToken);

    /// <summary>Lanes by state, for health and metrics.</summary>
    Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken);
}

internal sealed record LaneKey(string Destination, string Subject);

internal static class LaneState
{
    /// <summary>Nothing waits.</summary>
    public const string Idle = "idle";

    /// <summary>The head goes out when it is due.</summary>
    public const string Waiting = "waiting";

    /// <summary>The head's outcome is unknown and the destination will be asked.</summary>
    public const string Asking = "asking";

    /// <summary>The head was refused, could not be mapped or used up its attempts.</summary>
    public const string Parked = "parked";

    /// <summary>The head's outcome is unknown and only a person can find out.</summary>
    public const string Unknown = "unknown";
}

internal enum AttemptPurpose
{
    Send,
    Ask,
}

/// <summary>The oldest unsettled message of a lane, with its frozen bytes.</summary>
/// <param name="Attempts">Attempts so far that count.</param>
/// <param name="Tries">All tries so far, those that cannot have reached the receiver included.</param>
/// <param name="Asked">How often the receiver was asked about it.</param>
/// <param name="ReceivedAt">When the report behind it reached us.</param>
internal sealed record LaneHead(
    LaneKey Lane, string MessageId, long Number, string State, int Attempts, int Tries, int Asked, SoapVersion Soap, string Action,
    ReadOnlyMemory<byte> Body, DateTimeOffset ReceivedAt);

/// <param name="Id">From <see cref="ILaneStore.BeginAsync"/>; null where the destination is idempotent and no mark was made.</param>
/// <param name="Outcome"><c>delivered</c>, <c>rejected</c>, <c>not-delivered</c> or <c>unknown</c>.</param>
internal sealed record AttemptRecord(
    long? Id, AttemptPurpose Purpose, DateTimeOffset StartedAt, string Outcome, int? HttpStatus, string Detail, ReadOnlyMemory<byte> Reply);

internal sealed record LaneFilter(string? Destination, string? Subject, string? State, int Most);

internal sealed record LaneView(
    string Destination, string Subject, string State, long LastNumber, long? Head, string? HeadMessage, DateTimeOffset? DueAt, int Attempts, int Tries,
    string? Reason, DateTimeOffset Since);

/// <param name="Cause">Fingerprint of the reason; null for lanes parked before causes were kept.</param>
/// <param name="Subject">One of the lanes, as an example, beside <paramref name="Reason"/>.</param>
internal sealed record DeadLetterGroup(
    string Destination, string State, string? Cause, long Lanes, DateTimeOffset Oldest, DateTimeOffset Newest, string Subject, string? Reason);

internal sealed record MessageStory(
    string Id, string Destination, string Subject, long Number, int Revision, string DecisionKey, string Kind, DateTimeOffset OccurredAt,
    DateTimeOffset CreatedAt, long Entry, string State, DateTimeOffset? SettledAt, string? Corrects, string? Supersedes, string Document,
    int DocumentVersion, string? BodySha256, string? Problem, string? Body, IReadOnlyList<AttemptView> Attempts);

internal sealed record AttemptView(
    string Purpose, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Outcome, int? HttpStatus, string? Detail, string? Reply);
