namespace Adapter.Host.Delivery;

internal enum AttemptPurpose
{
    Send,
    Ask,

    /// <summary>Nothing was sent: an answer did not come in time.</summary>
    Wait,
}

/// <param name="Id">From <see cref="ILaneStore.BeginAsync"/>; null where the destination is idempotent and no mark was made.</param>
/// <param name="Outcome"><c>delivered</c>, <c>rejected</c>, <c>not-delivered</c> or <c>unknown</c>.</param>
internal sealed record AttemptRecord(
    long? Id, AttemptPurpose Purpose, DateTimeOffset StartedAt, string Outcome, int? HttpStatus, string Detail, ReadOnlyMemory<byte> Reply)
{
    /// <summary>True when the receiver itself said what became of the message: earlier doubt ends. A status from some server on the way says nothing about earlier attempts.</summary>
    public bool ReceiverTold { get; init; }

    /// <summary>Whether the attempt begins or ends doubt about what became of the message; null where it leaves that as it was.</summary>
    public bool? Doubts => ReceiverTold ? false : Outcome == "unknown" && Purpose != AttemptPurpose.Ask ? true : null;
}
