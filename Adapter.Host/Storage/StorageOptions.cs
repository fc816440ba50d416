using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Storage;

/// <summary>Where the journal, the journeys and the lanes are kept. Bound from <c>Storage</c>.</summary>
internal sealed class StorageOptions
{
    /// <summary><c>sqlite</c>. PostgreSQL comes behind the same contracts.</summary>
    [RegularExpression("^sqlite$", ErrorMessage = "Storage:Provider must be 'sqlite'; no other store is built yet.")]
    public string Provider { get; set; } = "sqlite";

    /// <summary>For SQLite: <c>Data Source=path/to/file.db</c>. Default: <c>customstransit.db</c> in the working folder.</summary>
    [Required]
    public string ConnectionString { get; set; } = "Data Source=customstransit.db";

    /// <summary>Writes that may wait for the writer before intake is told to wait. Default 8192.</summary>
    [Range(16, 1_000_000)]
    public int WriteQueue { get; set; } = 8192;
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
