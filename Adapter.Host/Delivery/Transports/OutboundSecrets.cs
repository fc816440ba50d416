using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Delivery.Transports;

/// <summary>Reads the secrets that destinations name.</summary>
/// <remarks>
/// Destinations are edited over the network, so a reference reaches only what the deployment set aside for them: environment variables
/// with a prefix of their own, and files of one folder. Else whoever edits destinations could have any file sent to a receiver.
/// </remarks>
internal sealed class OutboundSecrets(IOptions<OutboundOptions> options)
{
    public const string EnvironmentPrefix = "CUSTOMSTRANSIT_";

    public static bool IsReference(string text) => text.StartsWith("env:", StringComparison.Ordinal) || text.StartsWith("file:", StringComparison.Ordinal);

    /// <exception cref="OutboundSecretException">It is not allowed or cannot be read; the message names the reference, never the value.</exception>
    public string Read(string reference) => reference.Split(':', 2) switch
    {
        ["env", var variable] when variable.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) =>
            Environment.GetEnvironmentVariable(variable) ?? throw new OutboundSecretException($"The secret '{reference}' cannot be read: the environment variable {variable} is not set."),
        ["env", _] => throw new OutboundSecretException($"The secret '{reference}' is not for destinations: their environment variables begin with {EnvironmentPrefix}."),
        ["file", var name] => Text(name),
        _ => throw new OutboundSecretException($"A secret is given by reference, as env:{EnvironmentPrefix}NAME or file:NAME; a plain value does not belong in a destination."),
    };

    /// <summary>The path of a file in the folder of secrets.</summary>
    /// <exception cref="OutboundSecretException">There is no such folder or file, or the name leads out of the folder.</exception>
    public string PathOf(string name)
    {
        if (options.Value.SecretsFolder is not { Length: > 0 } folder)
        {
            throw new OutboundSecretException($"The file '{name}' cannot be used: set Outbound:SecretsFolder to the folder in which the files of destinations lie.");
        }

        if (name.Length == 0 || name.Contains('/') || name.Contains('\\') || name is "." or "..")
        {
            throw new OutboundSecretException($"'{name}' is not the name of a file in Outbound:SecretsFolder; give the bare name.");
        }

        var path = Path.Combine(folder, name);
        return File.Exists(path) ? path : throw new OutboundSecretException($"The file '{name}' is not in Outbound:SecretsFolder.");
    }

    private string Text(string name)
    {
        try
        {
            return File.ReadAllText(PathOf(name)).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OutboundSecretException($"The file '{name}' in Outbound:SecretsFolder cannot be read: {exception.GetType().Name}.");
        }
    }
}

/// <summary>A secret of a destination cannot be had; nothing was sent.</summary>
internal sealed class OutboundSecretException(string problem) : CryptographicException(problem);
