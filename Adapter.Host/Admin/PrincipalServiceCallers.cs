using System.Data.Common;
using Adapter.Host.Ingest.Credentials;
using Adapter.Host.Storage;

namespace Adapter.Host.Admin;

/// <summary>Callers of the SOAP services are principals of the role <c>caller</c>.</summary>
internal sealed class PrincipalServiceCallers(IPrincipalStore principals) : IServiceCallers
{
    public async Task<bool> MayCallAsync(string name, CancellationToken cancellationToken) =>
        await AskAsync(() => principals.FindAsync(name, cancellationToken)) is { Roles: [Roles.Caller], DisabledAt: null };

    public async Task<bool> HoldsKeyAsync(string name, string key, CancellationToken cancellationToken) =>
        (await AskAsync(() => principals.AuthenticateAsync(key, cancellationToken)))?.Name == name;

    private static async Task<Principal?> AskAsync(Func<Task<Principal?>> ask)
    {
        try
        {
            return await ask();
        }
        catch (DbException exception)
        {
            throw new StoreUnavailableException($"Who calls cannot be read: {exception.Message}", exception);
        }
    }
}
