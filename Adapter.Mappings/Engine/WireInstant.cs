using System.Globalization;

namespace Adapter.Mappings.Engine;

/// <summary>Points in time as messages write them.</summary>
internal static class WireInstant
{
    // 304 writes its zone as Z or as hours alone; 203, 204 and 102 have none and are taken as UTC, a date as its beginning.
    private static readonly string[] Formats =
    [
        "yyyyMMddHHmmss'Z'", "yyyyMMddHHmmsszz", "yyyyMMddHHmmss", "yyyyMMddHHmm", "yyyyMMdd",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
    ];

    /// <returns>Null where it is none.</returns>
    public static object? Read(string text) =>
        DateTimeOffset.TryParseExact(text.Trim(), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;
}
