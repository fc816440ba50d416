using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Adapter.Host.Storage;

/// <summary>One SQLite connection with its prepared statements.</summary>
/// <remarks>Statements are prepared once per connection and bound by position (<c>?1</c>): preparing costs more than most of them take to run.</remarks>
/// <param name="release">Takes the session back when its user is done; null where nobody does and it is closed.</param>
internal sealed class SqliteSession(SqliteConnection connection, Action<SqliteSession>? release = null) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    public SqliteConnection Connection { get; } = connection;

    public int Execute(string sql, params ReadOnlySpan<object?> values) => StatementOf(sql).Execute(values);

    /// <summary>The first column of the first row; null where there is no row or no value.</summary>
    public long? Number(string sql, params ReadOnlySpan<object?> values) => StatementOf(sql).Number(values);

    /// <summary>The key of the row inserted last.</summary>
    public long LastRowId => SQLitePCL.raw.sqlite3_last_insert_rowid(Connection.Handle);

    /// <summary>The first column of the first row, or the default where there is no row or the column is null.</summary>
    public T? Scalar<T>(string sql, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetFieldValue<T>(0) : default;
    }

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>A list as one JSON parameter, for <c>IN (SELECT value FROM json_each(?1))</c>: one statement whatever the length.</summary>
    public static string List(IEnumerable<string> values) => JsonSerializer.Serialize(values, StorageJson.Default.IEnumerableString);

    public void Dispose()
    {
        if (release is null)
        {
            Close();
        }
        else
        {
            release(this);
        }
    }

    public void Close()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        Connection.Dispose();
    }

    private SqliteStatement StatementOf(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            _statements.Add(sql, statement = new SqliteStatement(Connection.Handle!, sql));
        }

        return statement;
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<object?> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = Connection.CreateCommand();
#pragma warning disable CA2100 // Every caller passes a constant; values travel as parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "?" + (i + 1).ToString(CultureInfo.InvariantCulture) });
            }

            command.Prepare();
            _prepared.Add(sql, command);
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
