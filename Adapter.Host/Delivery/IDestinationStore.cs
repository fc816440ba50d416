using Adapter.Contracts.Admin;
using Adapter.Host.Storage;

namespace Adapter.Host.Delivery;

/// <summary>The receivers, as administrators have set them.</summary>
internal interface IDestinationStore
{
    /// <summary>All destinations by name. Served from memory; re-read after a change.</summary>
    ValueTask<IReadOnlyList<Destination>> AllAsync(CancellationToken cancellationToken);

    /// <summary>The same with version and hold.</summary>
    ValueTask<IReadOnlyList<KeptDestination>> KeptAsync(CancellationToken cancellationToken);

    /// <summary>Adds those that the store does not have; what administrators changed stays.</summary>
    Task SeedAsync(IReadOnlyList<Destination> destinations, CancellationToken cancellationToken);

    /// <summary>Makes a destination, or replaces the version that was read. Earlier versions are kept.</summary>
    /// <param name="version">The version that the change was made from; 0 for a new destination.</param>
    /// <returns>The new version, or null when the destination is at another one by now.</returns>
    Task<int?> PutAsync(Destination destination, int version, Actor actor, string reason, CancellationToken cancellationToken);

    /// <summary>Stops all lanes of a destination, or lets them go again. Attempts under way end.</summary>
    /// <returns>Whether there is such a destination.</returns>
    Task<bool> HoldAsync(string name, bool hold, Actor actor, string reason, CancellationToken cancellationToken);
}

/// <param name="Held">Why nothing is sent to it, by whom and since when; null where messages go out.</param>
internal sealed record KeptDestination(Destination Definition, int Version, DestinationHold? Held);

internal sealed record DestinationHold(string By, DateTimeOffset Since, string Reason);
