using System.Data.Common;
using System.Globalization;

namespace Adapter.Host.Storage;

/// <summary>A row as the stores read it, the same whichever engine it comes from.</summary>
internal readonly struct StoredRow
{
    private readonly DbDataReader? _reader;
    private readonly SqliteStatement? _statement;

    public StoredRow(DbDataReader reader) => _reader = reader;

    /// <summary>The row at which a statement of SQLite stands; through a reader of ADO.NET it would cost more than the look-up itself.</summary>
    public StoredRow(SqliteStatement statement) => _statement = statement;

    public string GetString(int column) => _statement?.Value<string>(column) ?? _reader!.GetString(column);

    public int GetInt32(int column) => _statement is { } row ? checked((int)row.Integer(column)) : _reader!.GetInt32(column);

    public long GetInt64(int column) => _statement?.Integer(column) ?? _reader!.GetInt64(column);

    /// <summary>True for a condition that holds and for a stored 1: not every engine has a type for it.</summary>
    public bool GetBoolean(int column) => _statement is { } row
        ? row.Integer(column) != 0
        : _reader!.GetValue(column) is bool holds ? holds : Convert.ToInt64(_reader.GetValue(column), CultureInfo.InvariantCulture) != 0;

    public bool IsDBNull(int column) => _statement?.IsNull(column) ?? _reader!.IsDBNull(column);

    /// <typeparam name="T">A text, bytes or a long.</typeparam>
    public T GetFieldValue<T>(int column) => _statement is { } row ? row.Value<T>(column) : _reader!.GetFieldValue<T>(column);

    public DateTimeOffset GetInstant(int column) => Instant.FromStored(GetInt64(column));

    public DateTimeOffset? GetInstantOrNull(int column) => IsDBNull(column) ? null : GetInstant(column);

    public string? GetStringOrNull(int column) => IsDBNull(column) ? null : GetString(column);

    public byte[]? GetBytesOrNull(int column) => IsDBNull(column) ? null : GetFieldValue<byte[]>(column);
}
