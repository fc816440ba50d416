using Microsoft.Data.Sqlite;

namespace Adapter.Host.Storage;

/// <summary>Times are stored as whole milliseconds since 1970 UTC: sortable, compact, the same in every store.</summary>
internal static class Instant
{
    public static long ToStored(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    public static object? ToStored(this DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    public static DateTimeOffset FromStored(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    public static DateTimeOffset GetInstant(this SqliteDataReader reader, int column) => FromStored(reader.GetInt64(column));

    public static DateTimeOffset? GetInstantOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : FromStored(reader.GetInt64(column));

    public static string? GetStringOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    public static byte[]? GetBytesOrNull(this SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
}
