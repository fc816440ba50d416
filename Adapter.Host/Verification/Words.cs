using System.Globalization;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;

namespace Adapter.Host.Verification;

/// <summary>How findings name times, places, sides and lists.</summary>
internal static class Words
{
    public static string When(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static string Where(GeoPoint? where) => where is null
        ? "at an unknown place"
        : string.Create(CultureInfo.InvariantCulture, $"at {where.Latitude:0.0000}, {where.Longitude:0.0000}");

    /// <summary>The weighbridge at KEMBA001 on 2026-05-04 07:00 UTC.</summary>
    public static string Who(Observation seen) => $"{Who(seen.Side)}{(seen.Office is null ? "" : $" at {seen.Office}")} on {When(seen.At)}";

    public static string Who(Side side) => side switch
    {
        Side.Lock => "the lock",
        Side.Gate => "the gate",
        Side.Weighbridge => "the weighbridge",
        Side.Officer => "the officer",
        Side.TransportationSystem => "the transportation system",
        _ => "the office",
    };

    public static string List(IEnumerable<string> items) => items.Order(StringComparer.Ordinal).ToList() is { Count: > 0 } some ? string.Join(", ", some) : "none";

    public static string Length(TimeSpan time) => time >= TimeSpan.FromHours(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min");

    /// <summary>A number as people mean it: capitals and digits alone, since one clerk writes MSKU 123456-7 and the other msku1234567.</summary>
    public static string Plain(string number) => string.Concat(number.Where(char.IsLetterOrDigit)).ToUpperInvariant();

    /// <summary>Names an observation among others of its journey.</summary>
    public static string Key(Observation seen) => $"{seen.Side}-{seen.At.UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture)}";
}
