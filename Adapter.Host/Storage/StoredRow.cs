using System.Data.Common;
using System.Globalization;

namespace Adapter.Host.Storage;

/// <summary>A row as the stores read it, the same whichever engine it comes from.</summary>
internal readonly struct StoredRow(DbDataReader reader)
{
    public string GetString(int column) => reader.GetString(column);

    public int GetInt32(int column) => reader.GetInt32(column);

    public long GetInt64(int column) => reader.GetInt64(column);

    /// <summary>True for a condition that holds and for a stored 1: not every engine has a type for it.</summary>
    public bool GetBoolean(int column) => reader.GetValue(column) is bool holds ? holds : Convert.ToInt64(reader.GetValue(column), CultureInfo.InvariantCulture) != 0;

    public bool IsDBNull(int column) => reader.IsDBNull(column);

    public T GetFieldValue<T>(int column) => reader.GetFieldValue<T>(column);

    public DateTimeOffset GetInstant(int column) => Instant.FromStored(reader.GetInt64(column));

    public DateTimeOffset? GetInstantOrNull(int column) => reader.IsDBNull(column) ? null : GetInstant(column);

    public string? GetStringOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public byte[]? GetBytesOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);
}
