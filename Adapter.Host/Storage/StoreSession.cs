using System.Text.Json;

namespace Adapter.Host.Storage;

/// <summary>One connection to a store. SQL is written once for both engines: parameters as <c>?1</c>, lists as one JSON parameter.</summary>
/// <remarks>What the engines do not share, such as how a journal is appended to, stands in classes of their own beside each other.</remarks>
internal abstract class StoreSession : IDisposable
{
    /// <summary>Runs a statement.</summary>
    /// <returns>Rows that it changed.</returns>
    public abstract int Execute(string sql, params ReadOnlySpan<object?> values);

    /// <summary>Runs a statement for each row of values, in their order. Where a request to the store is a round trip, many share one.</summary>
    /// <returns>Rows that each changed.</returns>
    public virtual IReadOnlyList<int> ExecuteEach(string sql, IReadOnlyList<object?[]> rows) => [.. rows.Select(row => Execute(sql, row))];

    /// <summary>Runs a statement of which nobody has to know anything before the next one runs. Where a request to the store is a round trip, it goes with that one.</summary>
    public virtual void Later(string sql, params ReadOnlySpan<object?> values) => Execute(sql, values);

    /// <summary>Runs what was left for later and nothing came after.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>Inserts one row into a table whose key <c>id</c> the store counts up.</summary>
    /// <returns>The key.</returns>
    public abstract long Insert(string sql, params ReadOnlySpan<object?> values);

    /// <summary>The first column of the first row; null where there is no row or no value.</summary>
    public abstract long? Number(string sql, params ReadOnlySpan<object?> values);

    public abstract List<T> Query<T>(string sql, Func<StoredRow, T> read, params ReadOnlySpan<object?> values);

    /// <summary>Runs a query for each row of values, in their order. Where a request to the store is a round trip, many share one.</summary>
    /// <returns>What each found.</returns>
    public virtual IReadOnlyList<List<T>> QueryEach<T>(string sql, Func<StoredRow, T> read, IReadOnlyList<object?[]> rows) => [.. rows.Select(row => Query(sql, read, row))];

    /// <summary>The first column of the first row, or the default where there is no row or the column is null.</summary>
    public T? Scalar<T>(string sql, params ReadOnlySpan<object?> values) =>
        Query(sql, row => row.IsDBNull(0) ? default : row.GetFieldValue<T>(0), values) is [var first, ..] ? first : default;

    /// <summary>Runs statements as they are written in a file.</summary>
    public abstract void Script(string sql);

    /// <summary>A list as one JSON parameter, for <c>IN (SELECT value FROM json_each(?1))</c>: one statement whatever the length.</summary>
    public static string List(IEnumerable<string> values) => JsonSerializer.Serialize(values, StorageJson.Default.IEnumerableString);

    public abstract void Dispose();
}
