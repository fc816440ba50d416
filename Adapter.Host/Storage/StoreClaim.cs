namespace Adapter.Host.Storage;

/// <summary>Holds the store for this host. Two hosts on one SQLite file would both decide and both deliver.</summary>
/// <remarks>A lock of the operating system, so it ends with the process, however that ends.</remarks>
internal sealed class StoreClaim(SqliteDatabase database) : IHostedLifecycleService, IDisposable
{
    private FileStream? _claim;

    /// <exception cref="InvalidOperationException">Another host runs on this store.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            _claim = new FileStream(database.File + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new InvalidOperationException($"Another host runs on {database.File}. Stop it, or give this one a store of its own.", taken);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Only here: whoever comes next must not start while the last attempts are being recorded.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _claim?.Dispose();
}
