using System.Text.Json.Serialization;

namespace Adapter.Contracts.Telemetry;

/// <summary>The one neutral vocabulary for what locks report, whatever code space the source used.</summary>
/// <remarks>Each kind is written outside as its code in upper case (ROPE_CUT). Sources per kind: the code tables in Adapter.Mappings/Telemetry.</remarks>
[JsonConverter(typeof(JsonStringEnumConverter<LockEventKind>))]
public enum LockEventKind
{
    /// <summary>A code that no table knows. Kept, counted and shown.</summary>
    [JsonStringEnumMemberName("UNKNOWN")] Unknown = 0,
    /// <summary>The lock closed by itself after the rope went in: electronic sealing.</summary>
    [JsonStringEnumMemberName("SEAL")] Seal,
    [JsonStringEnumMemberName("UNSEAL")] Unseal,
    [JsonStringEnumMemberName("UNSEAL_REFUSED")] UnsealRefused,
    [JsonStringEnumMemberName("ILLEGAL_CARD")] IllegalCard,
    [JsonStringEnumMemberName("ROPE_CUT")] RopeCut,
    [JsonStringEnumMemberName("ROPE_PULLED")] RopePulled,
    [JsonStringEnumMemberName("ROPE_INSERTED")] RopeInserted,
    [JsonStringEnumMemberName("COVER_OPEN")] CoverOpen,
    [JsonStringEnumMemberName("WRONG_PASSWORD_5")] WrongPassword,
    [JsonStringEnumMemberName("LONG_UNLOCKED")] LongUnlocked,
    [JsonStringEnumMemberName("MOTOR_STUCK")] MotorStuck,
    [JsonStringEnumMemberName("LOW_BATTERY")] LowBattery,
    [JsonStringEnumMemberName("VIBRATION")] Vibration,
    [JsonStringEnumMemberName("FENCE_ENTER")] FenceEnter,
    [JsonStringEnumMemberName("FENCE_EXIT")] FenceExit,
    [JsonStringEnumMemberName("ROUTE_DEVIATION")] RouteDeviation,
    [JsonStringEnumMemberName("UNSEAL_OUTSIDE_AREA")] UnsealOutsideArea,
    [JsonStringEnumMemberName("ILLEGAL_AREA")] IllegalArea,
    [JsonStringEnumMemberName("OVERSPEED")] Overspeed,
    [JsonStringEnumMemberName("LONG_STOP")] LongStop,
    [JsonStringEnumMemberName("SIGNAL_LOST")] SignalLost,
    [JsonStringEnumMemberName("DEVICE_ONLINE")] DeviceOnline,
    [JsonStringEnumMemberName("OVERDUE")] Overdue,
    [JsonStringEnumMemberName("JAMMING")] Jamming,
}
