using Xunit;

namespace Adapter.Conformance;

/// <summary>A suite that each test of which gets an empty store.</summary>
public abstract class StoreConformance : IAsyncLifetime
{
    private protected StoreUnderTest Store { get; private set; } = null!;

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Store = await OpenAsync();

    public async ValueTask DisposeAsync() => await Store.DisposeAsync();

    private protected abstract Task<StoreUnderTest> OpenAsync();
}
