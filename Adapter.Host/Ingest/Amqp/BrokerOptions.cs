using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>One queue that reports are read from. Bound from <c>Ingest:Brokers:{name}</c>.</summary>
internal sealed class BrokerOptions
{
    /// <summary>What the broker speaks. Default <see cref="BrokerProtocol.Amqp"/>.</summary>
    public BrokerProtocol Protocol { get; set; }

    /// <summary>
    /// Reference to where the broker is and how to log in: <c>env:NAME</c> or <c>file:/path</c>. It holds <c>amqps://user:password@host:5671</c>; without user, the client
    /// certificate speaks for us. For Service Bus it holds the connection string as the portal shows it.
    /// </summary>
    public string? Connection { get; set; }

    /// <summary>What to read, as the broker addresses it: <c>/amq/queue/telemetry</c> on RabbitMQ 3, <c>topic/Subscriptions/name</c> for a subscription, a plain name elsewhere.</summary>
    public string? Queue { get; set; }

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

    /// <summary>Service Bus: for how long a token is made; it is renewed after three quarters of that. Default 1 h.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>PEM file of the authorities that may vouch for the broker, instead of those of the system.</summary>
    public string? TrustedAuthorities { get; set; }

    /// <summary>PEM file with our certificate and its key.</summary>
    public string? ClientCertificate { get; set; }

    /// <summary>After which silence the connection counts as dead; the broker is made to send something more often. Default 10 s, found out about 20 s later.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>What a broker speaks on top of AMQP 1.0.</summary>
internal enum BrokerProtocol
{
    /// <summary>Plain AMQP 1.0: RabbitMQ, Artemis, Solace, Qpid, IBM MQ.</summary>
    Amqp,

    /// <summary>Azure Service Bus, or what speaks as it does.</summary>
    ServiceBus,
}
