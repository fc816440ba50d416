using System.Globalization;

namespace Adapter.Host.Brokers;

/// <summary>What a Service Bus connection string says.</summary>
/// <param name="Signature">A ready-made token, where the string holds one instead of a key.</param>
/// <param name="EntityPath">The queue or subscription that it is for, where it is for one alone.</param>
/// <remarks>It holds a secret: it is never logged as a whole.</remarks>
internal sealed record ServiceBusConnection(BrokerAddress Address, string? KeyName, string? Key, string? Signature, string? EntityPath)
{
    /// <summary>What is wrong with a string that does not say who we are, where nothing else does.</summary>
    public const string NoLogin = "the connection string gives neither SharedAccessKeyName and SharedAccessKey nor SharedAccessSignature, and there is no Entra.";

    private const string Form = "Endpoint=sb://NAMESPACE/;SharedAccessKeyName=NAME;SharedAccessKey=KEY";

    /// <summary>Reads the form that the portal shows. Names in any case; a value may hold further equal signs.</summary>
    /// <exception cref="FormatException">Says what is wrong, without repeating the text.</exception>
    public static ServiceBusConnection Parse(string text)
    {
        var parts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [{ Length: > 0 } name, var value])
            {
                throw new FormatException($"A part of the connection string is no name=value. It has the form {Form}.");
            }

            if (!parts.TryAdd(name, value))
            {
                throw new FormatException($"The connection string gives {name} twice.");
            }
        }

        var emulator = parts.GetValueOrDefault("UseDevelopmentEmulator") is { } flag && string.Equals(flag, "true", StringComparison.Ordinal);
        var address = AddressOf(parts.GetValueOrDefault("Endpoint"), emulator);
        var (keyName, key, signature) = (Given(parts, "SharedAccessKeyName"), Given(parts, "SharedAccessKey"), Given(parts, "SharedAccessSignature"));
        if ((keyName is null) != (key is null) || (key is not null && signature is not null))
        {
            throw new FormatException("The connection string gives SharedAccessKeyName and SharedAccessKey, or SharedAccessSignature alone.");
        }

        return new ServiceBusConnection(address, keyName, key, signature, Given(parts, "EntityPath"));
    }

    /// <summary>Whether it says who we are.</summary>
    public bool HasLogin => Key is not null || Signature is not null;

    private static string? Given(Dictionary<string, string> parts, string name) => parts.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    private static BrokerAddress AddressOf(string? endpoint, bool emulator)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme != "sb" || uri.Host.Length == 0 || uri.AbsolutePath is not ("/" or ""))
        {
            throw new FormatException($"The connection string's Endpoint is not sb://NAMESPACE/. It has the form {Form}.");
        }

        var address = new BrokerAddress(uri.IdnHost, uri.Port > 0 ? uri.Port : emulator ? 5672 : 5671, Tls: !emulator, User: null, Password: null);
        return !emulator || address.IsLoopback
            ? address
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"UseDevelopmentEmulator is for this machine alone, not for {address.Host}: the key's tokens would go there in the clear."));
    }
}
