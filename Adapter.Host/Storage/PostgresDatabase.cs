using Microsoft.Extensions.Options;
using Npgsql;

namespace Adapter.Host.Storage;

/// <summary>Opens connections to the PostgreSQL database.</summary>
internal sealed class PostgresDatabase : StoreDatabase, IDisposable
{
    private readonly NpgsqlDataSource _pool;
    private readonly string? _owner;
    private volatile ClockReading? _clock;

    public PostgresDatabase(IOptions<StorageOptions> options)
    {
        var settings = new NpgsqlConnectionStringBuilder(options.Value.ConnectionString)
        {
            ApplicationName = "customstransit",
            // Preparing costs more than most statements take to run.
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            IncludeErrorDetail = false,
            // Sessions leave nothing behind; undoing it all the same would cost each read half as much again.
            NoResetOnClose = true,
        };
        // A host that stands still in a transaction would keep its locks, and whoever takes over would wait for it.
        // Everything is found by a key. By the statistics a day that has just begun is empty, and a plan made by them would read it whole for each look-up.
        settings.Options = $"{settings.Options} -c idle_in_transaction_session_timeout=10s -c synchronous_commit=on -c enable_seqscan=off -c jit=off".Trim();
        Name = $"{settings.Database} at {settings.Host}:{settings.Port}";
        User = settings.Username ?? "";
        _pool = NpgsqlDataSource.Create(settings);
        _owner = options.Value.OwnerConnectionString;
    }

    public override string Name { get; }

    /// <summary>The role that the application works as.</summary>
    public string User { get; }

    /// <summary>Whether another role owns the tables, and this one may only work with rows.</summary>
    public bool HasOwner => _owner is not null;

    public override long? WalBytes => null;

    /// <summary>What the last commit or renewal of the lease found, and the time since by a clock that nobody sets: this machine's time of day has no part in it.</summary>
    public override DateTimeOffset? Clock => _clock is { } reading ? reading.Shown + TimeProvider.System.GetElapsedTime(reading.At) : null;

    /// <summary>Notes what the database's clock shows at this moment.</summary>
    /// <param name="microseconds">Since 1970 UTC.</param>
    public void ClockShows(long microseconds) =>
        _clock = new ClockReading(DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(microseconds), TimeProvider.System.GetTimestamp());

    /// <summary>A connection that broke while it lay in the pool shows it at its first read, which is done again on a new one.</summary>
    public override StoreSession OpenForReading() => new PostgresSession(_pool.OpenConnection(), OpenAnew);

    public PostgresSession Open() => new(_pool.OpenConnection());

    /// <summary>A connection of the role that owns the tables; outside the pool, because it is used once.</summary>
    public PostgresSession OpenAsOwner()
    {
        if (_owner is null)
        {
            return Open();
        }

        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_owner) { Pooling = false, ApplicationName = "customstransit owner" }.ToString());
        try
        {
            connection.Open();
            return new PostgresSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose() => _pool.Dispose();

    /// <summary>Where one connection of the pool is dead the others are, too.</summary>
    private NpgsqlConnection OpenAnew()
    {
        _pool.Clear();
        return _pool.OpenConnection();
    }

    private sealed record ClockReading(DateTimeOffset Shown, long At);
}
