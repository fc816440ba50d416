namespace Adapter.Host.Ingest.Credentials;

/// <summary>Knows whose an API key is.</summary>
internal interface ISourceKeys
{
    /// <returns>The name of the principal that may report and whose key this is; null for any other key, a disabled one too.</returns>
    /// <exception cref="Storage.StoreUnavailableException">Cannot be told now.</exception>
    Task<string?> HolderOfAsync(string key, CancellationToken cancellationToken);
}
