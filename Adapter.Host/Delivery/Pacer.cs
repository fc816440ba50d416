using Adapter.Contracts.Admin;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <summary>Spaces the attempts with one destination evenly, where it sets a rate.</summary>
internal sealed class Pacer([FromKeyedServices(StoreClock.Key)] TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _next = new(StringComparer.Ordinal);

    /// <summary>Ends when the next attempt may begin.</summary>
    public Task TurnAsync(Destination destination, CancellationToken cancellationToken)
    {
        if (destination.PerMinute is not { } rate)
        {
            return Task.CompletedTask;
        }

        TimeSpan wait;
        lock (_gate)
        {
            var now = time.GetUtcNow();
            var turn = _next.GetValueOrDefault(destination.Name) is var next && next > now ? next : now;
            _next[destination.Name] = turn + (TimeSpan.FromMinutes(1) / rate);
            wait = turn - now;
        }

        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }
}
