using Adapter.Contracts.Telemetry;
using Adapter.Host.Brokers;
using Adapter.Mappings.Telemetry;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>One queue that reports are read from. Bound from <c>Ingest:Brokers:{name}</c>.</summary>
internal sealed class BrokerOptions : BrokerSettings
{
    /// <summary>Name of the source in the journal, part of what a copy is recognised by. Default the broker's name in the settings.</summary>
    public string? Source { get; set; }

    /// <summary>What the messages are where their subject does not say it. Default location.</summary>
    public ReportRoute Route { get; set; } = ReportRoute.Location;

    /// <summary>How the source writes, one of the dialects of the telemetry tables. Default Joint Cloud's.</summary>
    public string Dialect { get; set; } = TelemetryTables.DefaultDialect;

    /// <summary>Which code table the numbers of a route belong to, for instance <c>alarm</c> = <c>web-alarm</c>.</summary>
    public Dictionary<string, string> CodeSpaces { get; } = new(StringComparer.OrdinalIgnoreCase) { ["alarm"] = "web-alarm", ["event"] = "web-event" };

    /// <summary>Messages that the broker may hand over before the first is settled; no more are ever held. Default 200.</summary>
    public int Credit { get; set; } = 200;

    /// <summary>How often a message is tried that the store is there for and that fails all the same. Default 5; then it is refused with the reason.</summary>
    public int MaxAttempts { get; set; } = 5;

    /// <summary>Service Bus: how many sessions are read side by side, for a queue that requires them. Default 0: a queue without sessions.</summary>
    public int Sessions { get; set; }
}
