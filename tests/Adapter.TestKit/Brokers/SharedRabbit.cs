namespace Adapter.TestKit.Brokers;

/// <summary>One RabbitMQ for the whole run, started when a test first asks for it.</summary>
internal sealed class SharedRabbit : IAsyncDisposable
{
    private readonly Lazy<Task<RabbitBroker>> _broker = new(RabbitBroker.StartAsync);

    public Task<RabbitBroker> GetAsync() => _broker.Value;

    public async ValueTask DisposeAsync()
    {
        if (_broker.IsValueCreated)
        {
            await (await _broker.Value).DisposeAsync();
        }
    }
}
