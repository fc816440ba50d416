using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Adapter.Host.Brokers;

/// <summary>Degraded while a broker cannot be read from, or written to.</summary>
/// <remarks>Never unhealthy: all other ways in work, and a host that is taken out of service for it would close them too.</remarks>
internal sealed class BrokerHealth(BrokerBoard board) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var away = board.States.Where(state => !state.Connected).Select(state => $"{state.Broker}: {state.Loss?.Detail ?? "not connected yet"}").ToList();
        return Task.FromResult(away.Count == 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Degraded(string.Join("; ", away)));
    }
}
