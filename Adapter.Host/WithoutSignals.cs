namespace Adapter.Host;

/// <summary>For a web application inside another one: signals are the outer one's business.</summary>
internal sealed class WithoutSignals : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
