using Adapter.Host.Observability;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Storage;

/// <inheritdoc/>
/// <remarks>SQLite has one writer at a time, so this is the only write connection there is.</remarks>
internal sealed class SqliteWriter : StoreWriter
{
    private readonly SqliteSession _session;

    public SqliteWriter(SqliteDatabase database, IOptions<StorageOptions> options, TimeProvider time, AdapterMetrics metrics, ICrashPoint crash)
        : base(options.Value, time, metrics, crash)
    {
        _session = database.OpenForWriting();
        _session.Execute("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
        Migrations.Apply(_session, "Sqlite", () => _session.Execute("BEGIN IMMEDIATE"), time, crash);
        Start();
    }

    public override void Prove(StoreSession session) => session.Execute("UPDATE checkpoint SET position = position");

    protected override StoreSession Begin()
    {
        _session.Execute("BEGIN IMMEDIATE");
        return _session;
    }

    protected override void SetSavepoint() => _session.Execute("SAVEPOINT one");

    protected override void UndoToSavepoint() => _session.Execute("ROLLBACK TO one");

    protected override void ReleaseSavepoint() => _session.Execute("RELEASE one");

    protected override void Commit() => _session.Execute("COMMIT");

    protected override void RollBack()
    {
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself after some errors; then there is nothing left to undo.
        }
    }

    protected override void Close() => _session.Dispose();

    /// <summary>Full disk, I/O error, lost lock and their like.</summary>
    protected override bool EndsTransaction(Exception exception) => exception is SqliteException
    {
        SqliteErrorCode: 5 or 6 or 7 or 8 or 10 or 11 or 13 or 14 or 26,
    };
}
