using System.Text.Json.Serialization;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys.Facts;

[JsonConverter(typeof(JsonStringEnumConverter<DeadlineKind>))]
internal enum DeadlineKind
{
    TimeLimit,
    Silence,
}

/// <summary>A deadline that passed: nothing had come when it was due.</summary>
/// <param name="Lock">The silent lock; null for the time limit.</param>
/// <param name="Since">From when it ran: when the lock was last heard, or the journey registered.</param>
/// <param name="Filled">True once a late report told of the time in between.</param>
internal sealed record FiredDeadline(DeadlineKind Kind, LockId? Lock, DateTimeOffset Since, DateTimeOffset Due, DateTimeOffset FiredAt, long Entry, bool Filled = false)
{
    /// <summary>The silent lock's battery as it was last heard of by then; what it says when it is back tells nothing of that time.</summary>
    public int? BatteryPercent { get; init; }
}
