namespace Adapter.Host.Storage;

/// <summary>What answers at a host's addresses while it stands by.</summary>
internal interface IStandbyDoor
{
    /// <returns>Closes it, before the host opens its own doors there; null where it cannot be opened.</returns>
    Task<IAsyncDisposable?> OpenAsync(string database, CancellationToken cancellationToken);
}
