namespace Adapter.Host.Brokers;

/// <summary>Where a queue is, how to log in there, and whom to trust; what is read from and what is written to share it.</summary>
internal abstract class BrokerSettings
{
    /// <summary>What the broker speaks. Default <see cref="BrokerProtocol.Amqp"/>.</summary>
    public BrokerProtocol Protocol { get; set; }

    /// <summary>
    /// Reference to where the broker is and how to log in: <c>env:NAME</c> or <c>file:/path</c>. It holds <c>amqps://user:password@host:5671</c>; without user, the client
    /// certificate speaks for us. For Service Bus it holds the connection string as the portal shows it.
    /// </summary>
    public string? Connection { get; set; }

    /// <summary>The queue, as the broker addresses it: <c>/amq/queue/telemetry</c> on RabbitMQ 3, <c>topic/Subscriptions/name</c> to read from a subscription, a plain name elsewhere.</summary>
    public string? Queue { get; set; }

    /// <summary>Service Bus: for how long a token is made; it is renewed after three quarters of that. Default 1 h.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Service Bus: who we are in Entra ID, instead of a key in the connection string, which then is <c>Endpoint=sb://NAMESPACE/</c> alone.</summary>
    public EntraSettings? Entra { get; set; }

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
