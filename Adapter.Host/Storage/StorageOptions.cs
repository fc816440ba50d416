using System.ComponentModel.DataAnnotations;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Storage;

/// <summary>Where the journal, the journeys and the lanes are kept. Bound from <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    /// <summary><c>sqlite</c> (default) or <c>postgres</c>.</summary>
    [RegularExpression("^(sqlite|postgres)$", ErrorMessage = "Storage:Provider must be 'sqlite' or 'postgres'.")]
    public string Provider { get; set; } = "sqlite";

    /// <summary>
    /// For SQLite: <c>Data Source=path/to/file.db</c>. Default: <c>customstransit.db</c> in the working folder.
    /// For PostgreSQL: <c>Host=db;Database=customstransit;Username=customstransit;Passfile=/run/secrets/pgpass</c>.
    /// </summary>
    [Required]
    public string ConnectionString { get; set; } = "Data Source=customstransit.db";

    /// <summary>For PostgreSQL: the same for the role that owns the tables, used at start only. Without it the application's own role makes and owns them.</summary>
    public string? OwnerConnectionString { get; set; }

    /// <summary>Writes that may wait for the writer before intake is told to wait. Default 8192.</summary>
    [Range(16, 1_000_000)]
    public int WriteQueue { get; set; } = 8192;

    /// <returns>The database file that would have to be made; null where it is there, or where a server has the store.</returns>
    public string? MissingFile() =>
        Provider == "sqlite" && Path.GetFullPath(new SqliteConnectionStringBuilder(ConnectionString).DataSource) is var file && !File.Exists(file) ? file : null;
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
