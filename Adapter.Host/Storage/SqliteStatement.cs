using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Adapter.Host.Storage;

/// <summary>One prepared statement, run without the reader and the parameter objects that ADO.NET makes for each run.</summary>
/// <remarks>A journal append runs three statements; through commands each costs several times what SQLite itself needs for it.</remarks>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <exception cref="SqliteException">The text is not SQL, or names what the database does not have.</exception>
    public SqliteStatement(sqlite3 database, string sql)
    {
        _database = database;
        Check(raw.sqlite3_prepare_v2(database, sql, out _statement));
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>Rows that it changed, where it is a statement that changes rows.</returns>
    public int Execute(ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            while (Step())
            {
            }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            End();
        }
    }

    /// <summary>The first column of the first row; null where there is no row or no value.</summary>
    public long? Number(ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            return Step() && raw.sqlite3_column_type(_statement, 0) != raw.SQLITE_NULL ? raw.sqlite3_column_int64(_statement, 0) : null;
        }
        finally
        {
            End();
        }
    }

    /// <summary>All rows, each read while the statement stands at it.</summary>
    public List<T> Query<T>(Func<StoredRow, T> read, ReadOnlySpan<object?> values)
    {
        Bind(values);
        try
        {
            var rows = new List<T>();
            var row = new StoredRow(this);
            while (Step())
            {
                rows.Add(read(row));
            }

            return rows;
        }
        finally
        {
            End();
        }
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public long Integer(int column) => IsNull(column) ? throw Missing(column) : raw.sqlite3_column_int64(_statement, column);

    /// <inheritdoc cref="StoredRow.GetFieldValue"/>
    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public T Value<T>(int column)
    {
        if (typeof(T) == typeof(string))
        {
            return (T)(object)Text(column);
        }

        if (typeof(T) == typeof(byte[]))
        {
            return (T)(object)(IsNull(column) ? throw Missing(column) : raw.sqlite3_column_blob(_statement, column).ToArray());
        }

        return typeof(T) == typeof(long) || typeof(T) == typeof(long?)
            ? (T)(object)Integer(column)
            : throw new ArgumentException($"A {typeof(T)} is not stored.");
    }

    public void Dispose() => _statement.Dispose();

    /// <remarks>By its length, so that a NUL inside does not end it.</remarks>
    private string Text(int column) => IsNull(column) ? throw Missing(column) : Encoding.UTF8.GetString(raw.sqlite3_column_blob(_statement, column));

    private static InvalidOperationException Missing(int column) => new($"Column {column} of the row has no value.");

    private bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        if (code is not (raw.SQLITE_ROW or raw.SQLITE_DONE))
        {
            Check(code);
        }

        return code == raw.SQLITE_ROW;
    }

    private void End()
    {
        // Its result repeats the step's, which has been told.
        _ = raw.sqlite3_reset(_statement);
        Check(raw.sqlite3_clear_bindings(_statement));
    }

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var place = i + 1;
            Check(values[i] switch
            {
                null => raw.SQLITE_OK, // Cleared bindings are null.
                long number => raw.sqlite3_bind_int64(_statement, place, number),
                int number => raw.sqlite3_bind_int64(_statement, place, number),
                bool yes => raw.sqlite3_bind_int64(_statement, place, yes ? 1 : 0),
                string text => raw.sqlite3_bind_text(_statement, place, text),
                // Without a first byte to point to, the library would bind null.
                byte[] { Length: 0 } or ReadOnlyMemory<byte> { Length: 0 } => raw.sqlite3_bind_zeroblob(_statement, place, 0),
                byte[] bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
                ReadOnlyMemory<byte> bytes => raw.sqlite3_bind_blob(_statement, place, bytes.Span),
                var other => throw new ArgumentException($"A {other.GetType()} cannot be stored."),
            });
        }
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }
    }
}
