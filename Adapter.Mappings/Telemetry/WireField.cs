namespace Adapter.Mappings.Telemetry;

/// <summary>The fields that the reader understands; the names that fill them are data (fields.json).</summary>
internal enum WireField
{
    Lock,
    SubLock,
    SourceId,
    DeviceTime,
    CloudTime,
    EndedAt,
    Longitude,
    Latitude,
    LocationType,
    Speed,
    Heading,
    Mileage,
    Battery,
    LockStatus,
    LockRope,
    BackCover,
    Verification,
    UnlockStatus,
    PasswordOk,
    /// <summary>What kind of message an envelope holds.</summary>
    MessageType,
    SensorType,
    /// <summary>Why the lock woke up, as the SDK writes it.</summary>
    Awake,
    /// <summary>How the lock spoke to the gateway in between.</summary>
    Protocol,
    /// <summary>Event source of a lock and unlock report that a gateway hands on as a position.</summary>
    EventSource,
    /// <summary>Whether the position is a fix, where the source writes no kind of fix.</summary>
    PositionValid,
    /// <summary>The position is an earlier one.</summary>
    PositionOutdated,
    FixTime,
    /// <summary>When the position was reported that a source attaches to an event.</summary>
    PositionTime,
    Charging,
    /// <summary>0 turns a latitude south.</summary>
    LatitudeState,
    /// <summary>0 turns a longitude west.</summary>
    LongitudeState,
    /// <summary>Alarm or event code. Its names depend on the route: they are listed under <c>codes</c>.</summary>
    Code,
}
