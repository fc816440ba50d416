using Adapter.Conformance;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Observability;
using Adapter.Host.Processing;
using Adapter.Host.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Adapter.Integration.Tests.Stores;

/// <summary>A SQLite file in a folder of its own, with the stores that the host puts on it.</summary>
internal sealed class SqliteStore : StoreUnderTest
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("store-");
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().AddSingleton<AdapterMetrics>().BuildServiceProvider();
    private readonly MeterWatch<int> _commits;
    private readonly IOptions<JourneyOptions> _journeys = Options.Create(new JourneyOptions());
    private SqliteDatabase _database = null!;
    private SqliteWriter _writer = null!;

    public SqliteStore()
    {
        _commits = new MeterWatch<int>(_metrics, "customstransit.store.commit_writes");
        Open();
    }

    public override SqliteDatabase Database => _database;

    public override SqliteWriter Writer => _writer;

    /// <summary>Writes per commit, in order.</summary>
    public IReadOnlyList<int> Commits => [.. _commits.Measured.Select(m => m.Value)];

    public override IJournal Journal => new SqliteJournal(Writer, Database, new JournalSignal(), Clock);

    public override IProcessingStore Processing => new SqliteProcessingStore(Writer, Database, _journeys, CrashPoints.None, Clock);

    private string File => Path.Combine(_folder.FullName, "store.db");

    public static Task<StoreUnderTest> OpenAsync() => Task.FromResult<StoreUnderTest>(new SqliteStore());

    public override async Task ReopenAsync()
    {
        await CloseAsync();
        Open();
    }

    /// <summary>Stops writing; reading and reopening still work.</summary>
    public async Task CloseAsync() => await Writer.DisposeAsync();

    public void Open()
    {
        var options = Options.Create(new StorageOptions { ConnectionString = $"Data Source={File}" });
        _database = new SqliteDatabase(options);
        _writer = new SqliteWriter(Database, options, Clock, _metrics.GetRequiredService<AdapterMetrics>(), CrashPoints.None);
    }

    public override Task<long> RowsAsync(string table) => Task.FromResult(Fresh(connection => (long)Command(connection, $"SELECT count(*) FROM {table}").ExecuteScalar()!));

    public override Task OverwriteBytesAsync(string messageId) => RunAsync($"UPDATE messages SET body = x'00' WHERE id = '{messageId}'");

    public override Task RunAsync(string sql) => Task.FromResult(Fresh(connection => Command(connection, sql).ExecuteNonQuery()));

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _commits.Dispose();
        await _metrics.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private T Fresh<T>(Func<SqliteConnection, T> use)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False;Default Timeout=10");
        connection.Open();
        return use(connection);
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
