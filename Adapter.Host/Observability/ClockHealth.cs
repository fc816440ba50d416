using Adapter.Host.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Adapter.Host.Observability;

/// <summary>A machine whose clock is off stamps what it receives with wrong times. Deadlines are not concerned: they go by the store's clock.</summary>
internal sealed class ClockHealth(StoreDatabase database) : IHealthCheck
{
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(60);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var ahead = database.ClockAhead;
        return Task.FromResult(ahead.Duration() <= Tolerated
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Degraded(
                $"The clock of {database.Name} is {ahead.Duration():c} {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this machine's. Set the one that is wrong."));
    }
}
