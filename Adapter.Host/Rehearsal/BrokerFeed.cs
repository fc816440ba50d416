using System.Diagnostics.Metrics;
using System.Text;
using System.Threading.Channels;
using Adapter.Host.Brokers;
using Adapter.Host.Observability;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.Host.Rehearsal;

/// <summary>The forwarder of the demo: puts what Joint Cloud pushes on a broker's queue, from which the host reads it.</summary>
internal sealed class BrokerFeed : IAsyncDisposable
{
    /// <summary>The broker's name in the host's settings.</summary>
    public const string Name = "demo";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BrokerOutlet _outlet;
    private readonly MeterListener _listener = new();
    private readonly Channel<bool> _settled = Channel.CreateUnbounded<bool>();
    private readonly TimeProvider _time;
    private long _accepted;
    private long _duplicate;

    private BrokerFeed(BrokerOutlet outlet, IMeterFactory host, TimeProvider time)
    {
        (_outlet, _time) = (outlet, time);
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (ReferenceEquals(published.Meter.Scope, host) && published.Name is AdapterMetrics.RecordsName or AdapterMetrics.BrokerMessagesName)
            {
                listener.EnableMeasurementEvents(published);
            }
        };
        _listener.SetMeasurementEventCallback<long>(Count);
        _listener.Start();
    }

    /// <param name="host">The host that reads the queue, in this process.</param>
    /// <exception cref="Exception">Any that <see cref="BrokerLoss.Of(Exception)"/> knows.</exception>
    public static async Task<BrokerFeed> OpenAsync(DemoBroker broker, IServiceProvider host, TimeProvider time, CancellationToken cancellationToken) =>
        new(await BrokerOutlet.OpenAsync(broker.Settings, time, cancellationToken), host.GetRequiredService<IMeterFactory>(), time);

    /// <summary>Puts one push on the queue and waits until the host has settled it.</summary>
    /// <returns>What became of its records.</returns>
    /// <exception cref="TimeoutException">The host did not read it.</exception>
    public async Task<(int Accepted, int Duplicate)> PushAsync(DemoPush push, CancellationToken cancellationToken)
    {
        var (accepted, duplicate) = (Interlocked.Read(ref _accepted), Interlocked.Read(ref _duplicate));
        await _outlet.SendAsync(new Message
        {
            Header = new Header { Durable = true },
            Properties = new Properties { MessageId = Guid.NewGuid().ToString("N"), Subject = push.Path[(push.Path.LastIndexOf('/') + 1)..], ContentType = new Symbol("application/json") },
            BodySection = new Data { Binary = Encoding.UTF8.GetBytes(push.Json) },
        }, cancellationToken);
        await _settled.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(Patience, _time, cancellationToken);
        return ((int)(Interlocked.Read(ref _accepted) - accepted), (int)(Interlocked.Read(ref _duplicate) - duplicate));
    }

    public ValueTask DisposeAsync()
    {
        _listener.Dispose();
        return _outlet.DisposeAsync();
    }

    private void Count(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        if (instrument.Name == AdapterMetrics.BrokerMessagesName)
        {
            _settled.Writer.TryWrite(true);
            return;
        }

        foreach (var (name, tag) in tags)
        {
            if (name == "result")
            {
                Interlocked.Add(ref tag is "duplicate" ? ref _duplicate : ref _accepted, value);
            }
        }
    }
}
