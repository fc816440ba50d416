using Adapter.Contracts.Admin;

namespace Adapter.Host.Delivery;

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

    /// <summary>The receiver's own <c>wsa:MessageID</c> that this answers; null for all but answers.</summary>
    public string? RelatesTo { get; init; }
}
