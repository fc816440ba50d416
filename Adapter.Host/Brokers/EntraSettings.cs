using Adapter.Host.Storage;

namespace Adapter.Host.Brokers;

/// <summary>Who we are in Microsoft Entra ID, for a Service Bus that takes no shared keys. Bound from <c>Entra</c> beside the broker's other settings.</summary>
internal sealed class EntraSettings
{
    /// <summary>The directory: its id or one of its domains.</summary>
    public string? Tenant { get; set; }

    /// <summary>The application's id.</summary>
    public string? Client { get; set; }

    /// <summary>Reference to the application's secret: <c>env:NAME</c> or <c>file:/path</c>.</summary>
    public string? Secret { get; set; }

    /// <summary>Where tokens are given out. Default that of the public cloud; national clouds have their own.</summary>
    public string Authority { get; set; } = "https://login.microsoftonline.com";

    /// <returns>Each error beginning with the setting's name behind a colon.</returns>
    public IEnumerable<string> Check()
    {
        if (string.IsNullOrWhiteSpace(Tenant) || string.IsNullOrWhiteSpace(Client))
        {
            yield return ":Entra: give Tenant and Client, the ids of the directory and of the application.";
        }

        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var authority) || !(authority.Scheme == Uri.UriSchemeHttps || (authority.Scheme == Uri.UriSchemeHttp && authority.IsLoopback)))
        {
            yield return $":Entra:Authority: '{Authority}' is no https:// address. The secret goes there.";
        }

        if (SecretError() is { } error)
        {
            yield return $":Entra:Secret: {error}";
        }
    }

    private string? SecretError()
    {
        if (Secret is null)
        {
            return "give env:NAME or file:/path; what it names holds the application's secret.";
        }

        try
        {
            SecretReference.Resolve(Secret);
            return null;
        }
        catch (InvalidOperationException unusable)
        {
            return unusable.Message;
        }
    }
}
