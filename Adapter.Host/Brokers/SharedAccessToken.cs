using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Adapter.Host.Brokers;

/// <summary>Makes the tokens that Service Bus takes for a shared access key.</summary>
internal static class SharedAccessToken
{
    public const string Type = "servicebus.windows.net:sastoken";

    /// <param name="audience">What it is for, as <c>sb://host/entity</c>.</param>
    /// <param name="key">Used as it is written: it looks like Base64 and is not decoded.</param>
    public static string Create(string audience, string keyName, string key, DateTimeOffset expires)
    {
        var resource = Uri.EscapeDataString(audience);
        var expiry = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{resource}\n{expiry}")));
        return $"SharedAccessSignature sr={resource}&sig={Uri.EscapeDataString(signature)}&se={expiry}&skn={Uri.EscapeDataString(keyName)}";
    }

    /// <summary>When a ready-made token ends, or null where it does not say so.</summary>
    public static DateTimeOffset? ExpiryOf(string token) =>
        token.Split(' ', '&').FirstOrDefault(part => part.StartsWith("se=", StringComparison.Ordinal)) is { } expiry
        && long.TryParse(expiry.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
