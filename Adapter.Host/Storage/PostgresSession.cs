using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Npgsql;

namespace Adapter.Host.Storage;

/// <summary>One PostgreSQL connection.</summary>
/// <remarks>Npgsql prepares what runs often and keeps it with the pooled connection; parameters are bound by position.</remarks>
/// <param name="reopen">For a session that only reads: a connection in place of one that broke. Each of its statements sees the store as it is at that moment, so one may be run again.</param>
internal sealed partial class PostgresSession(NpgsqlConnection connection, Func<NpgsqlConnection>? reopen = null) : StoreSession
{
    private static readonly ConcurrentDictionary<string, string> Translated = new(StringComparer.Ordinal);

    /// <summary>Statements that go together: a few hundred kilobytes, so that nobody waits for the other to read.</summary>
    private const int MostAtOnce = 256;

    private readonly List<(NpgsqlBatchCommand Command, bool IsWork)> _ahead = [];

    public NpgsqlConnection Connection { get; private set; } = connection;

    /// <summary>Sends a statement without parameters together with the next one: what opens and closes savepoints costs no round trip of its own.</summary>
    public void Ahead(string sql) => _ahead.Add((new NpgsqlBatchCommand(sql), IsWork: false));

    public override void Later(string sql, params ReadOnlySpan<object?> values) => _ahead.Add((CommandOf(sql, values), IsWork: true));

    public override void Flush()
    {
        if (_ahead.Exists(ahead => ahead.IsWork))
        {
            using var batch = AheadOf();
            batch.ExecuteNonQuery();
        }
    }

    /// <summary>Drops what was to be sent ahead of a statement that does not come any more.</summary>
    public void Forget() => _ahead.Clear();

    /// <summary>Drops what was left for later, and not what opens or closes a savepoint.</summary>
    public void ForgetWork() => _ahead.RemoveAll(ahead => ahead.IsWork);

    public override int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        using var batch = BatchOf(sql, values);
        batch.ExecuteNonQuery();
        return (int)batch.BatchCommands[^1].RecordsAffected;
    }

    public override IReadOnlyList<int> ExecuteEach(string sql, IReadOnlyList<object?[]> rows)
    {
        var changed = new List<int>(rows.Count);
        foreach (var some in rows.Chunk(MostAtOnce))
        {
            using var batch = AheadOf();
            var first = batch.BatchCommands.Count;
            foreach (var row in some)
            {
                batch.BatchCommands.Add(CommandOf(sql, row));
            }

            batch.ExecuteNonQuery();
            changed.AddRange(Enumerable.Range(first, some.Length).Select(i => (int)batch.BatchCommands[i].RecordsAffected));
        }

        return changed;
    }

    public override long Insert(string sql, params ReadOnlySpan<object?> values) => Number(sql + " RETURNING id", values)!.Value;

    public override long? Number(string sql, params ReadOnlySpan<object?> values) =>
        Query(sql, row => row.IsDBNull(0) ? default(long?) : row.GetInt64(0), values) is [var first, ..] ? first : null;

    public override List<T> Query<T>(string sql, Func<StoredRow, T> read, params ReadOnlySpan<object?> values)
    {
        try
        {
            return Rows(sql, read, values);
        }
        catch (NpgsqlException) when (reopen is not null && IsBroken)
        {
            Connection.Dispose();
            Connection = reopen();
            return Rows(sql, read, values);
        }
    }

    public override IReadOnlyList<List<T>> QueryEach<T>(string sql, Func<StoredRow, T> read, IReadOnlyList<object?[]> rows)
    {
        var found = new List<List<T>>(rows.Count);
        foreach (var some in rows.Chunk(MostAtOnce))
        {
            using var batch = AheadOf();
            foreach (var row in some)
            {
                batch.BatchCommands.Add(CommandOf(sql, row));
            }

            // What goes ahead has no rows, so the first result is that of the first query.
            using var reader = batch.ExecuteReader();
            do
            {
                found.Add(RowsOf(reader, read));
            }
            while (reader.NextResult());
        }

        return found;
    }

    public override void Script(string sql)
    {
        using var command = Connection.CreateCommand();
#pragma warning disable CA2100 // An embedded file.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public override void Dispose() => Connection.Dispose();

    /// <summary>Whether the connection is gone, and with it the transaction that was in it.</summary>
    public bool IsBroken => Connection.State != System.Data.ConnectionState.Open;

    private List<T> Rows<T>(string sql, Func<StoredRow, T> read, ReadOnlySpan<object?> values)
    {
        using var batch = BatchOf(sql, values);
        using var reader = batch.ExecuteReader();
        return RowsOf(reader, read);
    }

    private static List<T> RowsOf<T>(NpgsqlDataReader reader, Func<StoredRow, T> read)
    {
        var rows = new List<T>();
        var row = new StoredRow(reader);
        while (reader.Read())
        {
            rows.Add(read(row));
        }

        return rows;
    }

    private NpgsqlBatch BatchOf(string sql, ReadOnlySpan<object?> values)
    {
        var batch = AheadOf();
        batch.BatchCommands.Add(CommandOf(sql, values));
        return batch;
    }

    private NpgsqlBatch AheadOf()
    {
        var batch = Connection.CreateBatch();
        foreach (var (command, _) in _ahead)
        {
            batch.BatchCommands.Add(command);
        }

        _ahead.Clear();
        return batch;
    }

    private static NpgsqlBatchCommand CommandOf(string sql, ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(Translated.GetOrAdd(sql, text => Place().Replace(text, "$$${number}")));
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                // Without a type of its own: the statement tells it.
                null => new NpgsqlParameter { Value = DBNull.Value },
                long number => new NpgsqlParameter<long> { TypedValue = number },
                int number => new NpgsqlParameter<long> { TypedValue = number },
                bool yes => new NpgsqlParameter<long> { TypedValue = yes ? 1 : 0 },
                string text => new NpgsqlParameter<string> { TypedValue = PostgresText.Storable(text) },
                byte[] bytes => new NpgsqlParameter<byte[]> { TypedValue = bytes },
                ReadOnlyMemory<byte> bytes => new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = bytes },
                long[] numbers => new NpgsqlParameter<long[]> { TypedValue = numbers },
                long?[] numbers => new NpgsqlParameter<long?[]> { TypedValue = numbers },
                string?[] texts => new NpgsqlParameter<string?[]> { TypedValue = [.. texts.Select(text => text is null ? null : PostgresText.Storable(text))] },
                byte[][] bodies => new NpgsqlParameter<byte[][]> { TypedValue = bodies },
                var other => throw new ArgumentException($"A {other.GetType()} cannot be stored."),
            });
        }

        return command;
    }

    [GeneratedRegex(@"\?(?<number>\d+)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Place();
}
