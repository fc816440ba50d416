using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Adapter.Host.Journeys;

namespace Adapter.Host.Mapping;

/// <summary>The id of a message: 32 hex digits of SHA-256 over what it tells and to whom; fits WCO's and NCTS's an..35.</summary>
/// <remarks>Follows from the decision alone, so every node, store and rerun arrives at the same id.</remarks>
internal static class MessageId
{
    public static string Of(string destination, Subject subject, string decisionKey, int revision)
    {
        // The unit separator cannot occur in any part, so no two different tuples spell the same text.
        var text = string.Join('\u001f', destination, subject.ToString(), decisionKey, revision.ToString(CultureInfo.InvariantCulture));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
