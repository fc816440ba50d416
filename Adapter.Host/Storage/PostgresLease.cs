using Npgsql;

namespace Adapter.Host.Storage;

/// <summary>Says which host decides and delivers. One that was away while another took over can commit nothing any more.</summary>
/// <remarks>
/// A lock of the database, held by a connection of its own, tells at once that a host has died. A host that stands still keeps that lock, so its lease also runs
/// out by the database's clock; whoever takes over then counts up the epoch and ends the connection that holds the lock.
/// </remarks>
internal sealed partial class PostgresLease(PostgresDatabase database, IStandbyDoor door, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<PostgresLease> logger)
    : IHostedLifecycleService, IDisposable
{
    private const long Lock = 4283947212;

    private const string Expiry = "expires_at = clock_timestamp() + interval '15 seconds'";

    /// <summary>The database's clock, in microseconds.</summary>
    private const string Clock = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

    private const string Renew = $"UPDATE lease SET {Expiry} WHERE epoch = ?1 RETURNING {Clock}, pg_current_xact_id()::text";

    private const string Take = $"UPDATE lease SET epoch = epoch + 1, holder = ?1, {Expiry} RETURNING {Clock}, epoch";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan StandbyPause = TimeSpan.FromMilliseconds(500);

    private readonly string _holder = $"{Environment.MachineName}/{Environment.ProcessId}";
    private readonly CancellationTokenSource _ends = new();
    private PostgresSession? _session;
    private Task _renewing = Task.CompletedTask;
    private long? _epoch;
    private bool _disposed;

    /// <summary>Ends a transaction of a host whose lease was taken, before it does anything. A process without a lease, such as the command line's, is let through: it neither decides nor delivers.</summary>
    /// <returns>The number of the transaction; null without a lease.</returns>
    /// <exception cref="StoreUnavailableException">Another host has taken over.</exception>
    public string? Confirm(PostgresSession session)
    {
        if (_epoch is not { } epoch)
        {
            return null;
        }

        if (session.Query(Renew, row => (Microseconds: row.GetInt64(0), Transaction: row.GetString(1)), epoch) is not [var renewed])
        {
            Lost();
            throw new StoreUnavailableException($"Another host has taken over {database.Name}; this one may write nothing any more and ends.");
        }

        database.ClockShows(renewed.Microseconds);
        return renewed.Transaction;
    }

    /// <summary>Waits until this host may decide and deliver: as a standby, where another one does.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var away = false;
        if (!Asks(ref away))
        {
            await using var open = await door.OpenAsync(database.Name, cancellationToken);
            do
            {
                await Task.Delay(StandbyPause, time, cancellationToken);
            }
            while (!Asks(ref away));
        }

        _renewing = RenewAsync();
    }

    /// <summary>A standby outlives the database's restarts: it is there for them.</summary>
    private bool Asks(ref bool away)
    {
        try
        {
            var taken = TryTake();
            away = false;
            return taken;
        }
        catch (NpgsqlException exception)
        {
            if (!away)
            {
                away = true;
                LogNotAsked(exception, database.Name);
            }

            return false;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Only here: whoever comes next must not start while the last attempts are being recorded.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _ends.CancelAsync();
        await _renewing;
        GiveBack();
    }

    /// <summary>More than once, too: the container disposes a hosted service that it also hands out twice.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ends.Cancel();
            _ends.Dispose();
            GiveBack();
        }
    }

    /// <summary>The connection goes back into the pool and must not take the lock with it.</summary>
    private void GiveBack()
    {
        if (_session is not { } session)
        {
            return;
        }

        _session = null;
        try
        {
            session.Number("SELECT 1 FROM pg_advisory_unlock(?1)", Lock);
        }
        catch (NpgsqlException exception)
        {
            // Then the connection is gone, and the lock with it.
            LogNotRenewed(exception, database.Name);
        }

        session.Dispose();
    }

    private bool TryTake()
    {
        var session = database.Open();
        try
        {
            if (session.Number("SELECT CASE WHEN pg_try_advisory_lock(?1) THEN 1 ELSE 0 END", Lock) == 1)
            {
                (var microseconds, _epoch) = session.Query(Take, row => (row.GetInt64(0), row.GetInt64(1)), _holder).Single();
                database.ClockShows(microseconds);
                _session = session;
                return true;
            }

            // Its holder lives and stands still: nothing that it began may end after this.
            if (session.Number("UPDATE lease SET epoch = epoch + 1, holder = ?1 WHERE expires_at < clock_timestamp() RETURNING epoch", _holder) is not null)
            {
                session.Execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = (?1 >> 32)::bigint::oid AND objid = (?1 & 4294967295)::oid AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", Lock);
            }
        }
        catch
        {
            session.Dispose();
            throw;
        }

        session.Dispose();
        return false;
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await TickAsync(timer))
        {
            try
            {
                _session ??= database.Open();
                Confirm(_session);
                if (_session.Number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid()") == 0
                    && _session.Number("SELECT CASE WHEN pg_try_advisory_lock(?1) THEN 1 ELSE 0 END", Lock) == 0)
                {
                    LogLockHeld(database.Name);
                }
            }
            catch (NpgsqlException exception)
            {
                LogNotRenewed(exception, database.Name);
                _session?.Dispose();
                _session = null;
            }
            catch (StoreUnavailableException)
            {
                return;
            }
        }
    }

    private async Task<bool> TickAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_ends.Token);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Lost()
    {
        LogLost(database.Name);
        lifetime.StopApplication();
    }

    [LoggerMessage(2011, LogLevel.Critical, "Another host has taken over {Database} while this one was away. It writes nothing any more and ends.")]
    private partial void LogLost(string database);

    [LoggerMessage(2012, LogLevel.Warning, "The lease on {Database} could not be renewed; trying again. Another host may take over.")]
    private partial void LogNotRenewed(Exception exception, string database);

    [LoggerMessage(2015, LogLevel.Warning, "The lease on {Database} could not be asked for; it is tried again until the database is back.")]
    private partial void LogNotAsked(Exception exception, string database);

    [LoggerMessage(2013, LogLevel.Warning, "The lock of {Database} is held by another connection although the lease is ours; trying again.")]
    private partial void LogLockHeld(string database);
}
