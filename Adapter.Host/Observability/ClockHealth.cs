using Adapter.Host.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Adapter.Host.Observability;

/// <summary>A machine whose clock is off, or was put back while the host ran, stamps what it receives with wrong times. Deadlines are not concerned: they go by the store's clock.</summary>
internal sealed class ClockHealth(StoreClock clock) : IHealthCheck
{
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(60);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (held, ahead) = (clock.Held, clock.Ahead);
        return Task.FromResult(
            held > Tolerated ? HealthCheckResult.Degraded($"The clock that deadlines go by was put back by {held:c} while the host ran; deadlines go on as before. Restart the host when the clock is right.")
            : ahead.Duration() > Tolerated ? HealthCheckResult.Degraded(
                $"The database's clock is {ahead.Duration():c} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this machine's. Set the one that is wrong.")
            : HealthCheckResult.Healthy());
    }
}
