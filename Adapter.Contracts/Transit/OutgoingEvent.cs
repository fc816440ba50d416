using Adapter.Contracts.Telemetry;

namespace Adapter.Contracts.Transit;

/// <summary>All that a mapping document can read: the message to be made, the event it tells of, and the journey.</summary>
/// <remarks>
/// The typed catalogue behind mapping paths: <c>message.id</c>, <c>event.kind</c>, <c>journey.containers</c>. A property is named
/// in a document by its camel-case name. Changing one here changes what documents can say, so add and do not rename.
/// </remarks>
public sealed record OutgoingEvent(MessageInfo Message, EventInfo Event, JourneyInfo? Journey);

/// <param name="Id">32 hex digits, the same for ever for the same bytes.</param>
/// <param name="Number">Number in the lane; a later number overtakes an earlier one only where <see cref="OutOfSequence"/> says so.</param>
/// <param name="Revision">1 for the first issue, one more for each edit after a rejection.</param>
/// <param name="Supersedes">Id of the revision that this one takes the place of.</param>
/// <param name="Corrects">Id of the message whose statement this one corrects or withdraws.</param>
/// <param name="IsWithdrawal">True when what the corrected message said turned out not to have happened.</param>
public sealed record MessageInfo(
    string Id, long Number, int Revision, string Destination, string Subject, string? Supersedes, string? Corrects, bool IsWithdrawal)
{
    /// <summary>True when an alarm goes before messages of its lane with lower numbers, which are still to come.</summary>
    public bool OutOfSequence { get; init; }
}

/// <param name="Key">Stable key of the decision, such as <c>departure</c> or <c>rope-cut/episode-2</c>.</param>
/// <param name="Kind">Neutral code: SEAL, UNSEAL, DEPARTURE, ARRIVAL, ROPE_CUT and the others of <see cref="LockEventKind"/>.</param>
/// <param name="Episode">Number of the episode within the subject and kind, null for milestones.</param>
/// <param name="ObservedAt">When it happened (effective time, UTC).</param>
/// <param name="ReceivedAt">When the adapter received the report that decided it.</param>
/// <param name="IsLate">True when the report reached us much later than it happened.</param>
/// <param name="ClockSuspect">True when the lock's clock could not be used and ObservedAt is the receive time.</param>
/// <param name="Container">Container that the lock is on, or that changed vehicles; null for the vehicle.</param>
/// <param name="Office">Office at which a milestone took place.</param>
public sealed record EventInfo(
    string Key, string Kind, bool IsAlarm, int? Episode,
    DateTimeOffset ObservedAt, DateTimeOffset ReceivedAt, bool IsLate, bool ClockSuspect,
    string? Lock, string? SubLock, string? Container, GeoPoint? Position, Office? Office, IReadOnlyList<SourceCode> Codes)
{
    /// <summary>The contradiction that the message tells of; null for everything else.</summary>
    public FindingInfo? Finding { get; init; }

    /// <summary>The vehicle that the goods go on with; null unless the event is that it changed.</summary>
    public Vehicle? Vehicle { get; init; }

    /// <summary>What somebody said who was there; null for what locks reported.</summary>
    public ObservationInfo? Observation { get; init; }
}

/// <summary>The word of somebody who was there, on an examination or an accident.</summary>
/// <param name="Side">Office, Gate, Weighbridge, Officer or TransportationSystem.</param>
/// <param name="Conform">Whether the goods were found as declared; null where that was not said.</param>
public sealed record ObservationInfo(string Side, bool? Conform, string? Remark);

/// <summary>A contradiction between the flows, and how far it has come.</summary>
/// <param name="Code">Stable code of the check, such as <c>seal.numbers-differ</c>.</param>
/// <param name="Severity">Info, Warning or Critical.</param>
/// <param name="State">Open, Confirmed, Dismissed, Explained or Closed.</param>
/// <param name="Text">Plain sentence that names both sides' values.</param>
/// <param name="Reason">Why a person judged it so; null where nobody did.</param>
public sealed record FindingInfo(string Key, string Code, string Severity, string State, string Text, string? Reason);

/// <param name="Vehicle">What the goods go with now: once all containers have gone over to another vehicle, that one.</param>
public sealed record JourneyInfo(
    string Id, string Regime, string? Mrn, string? ManifestNumber, Carrier? Carrier, Vehicle? Vehicle, string? DriverReference,
    IReadOnlyList<ContainerInfo> Containers, Office Departure, IReadOnlyList<Office> Transit, Office Destination, DateTimeOffset? TimeLimit)
{
    /// <summary>The countries of its offices in the order of the way, each once where several offices in a row are in it.</summary>
    public IReadOnlyList<RoutingCountry> Itinerary { get; init => field = value ?? []; } = [];
}

/// <param name="Code">ISO 3166 alpha-2.</param>
public sealed record RoutingCountry(string Code);

/// <summary>A container with all that seals it: the declared seals, then the e-locks on it.</summary>
/// <param name="Index">Position in the journey, from 1.</param>
public sealed record ContainerInfo(int Index, string Number, IReadOnlyList<SealInfo> Seals);

/// <param name="Index">Position in the container, from 1.</param>
/// <param name="IsLock">True for an e-lock, false for a declared mechanical seal.</param>
public sealed record SealInfo(int Index, string Number, bool IsLock);
