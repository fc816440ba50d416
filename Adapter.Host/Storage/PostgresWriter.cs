using Adapter.Host.Observability;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Adapter.Host.Storage;

/// <inheritdoc/>
/// <remarks>
/// One connection, so that what waits shares a commit and nothing of this host can wait for itself. A connection that breaks is made again for the next group.
/// One that breaks in the commit leaves in doubt whether it committed; PostgreSQL is asked then, by the transaction's number.
/// </remarks>
internal sealed class PostgresWriter : StoreWriter
{
    /// <summary>How long the database may take to come back and tell about a commit in doubt.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly PostgresDatabase _database;
    private readonly PostgresLease _lease;
    private readonly ManualResetEventSlim _never = new();
    private PostgresSession? _session;
    private string? _transaction;

    public PostgresWriter(PostgresDatabase database, PostgresLease lease, IOptions<StorageOptions> options, TimeProvider time, AdapterMetrics metrics, ICrashPoint crash)
        : base(options.Value, time, metrics, crash)
    {
        (_database, _lease) = (database, lease);
        PostgresLayout.Apply(database, time, crash);
        Start();
    }

    public override void Prove(StoreSession session) => session.Execute("UPDATE lease SET holder = holder");

    protected override StoreSession Begin()
    {
        try
        {
            return BeginOn(_session ??= _database.Open());
        }
        catch (NpgsqlException) when (_session is { IsBroken: true })
        {
            // It broke since the last group: nothing was written, and it costs nobody an error.
            _session.Dispose();
            _session = null;
            return BeginOn(_session = _database.Open());
        }
    }

    private PostgresSession BeginOn(PostgresSession session)
    {
        session.Ahead("BEGIN");
        _transaction = _lease.Confirm(session);
        if (_transaction is null)
        {
            session.Execute("SELECT 1");
        }

        return session;
    }

    protected override void SetSavepoint() => _session!.Ahead("SAVEPOINT one");

    protected override void UndoToSavepoint()
    {
        _session!.ForgetWork();
        _session.Execute("ROLLBACK TO one");
    }

    protected override void ReleaseSavepoint() => _session!.Ahead("RELEASE one");

    protected override void Commit()
    {
        // Null where nothing was written: then there is nothing to be in doubt about.
        _transaction ??= _session!.Scalar<string>("SELECT pg_current_xact_id_if_assigned()::text");
        try
        {
            _session!.Execute("COMMIT");
        }
        catch (NpgsqlException exception) when (exception is not PostgresException { SqlState: ['2', '3', ..] or ['4', '0', ..] })
        {
            RollBack();
            if (!HasCommitted(exception))
            {
                throw;
            }
        }
    }

    protected override void RollBack()
    {
        if (_session is not { } session)
        {
            return;
        }

        session.Forget();
        try
        {
            session.Execute("ROLLBACK");
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and the transaction with it.
            _session = null;
            session.Dispose();
        }
    }

    protected override void Close()
    {
        _session?.Dispose();
        _never.Dispose();
    }

    protected override bool EndsTransaction(Exception exception) => exception switch
    {
        PostgresException told => !StoreFault.IsOfTheData(told),
        NpgsqlException => true,
        // The connection broke under a statement before this one.
        _ => _session is not { IsBroken: false },
    };

    private bool HasCommitted(NpgsqlException lost)
    {
        if (_transaction is not { } transaction)
        {
            return true;
        }

        for (var startedAt = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(startedAt) < Patience;)
        {
            try
            {
                using var session = _database.Open();
                switch (session.Scalar<string>("SELECT pg_xact_status(?1::text::xid8)", transaction))
                {
                    case "committed":
                        return true;
                    case "aborted":
                        return false;
                }
            }
            catch (NpgsqlException)
            {
                // Not back yet.
            }

            // The writer's own thread: there is nothing else it could do.
            _never.Wait(Pause);
        }

        throw new StoreUnavailableException($"The connection to {_database.Name} was lost in a commit, and the database did not come back to tell whether it took effect.", lost);
    }
}
