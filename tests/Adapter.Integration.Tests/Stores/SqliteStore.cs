using Adapter.Conformance;
using Adapter.Host.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.DeadLetters;
using Adapter.Host.Ingest.Gaps;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping.Rehearsing;
using Adapter.Host.Mapping.Versions;
using Adapter.Host.Neighbours;
using Adapter.Host.Observability;
using Adapter.Host.Processing;
using Adapter.Host.SoapServices;
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

    public SqliteStore()
    {
        _commits = new MeterWatch<int>(_metrics, "customstransit.store.commit_writes");
        Open();
    }

    public SqliteDatabase Database { get; private set; } = null!;

    public SqliteWriter Writer { get; private set; } = null!;

    /// <summary>Writes per commit, in order.</summary>
    public IReadOnlyList<int> Commits => [.. _commits.Measured.Select(m => m.Value)];

    public override IJournal Journal => new SqliteJournal(Writer, Database, new JournalSignal(), Clock);

    public override IProcessingStore Processing => new SqliteProcessingStore(Writer, Database, _journeys, CrashPoints.None, Clock);

    public override IDeadlineStore Deadlines => new SqlDeadlineStore(Writer, Database, new SqliteJournal(Writer, Database, new JournalSignal(), Clock), new JournalSignal());

    public override IJourneyReader Journeys => new SqlJourneyReader(Database);

    public override IDestinationStore Destinations => new SqlDestinationStore(Writer, Database, CrashPoints.None, Clock);

    public override ILaneStore Lanes => new SqlLaneStore(Writer, Database, CrashPoints.None, Clock);

    public override IAbandonmentStore Abandonments => new SqlAbandonmentStore(Writer, Database, Clock);

    public override IDeadLetterOutbox DeadLetters => new SqlDeadLetterOutbox(Writer, Database, Clock);

    public override INeighbourStore Neighbours => new SqlNeighbourStore(Writer, Database, Clock);

    public override ISoapCallStore SoapCalls => new SqlSoapCallStore(Writer, Clock);

    public override IPrincipalStore Principals => new SqlPrincipalStore(Writer, Database, Clock);

    public override IGapStore Gaps => new SqlGapStore(Writer, Database, Clock);

    public override IMappingStore Mappings => new SqlMappingStore(Writer, Database, Clock);

    public override IRecordedTraffic Traffic => new SqlRecordedTraffic(Database);

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
        Database = new SqliteDatabase(options);
        Writer = new SqliteWriter(Database, options, Clock, _metrics.GetRequiredService<AdapterMetrics>(), CrashPoints.None);
    }

    public override Task<long> RowsAsync(string table) => Task.FromResult(Fresh(connection => (long)Command(connection, $"SELECT count(*) FROM {table}").ExecuteScalar()!));

    public override Task OverwriteBytesAsync(string messageId) => RunAsync($"UPDATE messages SET body = x'00' WHERE id = '{messageId}'");

    public override Task OverwriteMappingAsync(string document, int version, string assignments) =>
        RunAsync($"UPDATE mapping_versions SET {assignments} WHERE document = '{document}' AND version = {version}");

    public override Task OverwriteAuditAsync() => RunAsync("UPDATE audit SET actor = 'nobody'");

    public override Task DeleteAuditAsync() => RunAsync("DELETE FROM audit");

    public override Task AbandonAloneAsync(long id) => RunAsync(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"UPDATE abandonments SET done_by = asked_by WHERE id = {id}"));

    /// <summary>Runs a statement over a connection of its own.</summary>
    public Task RunAsync(string sql) => Task.FromResult(Fresh(connection => Command(connection, sql).ExecuteNonQuery()));

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
