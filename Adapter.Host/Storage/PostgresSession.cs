using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Npgsql;

namespace Adapter.Host.Storage;

/// <summary>One PostgreSQL connection.</summary>
/// <remarks>Npgsql prepares what runs often and keeps it with the pooled connection; parameters are bound by position.</remarks>
internal sealed partial class PostgresSession(NpgsqlConnection connection) : StoreSession
{
    private static readonly ConcurrentDictionary<string, string> Translated = new(StringComparer.Ordinal);

    public NpgsqlConnection Connection { get; } = connection;

    public override int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = CommandOf(sql, values);
        return Math.Max(0, command.ExecuteNonQuery());
    }

    public override long Insert(string sql, params ReadOnlySpan<object?> values) => Number(sql + " RETURNING id", values)!.Value;

    public override long? Number(string sql, params ReadOnlySpan<object?> values)
    {
        using var command = CommandOf(sql, values);
        using var reader = command.ExecuteReader();
        return reader.Read() && !reader.IsDBNull(0) ? reader.GetInt64(0) : null;
    }

    public override List<T> Query<T>(string sql, Func<StoredRow, T> read, params ReadOnlySpan<object?> values)
    {
        using var command = CommandOf(sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        var row = new StoredRow(reader);
        while (reader.Read())
        {
            rows.Add(read(row));
        }

        return rows;
    }

    public override void Script(string sql) => Execute(sql);

    public override void Dispose() => Connection.Dispose();

    private NpgsqlCommand CommandOf(string sql, ReadOnlySpan<object?> values)
    {
        var command = Connection.CreateCommand();
#pragma warning disable CA2100 // Every caller passes a constant or an embedded file; values travel as parameters.
        command.CommandText = Translated.GetOrAdd(sql, text => Place().Replace(text, "$$${number}"));
#pragma warning restore CA2100
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
