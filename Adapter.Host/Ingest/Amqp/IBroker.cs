using Adapter.Host.Brokers;
namespace Adapter.Host.Ingest.Amqp;

/// <summary>One way of speaking to a broker.</summary>
internal interface IBroker
{
    /// <summary>Connects, logs in and attaches to the queue. Everything is made anew: nothing outlives a lost connection.</summary>
    /// <returns>Null where there is nothing to read now, and the broker has waited for it already.</returns>
    /// <exception cref="Exception">Any that <see cref="BrokerLoss.Of(Exception)"/> knows.</exception>
    Task<BrokerLink?> OpenAsync(CancellationToken cancellationToken);

    /// <summary>Whether it understands that a message has failed and counts it.</summary>
    bool CountsFailures { get; }

    /// <summary>How a refusal is told, so that the broker keeps the reason where it can.</summary>
    Refusal Refuse(string reason, string description);

    /// <summary>Where the broker is, for logs.</summary>
    string Where { get; }
}
