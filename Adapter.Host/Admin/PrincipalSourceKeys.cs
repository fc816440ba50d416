using System.Data.Common;
using Adapter.Host.Ingest.Credentials;
using Adapter.Host.Storage;

namespace Adapter.Host.Admin;

/// <summary>Sources with API keys are principals of the role <c>source</c>; looked up each time, so that disabling one works at once.</summary>
internal sealed class PrincipalSourceKeys(IPrincipalStore principals) : ISourceKeys
{
    public async Task<string?> HolderOfAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await principals.AuthenticateAsync(key, cancellationToken) is { Roles: [Roles.Source] } principal ? principal.Name : null;
        }
        catch (DbException exception)
        {
            throw new StoreUnavailableException($"Whose key this is cannot be read: {exception.Message}", exception);
        }
    }
}
