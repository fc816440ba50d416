using System.Text.Json.Serialization;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <summary>Ordered lanes on disk: one per (destination, subject).</summary>
internal interface ILaneStore
{
    /// <summary>Heads of one destination whose time has come, the longest waiting first, leaving out lanes that are being served.</summary>
    Task<IReadOnlyList<LaneHead>> DueAsync(string destination, IReadOnlyCollection<LaneKey> busy, int most, CancellationToken cancellationToken);

    /// <summary>Alarms of one destination that may go before what waits in front of them, the first of each lane, leaving out lanes whose alarm is being served.</summary>
    Task<IReadOnlyList<LaneHead>> OvertakersDueAsync(string destination, IReadOnlyCollection<LaneKey> busy, int most, CancellationToken cancellationToken);

    /// <summary>Commits that an alarm goes now, with the bytes that say that it is out of sequence.</summary>
    /// <param name="mark">Whether an attempt is marked as begun, as <see cref="BeginAsync"/> does.</param>
    /// <returns>The attempt's id where one was marked, and false where its turn has come meanwhile: then it goes as the head of its lane.</returns>
    Task<(bool Begun, long? Attempt)> BeginOvertakingAsync(LaneHead alarm, AttemptPurpose purpose, bool mark, CancellationToken cancellationToken);

    /// <summary>When the next head or overtaking alarm is due, or null where nothing waits.</summary>
    /// <param name="resting">Destinations to which nothing goes for now.</param>
    /// <param name="busy">Lanes whose heads are being served.</param>
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

    /// <summary>A person decides about a head whose outcome is unknown, also one that was given up in doubt.</summary>
    /// <returns>Why not, or null when done.</returns>
    Task<string?> ReconcileAsync(LaneKey lane, Reconciliation choice, Actor actor, string reason, CancellationToken cancellationToken);

    /// <summary>Takes an answer that came later than the acknowledgement. Kept whatever it is about.</summary>
    Task<AnswerEffect> AnswerAsync(LaterAnswer answer, CancellationToken cancellationToken);

    /// <summary>What a repair of a lane begins with: its head, and behind it the messages without bytes and those that correct the head.</summary>
    Task<IReadOnlyList<RepairCase>> RepairableAsync(LaneKey lane, CancellationToken cancellationToken);

    /// <summary>Commits the repair of a parked head together with what it means for messages behind it, and lets the lane go on.</summary>
    /// <param name="repairs">The head's first. One that keeps its id is mapped in place, one with another id supersedes.</param>
    /// <returns>Why not, or null when done.</returns>
    Task<string?> RepairAsync(LaneKey lane, IReadOnlyList<Repair> repairs, Actor actor, string reason, CancellationToken cancellationToken);

    /// <summary>Marks the lanes that have waited for a person for an hour, a day or a week and were not called out for that yet.</summary>
    /// <returns>They, by destination, cause and step.</returns>
    Task<IReadOnlyList<Escalation>> EscalateAsync(CancellationToken cancellationToken);

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

    /// <summary>The head was acknowledged and its answer is waited for.</summary>
    public const string Answering = "answering";

    /// <summary>The head's outcome is unknown and the destination will be asked.</summary>
    public const string Asking = "asking";

    /// <summary>The head was refused, could not be mapped or used up its attempts.</summary>
    public const string Parked = "parked";

    /// <summary>The head's outcome is unknown and only a person can find out.</summary>
    public const string Unknown = "unknown";
}

/// <summary>What a person found out about a message whose outcome was unknown.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Reconciliation>))]
internal enum Reconciliation
{
    /// <summary>It took effect: it counts as delivered.</summary>
    [JsonStringEnumMemberName("took-effect")] TookEffect,

    /// <summary>It certainly did not: the same bytes go again under the same id.</summary>
    [JsonStringEnumMemberName("send-again")] SendAgain,

    /// <summary>Whatever became of it, the lane goes on without it.</summary>
    [JsonStringEnumMemberName("leave-out")] LeaveOut,
}

internal enum AttemptPurpose
{
    Send,
    Ask,

    /// <summary>Nothing was sent: an answer did not come in time.</summary>
    Wait,
}

/// <summary>The oldest unsettled message of a lane, with its frozen bytes.</summary>
/// <param name="Attempts">Attempts so far that count.</param>
/// <param name="Tries">All tries so far, those that cannot have reached the receiver included.</param>
/// <param name="Asked">How often the receiver was asked about it.</param>
/// <param name="ReceivedAt">When the report behind it reached us.</param>
internal sealed record LaneHead(
    LaneKey Lane, string MessageId, long Number, string State, int Attempts, int Tries, int Asked, SoapVersion Soap, string Action,
    ReadOnlyMemory<byte> Body, DateTimeOffset ReceivedAt)
{
    /// <summary>True for an alarm that goes before its turn.</summary>
    public bool Overtakes { get; init; }
}

/// <param name="Id">From <see cref="ILaneStore.BeginAsync"/>; null where the destination is idempotent and no mark was made.</param>
/// <param name="Outcome"><c>delivered</c>, <c>rejected</c>, <c>not-delivered</c> or <c>unknown</c>.</param>
internal sealed record AttemptRecord(
    long? Id, AttemptPurpose Purpose, DateTimeOffset StartedAt, string Outcome, int? HttpStatus, string Detail, ReadOnlyMemory<byte> Reply)
{
    /// <summary>True when the receiver itself said what became of the message: earlier doubt ends. A status from some server on the way says nothing about earlier attempts.</summary>
    public bool ReceiverTold { get; init; }
}

internal sealed record LaneFilter(string? Destination, string? Subject, string? State, int Most);

internal sealed record LaneView(
    string Destination, string Subject, string State, long LastNumber, long? Head, string? HeadMessage, DateTimeOffset? DueAt, int Attempts, int Tries,
    string? Reason, DateTimeOffset Since)
{
    /// <summary>Times that somebody was called since it waits for a person: after an hour, a day, a week.</summary>
    public int Escalated { get; init; }

    /// <summary>True while nobody knows whether the head took effect.</summary>
    public bool InDoubt { get; init; }
}

/// <param name="Body">The answer as it came.</param>
internal sealed record LaterAnswer(string Destination, string MessageId, Receipt Receipt, ReadOnlyMemory<byte> Body);

/// <summary>What a later answer changed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnswerEffect>))]
internal enum AnswerEffect
{
    /// <summary>The message counts as delivered and its lane goes on.</summary>
    [JsonStringEnumMemberName("settled")] Settled,

    /// <summary>The message was refused; its lane waits for a person.</summary>
    [JsonStringEnumMemberName("parked")] Parked,

    /// <summary>It confirms what is known, or comes too late to change anything.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>The same answer came before.</summary>
    [JsonStringEnumMemberName("duplicate")] Duplicate,

    /// <summary>No message of this id was ever made for this destination.</summary>
    [JsonStringEnumMemberName("foreign")] Foreign,
}

/// <summary>A message that can be mapped again.</summary>
/// <param name="HasBytes">False while its mapping failed: it is mapped in place and keeps its id.</param>
/// <param name="Source">What its mapping document read, as kept with it.</param>
internal sealed record RepairCase(
    string Id, long Number, int Revision, string DecisionKey, bool HasBytes, bool InDoubt, string? Corrects, ReadOnlyMemory<byte> Source);

/// <param name="Replaces">The message that was repaired.</param>
/// <param name="Id">The same where it never had bytes or is behind the head, a new one where it supersedes.</param>
internal sealed record Repair(
    string Replaces, string Id, int Revision, string? Corrects, ReadOnlyMemory<byte> Source, string Document, int DocumentVersion, SoapVersion Soap,
    string Action, ReadOnlyMemory<byte> Body);

/// <param name="Step">1 for an hour, 2 for a day, 3 for a week.</param>
/// <param name="Subject">One of the lanes, as an example.</param>
internal sealed record Escalation(string Destination, string? Cause, int Step, int Lanes, string Subject, string? Reason);

/// <param name="Cause">Fingerprint of the reason; null for lanes parked before causes were kept.</param>
/// <param name="Subject">One of the lanes, as an example, beside <paramref name="Reason"/>.</param>
internal sealed record DeadLetterGroup(
    string Destination, string State, string? Cause, long Lanes, DateTimeOffset Oldest, DateTimeOffset Newest, string Subject, string? Reason);

internal sealed record MessageStory(
    string Id, string Destination, string Subject, long Number, int Revision, string DecisionKey, string Kind, DateTimeOffset OccurredAt,
    DateTimeOffset CreatedAt, long Entry, string State, DateTimeOffset? SettledAt, string? Corrects, string? Supersedes, string Document,
    int DocumentVersion, string? BodySha256, string? Problem, string? Body, IReadOnlyList<AttemptView> Attempts)
{
    /// <summary>The revision that took its place.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>True while nobody knows whether it took effect.</summary>
    public bool InDoubt { get; init; }

    /// <summary>True when it was sent before its turn.</summary>
    public bool OutOfSequence { get; init; }

    /// <summary>Business answers that came later.</summary>
    public IReadOnlyList<AnswerView> Answers { get; init; } = [];

    /// <summary>What the mapping document read, as JSON.</summary>
    public string? Source { get; init; }
}

internal sealed record AnswerView(DateTimeOffset ReceivedAt, string Verdict, string Code, string? Text, string Effect, string? Body);

internal sealed record AttemptView(
    string Purpose, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Outcome, int? HttpStatus, string? Detail, string? Reply);
