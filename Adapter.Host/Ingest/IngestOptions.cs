using System.ComponentModel.DataAnnotations;
using Adapter.Host.Ingest.Amqp;

namespace Adapter.Host.Ingest;

/// <summary>Who may report, and how much at once. Bound from <c>Ingest</c>.</summary>
internal sealed class IngestOptions
{
    /// <summary>The sources, by name. The name is part of what a copy is recognised by, so keep it when secrets change.</summary>
    public Dictionary<string, SourceOptions> Sources { get; } = new(StringComparer.Ordinal);

    /// <summary>Queues that are read, by name. The name stands in for the source's where <c>Source</c> gives none.</summary>
    public Dictionary<string, BrokerOptions> Brokers { get; } = new(StringComparer.Ordinal);

    /// <summary>Largest body in bytes. Default 1 MiB: a burst of 1,500 buffered positions.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>Largest array. Default 5,000 records.</summary>
    [Range(1, 100_000)]
    public int MaxRecords { get; set; } = 5000;

    /// <summary>A JSON file with the deployment's own property names and code tables, laid over those that ship (Adapter.Mappings/Telemetry/README.md).</summary>
    public string? TelemetryTables { get; set; }

    /// <summary>How long a sender waits for its turn and for a full store before it is told to come back. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of bodies held at once; one source may hold half of them. Default 64 MiB, at least twice <see cref="MaxBodyBytes"/>.</summary>
    public long MaxBytesInFlight { get; set; } = 64 * 1024 * 1024;

    /// <summary>Requests of one source that may wait for their turn, their bodies unread. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxWaiting { get; set; } = 1000;

    /// <summary>Slowest pace in bytes per second at which a body may come. Default 240.</summary>
    [Range(1, 1_000_000)]
    public int MinBodyBytesPerSecond { get; set; } = 240;

    /// <summary>How long a body may be slower than that at first. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01.100", "00:01:00")]
    public TimeSpan BodyGrace { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>One source of reports and the one way in which it proves who it is: <see cref="Secrets"/>, <see cref="Principals"/> or <see cref="SigningKeys"/>.</summary>
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

    /// <summary>Names of principals with the role <c>source</c> whose keys speak for this source. Two at once while one is being replaced.</summary>
    public IList<string> Principals { get; init; } = [];

    /// <summary>References to the keys of a source that signs its requests as Standard Webhooks has it. Two at once while one is being replaced.</summary>
    public IList<string> SigningKeys { get; init; } = [];

    /// <summary>How far the time in a signature may lie from ours, both ways. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan SigningWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Addresses that the source may call from, as <c>10.1.2.3</c> or <c>10.1.2.0/24</c>; any where none is given.</summary>
    /// <remarks>The peer of the connection is compared. <c>X-Forwarded-For</c> is never believed; behind a proxy the list belongs into the proxy.</remarks>
    public IList<string> Addresses { get; init; } = [];

    /// <summary>Whether the source sends again what was refused. Default no, as Joint Cloud: it is made to wait instead, and every refusal leaves a gap record.</summary>
    public bool Repeats { get; set; }

    /// <summary>Requests per second that the source may make in the long run; no limit where none is given.</summary>
    [Range(0.01, 100_000)]
    public double? RatePerSecond { get; set; }

    /// <summary>Requests that may come at once before the rate holds them back. Default ten seconds' worth of the rate.</summary>
    [Range(1, 1_000_000)]
    public int? Burst { get; set; }

    /// <summary>Which code table the numbers of a route belong to, for instance <c>alarm</c> = <c>web-alarm</c>.</summary>
    public Dictionary<string, string> CodeSpaces { get; } = new(StringComparer.OrdinalIgnoreCase) { ["alarm"] = "web-alarm", ["event"] = "web-event" };
}
