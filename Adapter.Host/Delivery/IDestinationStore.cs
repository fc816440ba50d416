using Adapter.Contracts.Admin;

namespace Adapter.Host.Delivery;

/// <summary>The receivers, as administrators have set them.</summary>
internal interface IDestinationStore
{
    /// <summary>All destinations by name. Served from memory; re-read after a change.</summary>
    ValueTask<IReadOnlyList<Destination>> AllAsync(CancellationToken cancellationToken);

    /// <summary>Adds those that the store does not have; what administrators changed stays.</summary>
    Task SeedAsync(IReadOnlyList<Destination> destinations, CancellationToken cancellationToken);
}
