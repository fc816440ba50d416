using System.Globalization;
using Adapter.Contracts.Telemetry;

namespace Adapter.Mappings.Telemetry;

/// <summary>What Jointech's numbers mean.</summary>
internal static class JointReading
{
    /// <summary>A state that is written as 0 or 1; anything else is not fitted.</summary>
    public static bool? Is(double? value, int whenTrue) => value is 0 or 1 ? value == whenTrue : null;

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

    public static string? SubLock(string? text) => text is not null && LockId.TryParse(Visible(text), out var id) ? id.Value : null;

    /// <summary>Ids are keys in the journal; one that no source would give is none, and the record is known by its content.</summary>
    /// <remarks>0 is what a source writes for a row that it did not store: two of them are not one row.</remarks>
    public static string? SourceId(string? text) => text is { Length: <= 64 } and not "0" && !text.Any(char.IsControl) ? text : null;

    /// <summary>Without marks that nobody sees, such as a byte order mark or a change of direction: with and without them it is one lock.</summary>
    public static string Visible(string text) => text.Any(IsFormat) ? string.Concat(text.Where(c => !IsFormat(c))) : text;

    private static bool IsFormat(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.Format;
}
