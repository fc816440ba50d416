using System.Text;

namespace Adapter.Host.Storage;

/// <summary>Reads secrets that settings name and never hold: <c>env:NAME</c> or <c>file:/path</c>.</summary>
internal static class SecretReference
{
    /// <exception cref="InvalidOperationException">The reference cannot be resolved; the message names the reference, never the value.</exception>
    public static byte[] Resolve(string reference)
    {
        var value = reference.Split(':', 2) switch
        {
            ["env", { Length: > 0 } variable] => Environment.GetEnvironmentVariable(variable)
                ?? throw new InvalidOperationException($"The secret '{reference}' cannot be read: the environment variable {variable} is not set."),
            ["file", { Length: > 0 } path] => File.Exists(path)
                ? File.ReadAllText(path).Trim()
                : throw new InvalidOperationException($"The secret '{reference}' cannot be read: there is no such file."),
            _ => throw new InvalidOperationException("A secret is given by reference, as env:NAME or file:/path; a plain value does not belong in settings."),
        };
        return value.Length >= 16
            ? Encoding.UTF8.GetBytes(value)
            : throw new InvalidOperationException($"The secret '{reference}' is shorter than 16 characters and could be guessed. Make a longer one.");
    }
}
