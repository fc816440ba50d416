using Adapter.Host.Brokers;
using Adapter.Host.Ingest.Amqp;

namespace Adapter.Host.Rehearsal;

/// <summary>The queue that feeds the demo's host in place of Joint Cloud's pushes.</summary>
/// <param name="Settings">How to reach it; its connection is a reference.</param>
internal sealed record DemoBroker(BrokerSettings Settings)
{
    private const string Queue = "customstransit-demo";

    /// <param name="connection">An address, a connection string, or a reference to one of them.</param>
    /// <param name="queue">Null takes one that RabbitMQ makes by itself, or the plain name elsewhere.</param>
    /// <param name="folder">Where an address with its password is kept, for this user alone.</param>
    public static async Task<DemoBroker> OfAsync(string connection, string? queue, string folder, CancellationToken cancellationToken)
    {
        var reference = connection.StartsWith("env:", StringComparison.Ordinal) || connection.StartsWith("file:", StringComparison.Ordinal)
            ? connection
            : $"file:{await PrivateFile.WriteAsync(Path.Combine(folder, "broker.secret"), connection, cancellationToken)}";
        var bus = System.Text.Encoding.UTF8.GetString(Storage.SecretReference.Resolve(reference)).Contains("Endpoint=sb://", StringComparison.OrdinalIgnoreCase);
        return new DemoBroker(new BrokerOptions
        {
            Protocol = bus ? BrokerProtocol.ServiceBus : BrokerProtocol.Amqp,
            Connection = reference,
            Queue = queue ?? (bus ? Queue : $"/queue/{Queue}"),
        });
    }

    /// <summary>Has the host read the queue as if it were Joint Cloud.</summary>
    public IEnumerable<KeyValuePair<string, string?>> HostSettings() =>
    [
        new($"Ingest:Brokers:{BrokerFeed.Name}:Protocol", Settings.Protocol.ToString()),
        new($"Ingest:Brokers:{BrokerFeed.Name}:Connection", Settings.Connection),
        new($"Ingest:Brokers:{BrokerFeed.Name}:Queue", Settings.Queue),
    ];
}
