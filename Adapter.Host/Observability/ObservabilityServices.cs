using Adapter.Host.Storage;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Adapter.Host.Observability;

internal static class ObservabilityServices
{
    public static IServiceCollection AddObservability(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<AdapterMetrics>();
        services.TryAddSingleton(CrashPoints.None);
        services.AddSingleton<StoreHealth>();
        services.AddHealthChecks().AddCheck<StoreHealth>("store", tags: ["ready"]).AddCheck<ClockHealth>("clock", tags: ["ready"]);
        var telemetry = services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics
                .AddMeter(AdapterMetrics.MeterName)
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter());
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            telemetry.WithMetrics(metrics => metrics.AddOtlpExporter()).WithTracing(tracing => tracing.AddAspNetCoreInstrumentation().AddOtlpExporter());
        }

        return services;
    }

    /// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: the store commits. <c>/metrics</c>: Prometheus text.</summary>
    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        routes.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
        routes.MapPrometheusScrapingEndpoint("/metrics");
    }
}

/// <summary>Ready means that a commit goes through, not merely that a file is there.</summary>
/// <remarks>Probes share one commit at a time, and its success for a second: however many ask, one write waits.</remarks>
internal sealed class StoreHealth(StoreWriter writer, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private Task _probe = Task.CompletedTask;
    private long? _succeededAt;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await ProbeAsync().WaitAsync(Patience, time, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is StoreUnavailableException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy("The store cannot commit.", exception);
        }
    }

    private Task ProbeAsync()
    {
        lock (_gate)
        {
            if (_probe.IsCompleted && !(_succeededAt is { } at && time.GetElapsedTime(at) < Freshness))
            {
                _probe = WriteAsync();
            }

            return _probe;
        }
    }

    private async Task WriteAsync()
    {
        _succeededAt = null;
        await writer.WriteAsync(WriteUrgency.Ordinary, writer.Prove, CancellationToken.None);
        lock (_gate)
        {
            _succeededAt = time.GetTimestamp();
        }
    }
}
