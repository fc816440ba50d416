using System.Text.Json.Nodes;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <summary>Maps the head of a parked lane again, after its document, its journey or the message's own data were put right.</summary>
internal interface ILaneRepair
{
    /// <param name="message">The head as the caller saw it; another head is not touched. Null takes whatever stands there.</param>
    /// <param name="edits">A JSON merge patch (RFC 7396) on what the mapping document reads; null changes nothing.</param>
    Task<RepairAnswer> RepairAsync(LaneKey lane, string? message, JsonObject? edits, Actor actor, string reason, CancellationToken cancellationToken);
}

/// <param name="Problem">Why nothing was changed; null when done.</param>
/// <param name="MessageId">The message that goes out now.</param>
/// <param name="AlsoMapped">Messages behind the head that got their bytes by the same act.</param>
internal sealed record RepairAnswer(string? Problem, string? MessageId = null, int? Revision = null, int AlsoMapped = 0);
