using System.Security.Cryptography;
using System.Text;

namespace Adapter.Host.Admin;

/// <summary>A key of the admin API: <c>ct_PREFIX_SECRET</c>. The prefix finds the principal, the hash proves the rest.</summary>
internal sealed record ApiKey(string Prefix, string Text)
{
    private const int PrefixBytes = 6;
    private const int SecretBytes = 32;

    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));

    public static ApiKey Make()
    {
        var prefix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(PrefixBytes));
        return new ApiKey(prefix, $"ct_{prefix}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes))}");
    }

    /// <returns>The key, or null where the text does not have the form of one.</returns>
    public static ApiKey? Parse(string text) => text.Split('_') is ["ct", { Length: PrefixBytes * 2 } prefix, { Length: SecretBytes * 2 }]
        ? new ApiKey(prefix, text)
        : null;

    public bool Matches(string sha256) => CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Sha256), Encoding.ASCII.GetBytes(sha256));
}
