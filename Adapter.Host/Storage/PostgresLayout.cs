using Adapter.Host.Observability;
using Npgsql;

namespace Adapter.Host.Storage;

/// <summary>Brings the database to the layout this program knows, as its owner, and lets the application's role do its work and no more.</summary>
internal static class PostgresLayout
{
    /// <summary>Any number that nobody else locks.</summary>
    private const long Lock = 4283947210;

    /// <summary>What is only ever added to.</summary>
    private const string AppendOnly = "journal, record_keys, source_ids, audit, destination_history, answers";

    /// <exception cref="InvalidOperationException">The database was written by a newer program.</exception>
    public static void Apply(PostgresDatabase database, TimeProvider time, ICrashPoint crash)
    {
        using var session = database.OpenAsOwner();
        // Two that make the same table at once would get in each other's way.
        session.Execute("SELECT pg_advisory_lock(?1)", Lock);
        try
        {
            session.Execute("CREATE TABLE IF NOT EXISTS migrations (number BIGINT PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
            Migrations.Apply(session, "Postgres", () => session.Execute("BEGIN"), time, crash);
            MakePartitions(session);
            if (database.HasOwner)
            {
                Grant(session, database.User);
            }
        }
        finally
        {
            session.Execute("SELECT pg_advisory_unlock(?1)", Lock);
        }
    }

    private static void MakePartitions(PostgresSession session)
    {
        try
        {
            PostgresPartitions.Make(session);
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            // A backup that reads keeps nobody from starting: the host tries again, and a day without a partition is kept in the one for the rest.
        }
    }

    private static void Grant(PostgresSession session, string user)
    {
        var role = "\"" + user.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
        session.Script(
            $"""
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
            REVOKE UPDATE, DELETE ON {AppendOnly} FROM {role};
            REVOKE INSERT, UPDATE, DELETE ON migrations FROM {role};
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
            GRANT EXECUTE ON FUNCTION make_partitions(text) TO {role};
            """);
    }
}
