using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.TestKit;

/// <summary>Hears one instrument of one host.</summary>
/// <remarks>A process has one Prometheus page for all meters of a name, so hosts side by side in a test would show each other's figures there.</remarks>
internal sealed class MeterWatch<T> : IDisposable where T : struct
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(T Value, string Tags)> _measured = new();

    public MeterWatch(IServiceProvider host, string instrument)
    {
        var scope = host.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Name == instrument && ReferenceEquals(published.Meter.Scope, scope))
            {
                listener.EnableMeasurementEvents(published);
            }
        };
        _listener.SetMeasurementEventCallback<T>((_, value, tags, _) =>
        {
            var text = new List<string>();
            foreach (var tag in tags)
            {
                text.Add($"{tag.Key}={tag.Value}");
            }

            _measured.Enqueue((value, string.Join(' ', text)));
        });
        _listener.Start();
    }

    /// <summary>In the order in which they were measured, with their tags as <c>name=value</c>.</summary>
    public IReadOnlyList<(T Value, string Tags)> Measured => [.. _measured];

    public void Dispose() => _listener.Dispose();
}
