using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Adapter.Contracts.Admin;

namespace Adapter.Host.Delivery.Transports;

/// <summary>The SOAP headers of one attempt: addressing, and credentials made anew each time. Both transports write the same ones.</summary>
internal static class EnvelopeHeaders
{
    private const string TokenProfile = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0";
    public static readonly XNamespace Addressing = "http://www.w3.org/2005/08/addressing";
    public static readonly XNamespace Security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    private static readonly XNamespace Utility = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    /// <param name="password">Of the destination's credentials; null where they are not part of the envelope.</param>
    /// <returns>The headers, with whether the receiver must understand each.</returns>
    public static IReadOnlyList<(XElement Header, bool MustUnderstand)> Of(SoapCall call, string? password, DateTimeOffset now)
    {
        var headers = new List<(XElement, bool)>();
        if (call.To.Addressing)
        {
            headers.Add((Address("Action", call.Action), true));
            headers.Add((Address("MessageID", IdOf(call)), false));
            if (call.RelatesTo is { } answered)
            {
                headers.Add((Address("RelatesTo", answered), false));
            }

            headers.Add((Address("To", call.Endpoint.AbsoluteUri), true));
            headers.Add((new XElement(Addressing + "ReplyTo", Prefix("a", Addressing), new XElement(Addressing + "Address", Addressing.NamespaceName + "/anonymous")), false));
        }

        if (password is not null && call.To.Credentials is { Scheme: not CredentialScheme.Basic } credentials)
        {
            headers.Add((new XElement(Security + "Security", Prefix("wsse", Security), Prefix("wsu", Utility), Token(credentials, password, now)), true));
        }

        return headers;
    }

    /// <summary>Our message id as an address; the same at every attempt.</summary>
    public static string IdOf(SoapCall call) => $"urn:uuid:{Guid.ParseExact(call.MessageId, "N"):D}";

    private static XElement Address(string name, string value) => new(Addressing + name, Prefix("a", Addressing), value);

    private static XElement Token(DestinationCredentials credentials, string password, DateTimeOffset now)
    {
        var token = new XElement(Security + "UsernameToken", new XElement(Security + "Username", credentials.User));
        if (credentials.Scheme == CredentialScheme.UsernameToken)
        {
            token.Add(new XElement(Security + "Password", new XAttribute("Type", TokenProfile + "#PasswordText"), password));
            return token;
        }

        var nonce = RandomNumberGenerator.GetBytes(16);
        var created = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
#pragma warning disable CA5350 // The token profile 1.0 knows no other digest.
        var digest = SHA1.HashData([.. nonce, .. Encoding.UTF8.GetBytes(created), .. Encoding.UTF8.GetBytes(password)]);
#pragma warning restore CA5350
        token.Add(
            new XElement(Security + "Password", new XAttribute("Type", TokenProfile + "#PasswordDigest"), Convert.ToBase64String(digest)),
            new XElement(Security + "Nonce",
                new XAttribute("EncodingType", "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"), Convert.ToBase64String(nonce)),
            new XElement(Utility + "Created", created));
        return token;
    }

    private static XAttribute Prefix(string prefix, XNamespace ns) => new(XNamespace.Xmlns + prefix, ns.NamespaceName);
}
