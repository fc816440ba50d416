using System.Globalization;
using System.Reflection;
using Adapter.Host.Observability;

namespace Adapter.Host.Storage;

/// <summary>Brings a database to the layout this program knows: numbered files, each applied once, in one transaction.</summary>
internal static class SqliteMigrations
{
    private const string Prefix = "Migrations/Sqlite/";

    /// <exception cref="InvalidOperationException">The database was written by a newer program.</exception>
    public static void Apply(SqliteSession session, TimeProvider time, ICrashPoint crash)
    {
        session.Execute("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT");
        var applied = session.Scalar<long>("SELECT coalesce(max(number), 0) FROM migrations");
        var known = Known();
        if (applied > known[^1].Number)
        {
            throw new InvalidOperationException(
                $"The database is at migration {applied}, this program knows {known[^1].Number}. Start the newer program, or restore the backup made before it ran.");
        }

        foreach (var (number, name, sql) in known.Where(m => m.Number > applied))
        {
            session.Execute("BEGIN IMMEDIATE");
            try
            {
                crash.Reached(CrashPoints.MigrationBegun);
                using var command = session.Connection.CreateCommand();
#pragma warning disable CA2100 // The text of an embedded file.
                command.CommandText = sql;
#pragma warning restore CA2100
                command.ExecuteNonQuery();
                crash.Reached(CrashPoints.MigrationRun);
                session.Execute("INSERT INTO migrations (number, name, applied_at) VALUES (?1, ?2, ?3)", number, name, time.GetUtcNow().ToStored());
                crash.Reached(CrashPoints.MigrationRecorded);
                session.Execute("COMMIT");
                crash.Reached(CrashPoints.MigrationCommitted);
            }
            catch
            {
                session.Execute("ROLLBACK");
                throw;
            }
        }
    }

    private static List<(long Number, string Name, string Sql)> Known()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    var file = name[Prefix.Length..];
                    return (long.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), file, reader.ReadToEnd());
                }),
        ];
    }
}
