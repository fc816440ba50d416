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
    /// <summary>Alarm or event code. Its names depend on the route: they are listed under <c>codes</c>.</summary>
    Code,
}
