using Microsoft.Data.Sqlite;

namespace Adapter.Host.Storage;

/// <summary>One SQLite connection with its prepared statements.</summary>
/// <remarks>Statements are prepared once per connection and bound by position (<c>?1</c>): preparing costs more than most of them take to run.</remarks>
/// <param name="release">Takes the session back when its user is done; null where nobody does and it is closed.</param>
internal sealed class SqliteSession(SqliteConnection connection, Action<SqliteSession>? release = null) : StoreSession
{
    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);

    public SqliteConnection Connection { get; } = connection;

    public override int Execute(string sql, params ReadOnlySpan<object?> values) => StatementOf(sql).Execute(values);

    public override long Insert(string sql, params ReadOnlySpan<object?> values)
    {
        Execute(sql, values);
        return LastRowId;
    }

    public override long? Number(string sql, params ReadOnlySpan<object?> values) => StatementOf(sql).Number(values);

    /// <summary>The key of the row inserted last.</summary>
    public long LastRowId => SQLitePCL.raw.sqlite3_last_insert_rowid(Connection.Handle);

    public override List<T> Query<T>(string sql, Func<StoredRow, T> read, params ReadOnlySpan<object?> values) => StatementOf(sql).Query(read, values);

    public override void Script(string sql)
    {
        using var command = Connection.CreateCommand();
#pragma warning disable CA2100 // The text of an embedded file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public override void Dispose()
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
}
