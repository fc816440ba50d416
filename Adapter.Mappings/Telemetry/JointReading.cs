using Adapter.Contracts.Telemetry;

namespace Adapter.Mappings.Telemetry;

/// <summary>What Jointech's numbers mean.</summary>
internal static class JointReading
{
    /// <summary>Lock and rope: 0 is locked and rope in, 1 the opposite, anything else not fitted. The raw frame has it the other way round.</summary>
    public static bool? ZeroIsTrue(double? value) => value switch { 0 => true, 1 => false, _ => null };

    /// <summary>The back cover is not reversed: 1 is closed.</summary>
    public static bool? OneIsTrue(double? value) => value switch { 1 => true, 0 => false, _ => null };

    /// <summary>Anything but 1 is no satellite fix; an unsaid one counts as approximate, so that it decides nothing about areas.</summary>
    public static FixKind Fix(double? locationType, double? latitude, double? longitude) => locationType switch
    {
        0 => FixKind.None,
        _ when GeoPoint.From(latitude, longitude) is null => FixKind.None,
        1 => FixKind.Satellite,
        _ => FixKind.Approximate,
    };

    public static double? NotNegative(double? value) => value >= 0 ? value : null;

    public static double? Degrees(double? value) => value is >= 0 and <= 360 ? value : null;

    /// <summary>255 means that the lock charges and cannot tell its charge.</summary>
    public static Power Power(double? battery) => battery switch
    {
        255 => new Power(null, Charging: true),
        >= 0 and <= 100 => new Power((int)battery.Value, Charging: null),
        _ => new Power(null, null),
    };

    public static string? SubLock(string? text) => LockId.TryParse(text, out var id) ? id.Value : null;

    /// <summary>Ids are keys in the journal; one that no source would give is none, and the record is known by its content.</summary>
    public static string? SourceId(string? text) => text is { Length: <= 64 } ? text : null;
}
