using System.Text.Json.Serialization;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>One observation: which lock, when, how well known, where, and the journal entry it came from.</summary>
/// <param name="Lock">Null where no lock but a person or a system saw it.</param>
[JsonConverter(typeof(SightingJson))]
internal sealed record Sighting(LockId? Lock, DateTimeOffset At, DateTimeOffset ReceivedAt, bool Late, bool ClockSuspect, GeoPoint? Where, long Entry)
{
    public static Sighting Of(LockReport report, Timing timing, long entry) =>
        new(report.Lock, timing.At, timing.ReceivedAt, timing.Late, timing.ClockSuspect, report.Position, entry);
}
