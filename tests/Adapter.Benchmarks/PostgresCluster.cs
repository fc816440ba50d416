using System.Globalization;
using Npgsql;

namespace Adapter.Benchmarks;

/// <summary>A cluster that runs already, and databases in it for one run.</summary>
internal sealed class PostgresCluster(string address) : IAsyncDisposable
{
    private const string Variable = "CUSTOMSTRANSIT_POSTGRES";

    private readonly List<string> _databases = [];

    /// <exception cref="InvalidOperationException">None is named.</exception>
    public static PostgresCluster FromEnvironment() => new(Environment.GetEnvironmentVariable(Variable)
        ?? throw new InvalidOperationException($"Set {Variable} to the address of a cluster for benchmarks, without a database: Host=127.0.0.1;Port=5432;Username=…;Password=… Its role must be allowed to make databases."));

    /// <returns>Connection string of a new database.</returns>
    public string MakeDatabase()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bench_{Environment.ProcessId}_{_databases.Count}");
        Execute($"CREATE DATABASE {name}");
        _databases.Add(name);
        return $"{address};Database={name}";
    }

    public ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        foreach (var database in _databases)
        {
            Execute($"DROP DATABASE IF EXISTS {database} WITH (FORCE)");
        }

        return ValueTask.CompletedTask;
    }

    private void Execute(string sql)
    {
        using var connection = new NpgsqlConnection($"{address};Database=postgres;Pooling=false");
        connection.Open();
#pragma warning disable CA2100 // Names made above.
        using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
