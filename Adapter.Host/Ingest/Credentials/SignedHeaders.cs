using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Adapter.Host.Ingest.Credentials;

/// <summary>What a signed request says of itself in its headers, as Standard Webhooks has it: <c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature</c>.</summary>
internal sealed class SignedHeaders
{
    private const int LongestId = 256;
    private const int MostSignatures = 10;
    private const string Version = "v1,";

    private readonly byte[] _preamble;
    private readonly List<byte[]> _signatures;

    private SignedHeaders(string id, string timestamp, long seconds, List<byte[]> signatures)
    {
        (Id, Timestamp, _signatures) = (id, DateTimeOffset.FromUnixTimeSeconds(seconds), signatures);
        _preamble = Encoding.ASCII.GetBytes($"{id}.{timestamp}.");
    }

    public string Id { get; }

    public DateTimeOffset Timestamp { get; }

    /// <returns>Null where a header is missing, doubled or not of the form.</returns>
    public static SignedHeaders? Read(IHeaderDictionary headers)
    {
        if (headers["webhook-id"] is not [{ Length: >= 1 and <= LongestId } id] || !id.All(c => c is > ' ' and <= '~')
            || headers["webhook-timestamp"] is not [{ Length: <= 11 } timestamp]
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || headers["webhook-signature"] is not [{ Length: > 0 } given])
        {
            return null;
        }

        var signatures = new List<byte[]>();
        foreach (var one in given.Split(' ', MostSignatures + 1, StringSplitOptions.RemoveEmptyEntries))
        {
            var signature = new byte[HMACSHA256.HashSizeInBytes];
            // Other versions stand beside ours while a sender moves to a new scheme; they are not ours to judge.
            if (one.StartsWith(Version, StringComparison.Ordinal) && Convert.TryFromBase64String(one[Version.Length..], signature, out var length) && length == signature.Length)
            {
                signatures.Add(signature);
            }
        }

        return signatures.Count is 0 or > MostSignatures ? null : new SignedHeaders(id, timestamp, seconds, signatures);
    }

    public bool IsWithin(TimeSpan window, DateTimeOffset now) => (now - Timestamp).Duration() <= window;

    /// <summary>Whether one of the signatures was made with one of the keys over these very bytes. Takes the same time whichever does.</summary>
    public bool IsBy(IReadOnlyList<SigningKey> keys, ReadOnlySpan<byte> body)
    {
        var found = false;
        foreach (var key in keys)
        {
            var expected = key.Sign(_preamble, body);
            foreach (var signature in _signatures)
            {
                found |= CryptographicOperations.FixedTimeEquals(signature, expected);
            }
        }

        return found;
    }
}
