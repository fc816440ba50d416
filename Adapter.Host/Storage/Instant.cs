namespace Adapter.Host.Storage;

/// <summary>Times are stored as whole milliseconds since 1970 UTC: sortable, compact, the same in every store.</summary>
internal static class Instant
{
    public static long ToStored(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static object? ToStored(this DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    public static DateTimeOffset FromStored(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
