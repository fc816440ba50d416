using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Adapter.Host.Observability;

namespace Adapter.Host.Brokers;

/// <summary>How it stands with each broker, for health, metrics and people.</summary>
internal sealed class BrokerBoard
{
    private readonly ConcurrentDictionary<string, BrokerState> _states = new(StringComparer.Ordinal);

    public BrokerBoard(AdapterMetrics metrics)
    {
        metrics.Observe("customstransit.broker.connected", "{link}", "1 while the broker can be read from, or written to.", () =>
            _states.Values.Select(state => new Measurement<long>(state.Connected ? 1 : 0, new KeyValuePair<string, object?>("broker", state.Broker))));
        metrics.Observe("customstransit.broker.held", "{message}", "Messages handed over by the broker and not settled; or those that wait to be handed to it.", () =>
            _states.Values.Select(state => new Measurement<long>(state.Held(), new KeyValuePair<string, object?>("broker", state.Broker))));
    }

    /// <summary>All brokers by name.</summary>
    public IReadOnlyList<BrokerState> States => [.. _states.Values.OrderBy(state => state.Broker, StringComparer.Ordinal)];

    public void Set(BrokerState state) => _states[state.Broker] = state;
}

/// <param name="Since">Since when it is as it is.</param>
/// <param name="Loss">Why it is not connected; null at the very start and while it is.</param>
/// <param name="Held">How many messages are held now.</param>
internal sealed record BrokerState(string Broker, string Where, string Queue, bool Connected, DateTimeOffset Since, BrokerLoss? Loss, Func<int> Held);
