namespace Adapter.Host.Ingest.Credentials;

/// <summary>Knows the principals that may call the SOAP services; asked each time, so that disabling one works at once.</summary>
internal interface IServiceCallers
{
    /// <returns>True for a principal of the role <c>caller</c> that is not disabled.</returns>
    /// <exception cref="Storage.StoreUnavailableException">Cannot be told now.</exception>
    Task<bool> MayCallAsync(string name, CancellationToken cancellationToken);

    /// <returns>True where the key is this very principal's.</returns>
    /// <exception cref="Storage.StoreUnavailableException">Cannot be told now.</exception>
    Task<bool> HoldsKeyAsync(string name, string key, CancellationToken cancellationToken);
}
