using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Adapter.Host.Observability;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Stores;

/// <summary>Counts the commits of one host by the figure that it publishes.</summary>
internal sealed class CommitCounter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<int> _sizes = new();

    public CommitCounter(IServiceProvider services)
    {
        var scope = services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == AdapterMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, scope) && instrument.Name == "customstransit.store.commit_writes")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, size, _, _) => _sizes.Enqueue(size));
        _listener.Start();
    }

    /// <summary>Writes per commit, in order.</summary>
    public IReadOnlyList<int> Sizes => [.. _sizes];

    public void Dispose() => _listener.Dispose();
}
