using System.Globalization;
using System.Reflection;
using Adapter.Host.Observability;

namespace Adapter.Host.Storage;

/// <summary>Brings a database to the layout this program knows: numbered files, each applied once, in one transaction.</summary>
internal static class Migrations
{
    /// <param name="engine">The folder of the engine's files. They have the same numbers for each engine.</param>
    /// <param name="begin">Begins a transaction that nobody else's migration can be in.</param>
    /// <exception cref="InvalidOperationException">The database was written by a newer program.</exception>
    public static void Apply(StoreSession session, string engine, Action begin, TimeProvider time, ICrashPoint crash)
    {
        var applied = Applied(session);
        var known = Known($"Migrations/{engine}/");
        if (applied > known[^1].Number)
        {
            throw new InvalidOperationException(
                $"The database is at migration {applied}, this program knows {known[^1].Number}. Start the newer program, or restore the backup made before it ran.");
        }

        foreach (var (number, name, sql) in known.Where(m => m.Number > applied))
        {
            begin();
            try
            {
                if (Applied(session) >= number)
                {
                    // Another host was faster.
                    session.Execute("ROLLBACK");
                    continue;
                }

                crash.Reached(CrashPoints.MigrationBegun);
                session.Script(sql);
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

    private static long Applied(StoreSession session) => session.Number("SELECT coalesce(max(number), 0) FROM migrations") ?? 0;

    private static List<(long Number, string Name, string Sql)> Known(string prefix)
    {
        var assembly = Assembly.GetExecutingAssembly();
        return
        [
            .. assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
                .Select(name =>
                {
                    using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
                    var file = name[prefix.Length..];
                    return (long.Parse(file.AsSpan(0, 4), CultureInfo.InvariantCulture), file, reader.ReadToEnd());
                }),
        ];
    }
}
