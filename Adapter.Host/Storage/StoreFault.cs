using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Adapter.Host.Storage;

/// <summary>Tells errors that a row causes from errors of the store.</summary>
internal static class StoreFault
{
    /// <summary>SQLite's code for a violated constraint: the only one of its errors that a row can cause.</summary>
    private const int ConstraintViolated = 19;

    /// <summary>True where the same write would fail again however well the store is: a violated constraint, a value that does not fit.</summary>
    /// <remarks>PostgreSQL's classes 22 (data), 23 (constraints), 54 (beyond a limit of the database, such as a text too long for its index) and P0 (raised by our triggers).</remarks>
    public static bool IsOfTheData(DbException exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == ConstraintViolated,
        PostgresException { SqlState: [var first, var second, ..] } => (first, second) is ('2', '2') or ('2', '3') or ('5', '4') or ('P', '0'),
        _ => false,
    };
}
