using System.Security.Cryptography;
using System.Text;

namespace Adapter.Host.Ingest.Credentials;

/// <summary>The key of a source that signs its requests with HMAC-SHA256.</summary>
internal sealed class SigningKey
{
    private const string Prefix = "whsec_";
    private const int ShortestKey = 16;

    private readonly byte[] _key;

    private SigningKey(byte[] key) => _key = key;

    /// <param name="secret">Standard Webhooks' form, <c>whsec_</c> and base64, or any other text, whose bytes are the key.</param>
    /// <param name="reference">Where it came from, for the message.</param>
    /// <exception cref="InvalidOperationException">The text after <c>whsec_</c> is not base64, or too short.</exception>
    public static SigningKey Of(byte[] secret, string reference)
    {
        var text = Encoding.UTF8.GetString(secret);
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return new SigningKey(secret);
        }

        var key = new byte[text.Length];
        return Convert.TryFromBase64String(text[Prefix.Length..], key, out var length) && length >= ShortestKey
            ? new SigningKey(key[..length])
            : throw new InvalidOperationException($"The signing key '{reference}' begins with {Prefix} and does not go on with the base64 of at least {ShortestKey} bytes.");
    }

    /// <summary>The signature over <c>id.timestamp.body</c>.</summary>
    public byte[] Sign(ReadOnlySpan<byte> preamble, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hmac.AppendData(preamble);
        hmac.AppendData(body);
        return hmac.GetHashAndReset();
    }
}
