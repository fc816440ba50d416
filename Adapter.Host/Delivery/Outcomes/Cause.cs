using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Adapter.Host.Delivery.Outcomes;

/// <summary>The fingerprint of a reason: what differs from message to message left out, so that one mishap with a thousand lanes is one line.</summary>
internal static partial class Cause
{
    /// <returns>12 hex digits; the same for reasons that differ only in numbers, ids and quoted values.</returns>
    public static string Of(string reason) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Differing().Replace(reason, "#"))), 0, 6);

    /// <summary>Quoted values and every word that has a digit in it.</summary>
    [GeneratedRegex("""'[^']*'|"[^"]*"|[\w.:-]*\d[\w.:-]*""", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Differing();
}
