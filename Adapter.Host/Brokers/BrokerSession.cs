using Amqp;

namespace Adapter.Host.Brokers;

/// <summary>A connection on which we are logged in.</summary>
/// <param name="Renewal">What keeps us logged in; to be run beside whatever is done, until that ends. Null where a login lasts.</param>
internal sealed record BrokerSession(Connection Connection, Session Session, Func<CancellationToken, Task>? Renewal);
