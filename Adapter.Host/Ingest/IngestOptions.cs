using System.ComponentModel.DataAnnotations;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Ingest;

/// <summary>Who may report, and how much at once. Bound from <c>Ingest</c>.</summary>
internal sealed class IngestOptions
{
    /// <summary>The sources, by name. The name is part of what a copy is recognised by, so keep it when secrets change.</summary>
    public Dictionary<string, SourceOptions> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>Largest body in bytes. Default 1 MiB: a burst of 1,500 buffered positions.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Largest array. Default 5,000 records.</summary>
    [Range(1, 100_000)]
    public int MaxRecords { get; set; } = 5000;

    /// <summary>A JSON file with the deployment's own property names and code tables, laid over those that ship (Adapter.Mappings/Telemetry/README.md).</summary>
    public string? TelemetryTables { get; set; }

    /// <summary>How long a sender waits for a full store before it is told to come back. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>One source of reports, authenticated by a secret header.</summary>
internal sealed class SourceOptions
{
    /// <summary>Name of the header that carries the secret, as set in the cloud's push rule. Default <c>X-CustomsTransit-Secret</c>.</summary>
    public string Header { get; set; } = "X-CustomsTransit-Secret";

    /// <summary>References to the secrets: <c>env:NAME</c> or <c>file:/path</c>. Two at once while one is being replaced.</summary>
    public IList<string> Secrets { get; init; } = [];

    /// <summary>
    /// How the source writes: names, polarity, units. One of the dialects of the telemetry tables (<c>jointcloud</c>, <c>jt-sdk</c>, <c>traccar</c>, <c>teratrack</c>,
    /// <c>asc</c> or one's own). Left out: that of the intake route it calls.
    /// </summary>
    public string? Dialect { get; set; }

    /// <summary>Which code table the numbers of a route belong to, for instance <c>alarm</c> = <c>web-alarm</c>.</summary>
    public Dictionary<string, string> CodeSpaces { get; } = new(StringComparer.OrdinalIgnoreCase) { ["alarm"] = "web-alarm", ["event"] = "web-event" };
}

/// <summary>All errors at once, at start, each with the setting's name.</summary>
internal sealed class IngestOptionsValidator : IValidateOptions<IngestOptions>
{
    public ValidateOptionsResult Validate(string? name, IngestOptions options)
    {
        var errors = new List<string>();
        foreach (var (source, settings) in options.Sources)
        {
            if (settings.Secrets.Count is < 1 or > 2)
            {
                errors.Add($"Ingest:Sources:{source}:Secrets: give one reference, or two while a secret is being replaced; there are {settings.Secrets.Count}.");
            }

            foreach (var reference in settings.Secrets)
            {
                try
                {
                    SecretReference.Resolve(reference);
                }
                catch (InvalidOperationException unusable)
                {
                    errors.Add($"Ingest:Sources:{source}:Secrets: {unusable.Message}");
                }
            }

            if (string.IsNullOrWhiteSpace(settings.Header) || settings.Header.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
            {
                errors.Add($"Ingest:Sources:{source}:Header: '{settings.Header}' is not a header name.");
            }
        }

        if (options.MaxBodyBytes is < 1024 or > 64 * 1024 * 1024)
        {
            errors.Add($"Ingest:MaxBodyBytes: {options.MaxBodyBytes} lies outside 1024 to {64 * 1024 * 1024}.");
        }

        if (options.MaxRecords is < 1 or > 100_000)
        {
            errors.Add($"Ingest:MaxRecords: {options.MaxRecords} lies outside 1 to 100000.");
        }

        if (options.Patience < TimeSpan.FromMilliseconds(100) || options.Patience > TimeSpan.FromMinutes(1))
        {
            errors.Add($"Ingest:Patience: {options.Patience} lies outside 00:00:00.1 to 00:01:00.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
