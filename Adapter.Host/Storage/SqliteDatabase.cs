using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Storage;

/// <summary>Opens connections to the one SQLite file with the settings that the promises rest on.</summary>
internal sealed class SqliteDatabase : StoreDatabase, IDisposable
{
    /// <summary>Readers kept open between uses; more than work at once is rare, and each holds a few megabytes of cache.</summary>
    private const int MostIdle = 8;

    private readonly ConcurrentQueue<SqliteSession> _idle = new();
    private readonly string _writing;
    private readonly string _reading;
    private volatile bool _closed;

    public SqliteDatabase(IOptions<StorageOptions> options)
    {
        var builder = new SqliteConnectionStringBuilder(options.Value.ConnectionString);
        File = Path.GetFullPath(builder.DataSource);
        if (Path.GetDirectoryName(File) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        // The journal holds positions of cargo and seal states: nobody else on the machine has business with it.
        if (!OperatingSystem.IsWindows() && !System.IO.File.Exists(File))
        {
            System.IO.File.Open(File, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
        }

        _writing = new SqliteConnectionStringBuilder { DataSource = File, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false, DefaultTimeout = 10 }.ToString();
        _reading = new SqliteConnectionStringBuilder { DataSource = File, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 10 }.ToString();
    }

    /// <summary>Full path of the database file.</summary>
    public string File { get; }

    /// <summary>The write connection. There is one, and <see cref="SqliteWriter"/> owns it.</summary>
    public SqliteSession OpenForWriting()
    {
        var session = Open(_writing);
        // FULL: a commit is on the disk when it returns. The size limit truncates a WAL that a long reader let grow.
        session.Execute("PRAGMA journal_mode = WAL");
        session.Execute("PRAGMA synchronous = FULL");
        session.Execute("PRAGMA foreign_keys = ON");
        // A commit that has balanced a tree walks the whole cache: 64 MB cost a tenth of the processor time of a delivery. What is not in it the system's own cache has.
        session.Execute("PRAGMA cache_size = -16384");
        session.Execute("PRAGMA journal_size_limit = 67108864");
        session.Execute("PRAGMA wal_autocheckpoint = 8000");
        // What a savepoint may have to restore would go to a file of its own after 64 KB.
        session.Execute("PRAGMA temp_store = MEMORY");
        return session;
    }

    public override string Name => File;

    /// <inheritdoc/>
    /// <remarks>An open read keeps the WAL from being reused. The connection comes back with its statements prepared: preparing costs more than most reads.</remarks>
    public override StoreSession OpenForReading() => _idle.TryDequeue(out var idle) ? idle : Open(_reading, Release);

    public void Dispose()
    {
        _closed = true;
        CloseIdle();
    }

    public override long? WalBytes => new FileInfo(File + "-wal") is { Exists: true } wal ? wal.Length : 0;

    private void Release(SqliteSession session)
    {
        if (_idle.Count >= MostIdle)
        {
            session.Close();
            return;
        }

        _idle.Enqueue(session);
        if (_closed)
        {
            // Closed while this one was out: nobody else will.
            CloseIdle();
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryDequeue(out var session))
        {
            session.Close();
        }
    }

    private static SqliteSession Open(string connectionString, Action<SqliteSession>? release = null)
    {
        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            // Statements wait for another process's lock as ADO.NET's commands do.
            _ = SQLitePCL.raw.sqlite3_busy_timeout(connection.Handle, connection.DefaultTimeout * 1000);
            // Plans do not depend on bound values. Otherwise SQLite prepares a statement with a list as parameter again for every new list.
            _ = SQLitePCL.raw.sqlite3_db_config(connection.Handle, SQLitePCL.raw.SQLITE_DBCONFIG_ENABLE_QPSG, 1, out _);
            return new SqliteSession(connection, release);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
