using Adapter.Conformance;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Observability;
using Adapter.Host.Processing;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Adapter.Integration.Tests.Stores;

/// <summary>A database in the tests' PostgreSQL cluster, with the stores that the host puts on it.</summary>
internal sealed class PostgresStore : StoreUnderTest
{
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().AddSingleton<AdapterMetrics>().BuildServiceProvider();
    private readonly IOptions<JourneyOptions> _journeys = Options.Create(new JourneyOptions());

    private readonly StorageOptions _options;
    private readonly TimeProvider _leaseTime;
    private PostgresDatabase _database = null!;
    private PostgresWriter _writer = null!;

    /// <param name="through">Port of a relay between the store and its database.</param>
    /// <param name="settings">More of the connection string.</param>
    /// <param name="leaseTime">Renews the lease, once it is taken.</param>
    /// <param name="prepared">Statements that a superuser runs before the store is opened.</param>
    public PostgresStore(int? through = null, string settings = "", TimeProvider? leaseTime = null, string? prepared = null)
    {
        _leaseTime = leaseTime ?? TimeProvider.System;
        var (application, owner) = PostgresFixture.Shared.CopyDatabase(LayOut);
        ConnectionString = PostgresFixture.Shared.AsSuperuser(owner);
        OwnerConnectionString = owner;
        if (prepared is not null)
        {
            PostgresFixture.Execute(ConnectionString, prepared);
        }

        var connection = new NpgsqlConnectionStringBuilder(application + settings);
        connection.Port = through ?? connection.Port;
        _options = new StorageOptions { Provider = "postgres", ConnectionString = connection.ToString(), OwnerConnectionString = owner };
        Open();
    }

    /// <summary>Of a superuser, for what only tests do. The store itself works as the application's role.</summary>
    public string ConnectionString { get; }

    /// <summary>Of the role that owns the tables.</summary>
    public string OwnerConnectionString { get; }

    public string DatabaseName => new NpgsqlConnectionStringBuilder(ConnectionString).Database!;

    public override PostgresDatabase Database => _database;

    public override PostgresWriter Writer => _writer;

    public PostgresLease Lease { get; private set; } = null!;

    /// <summary>Whether the host would have been told to end.</summary>
    public StoppableLifetime Lifetime { get; } = new();

    public override IJournal Journal => new PostgresJournal(Writer, Database, new JournalSignal(), Clock);

    public override IProcessingStore Processing => new PostgresProcessingStore(Writer, Database, _journeys, CrashPoints.None, Clock);

    public static Task<StoreUnderTest> OpenAsync() => Task.FromResult<StoreUnderTest>(new PostgresStore());

    public override async Task ReopenAsync()
    {
        await CloseAsync();
        Open();
    }

    public override Task<long> RowsAsync(string table) => Task.FromResult(PostgresFixture.Scalar<long>(ConnectionString, $"SELECT count(*) FROM {table}"));

    public override Task OverwriteBytesAsync(string messageId) => RunAsync($"UPDATE messages SET body = '\\x00' WHERE id = '{messageId}'");

    public override Task RunAsync(string sql)
    {
        PostgresFixture.Execute(ConnectionString, sql);
        return Task.CompletedTask;
    }

    public override async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await _metrics.DisposeAsync();
        Lifetime.Dispose();
        PostgresFixture.Shared.DropDatabase(ConnectionString);
    }

    private static void LayOut((string Application, string Owner) template)
    {
        using var database = new PostgresDatabase(Options.Create(new StorageOptions { Provider = "postgres", ConnectionString = template.Application, OwnerConnectionString = template.Owner }));
        PostgresLayout.Apply(database, TimeProvider.System, CrashPoints.None);
    }

    private async Task CloseAsync()
    {
        await Writer.DisposeAsync();
        Lease.Dispose();
        Database.Dispose();
    }

    private void Open()
    {
        var options = Options.Create(_options);
        _database = new PostgresDatabase(options);
        Lease = new PostgresLease(Database, NoDoor.Instance, Lifetime, _leaseTime, NullLogger<PostgresLease>.Instance);
        _writer = new PostgresWriter(Database, Lease, options, Clock, _metrics.GetRequiredService<AdapterMetrics>(), CrashPoints.None);
    }

    /// <summary>Of a standby that only the test knows.</summary>
    internal sealed class NoDoor : IStandbyDoor
    {
        public static NoDoor Instance { get; } = new();

        public Task<IAsyncDisposable?> OpenAsync(string database, CancellationToken cancellationToken) => Task.FromResult<IAsyncDisposable?>(null);
    }

    internal sealed class StoppableLifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
