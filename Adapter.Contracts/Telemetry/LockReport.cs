namespace Adapter.Contracts.Telemetry;

/// <summary>One record of one lock in the adapter's own terms, whatever source it came from.</summary>
/// <param name="Lock">The lock that reports.</param>
/// <param name="SubLock">The sub-lock meant, when the reporting lock carries several (JT709).</param>
/// <param name="Route">Which intake route it came by: location, alarm, event, status or command.</param>
/// <param name="DeviceTime">When the lock says it happened, UTC. Null when the clock was unset (before 2001) or the text unreadable.</param>
/// <param name="CloudTime">When the cloud says it received the record, UTC.</param>
/// <param name="EndedAt">When the condition ended, for sources whose alarms are intervals.</param>
/// <param name="Position">Where; null for 0/0 and impossible numbers.</param>
/// <param name="Fix">How the position was found; only a satellite fix may decide anything about areas.</param>
/// <param name="State">Seal state in positive booleans.</param>
/// <param name="Events">What happened, none or many: several alarms can be raised on one position.</param>
/// <param name="SourceMessageId">The id the source gave this record, if any (FGUID of alarm and event rows).</param>
public sealed record LockReport(
    LockId Lock,
    string? SubLock,
    ReportRoute Route,
    DateTimeOffset? DeviceTime,
    DateTimeOffset? CloudTime,
    DateTimeOffset? EndedAt,
    GeoPoint? Position,
    FixKind Fix,
    SealState State,
    Motion Motion,
    Power Power,
    IReadOnlyList<ReportedEvent> Events,
    string? SourceMessageId);

/// <summary>The intake routes of a source, which are also the kinds of record in the journal's key.</summary>
public enum ReportRoute
{
    Location,
    Alarm,
    Event,
    Status,
    Command,
}

/// <summary>How a position was found.</summary>
public enum FixKind
{
    None,
    Satellite,
    /// <summary>Base station, Wi-Fi or phone: kilometres off at times.</summary>
    Approximate,
}

/// <summary>The lock's own state, positive whatever polarity the source uses; null where not fitted or not reported.</summary>
public sealed record SealState(bool? Locked, bool? RopeInserted, bool? CoverClosed)
{
    public static SealState NotReported { get; } = new(null, null, null);
}

/// <summary>Speed in km/h, heading in degrees, odometer in km; null where the source does not say.</summary>
public sealed record Motion(double? SpeedKmh, double? HeadingDegrees, double? MileageKm);

/// <summary>Battery charge in percent, null with <paramref name="Charging"/> true while the lock charges and cannot tell.</summary>
public sealed record Power(int? BatteryPercent, bool? Charging);

/// <summary>One thing that happened, with the source's own code beside the neutral kind.</summary>
/// <param name="Level">True for a flag that stays raised on every record while the condition lasts; false for a report of its own.</param>
public sealed record ReportedEvent(LockEventKind Kind, SourceCode Code, bool Level);

/// <summary>A code as the source wrote it; the number alone means nothing without its space.</summary>
public sealed record SourceCode(string Space, string Code);
