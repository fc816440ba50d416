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
    /// <param name="overtaking">Lanes whose alarms are being served.</param>
    Task<DateTimeOffset?> NextDueAsync(
        IReadOnlyCollection<string> resting, IReadOnlyCollection<LaneKey> busy, IReadOnlyCollection<LaneKey> overtaking, CancellationToken cancellationToken);

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
