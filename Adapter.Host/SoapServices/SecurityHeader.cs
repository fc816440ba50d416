using System.Xml.Linq;

namespace Adapter.Host.SoapServices;

/// <summary>What a WS-Security header says: at most one UsernameToken, at most one Timestamp, and nothing else.</summary>
internal sealed record SecurityHeader(UsernameToken? Token, DateTimeOffset? Created, DateTimeOffset? Expires)
{
    public static readonly XNamespace Wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    public static readonly XNamespace Wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    private const string Signature = "http://www.w3.org/2000/09/xmldsig#";
    private const string Encryption = "http://www.w3.org/2001/04/xmlenc#";
    private const string Profile = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#";
    private const int LongestText = 1024;

    public static bool IsSignature(XName name) => name.NamespaceName is Signature or Encryption;

    public static SoapRefusal Signed() => new(SoapBlame.Sender, "soap.signed",
        "Signed and encrypted messages are not taken, and no signature is checked here. Send the message without one, with a UsernameToken or a client certificate over TLS.")
    {
        SecurityCode = "UnsupportedAlgorithm",
    };

    /// <exception cref="SoapRefusal">It is signed, or has anything else that is not read here, or anything twice.</exception>
    public static SecurityHeader Read(XElement header)
    {
        if (header.Descendants().Any(e => IsSignature(e.Name)) || header.Elements(Wsse + "BinarySecurityToken").Any())
        {
            throw Signed();
        }

        if (header.Elements().Any(e => e.Name != Wsse + "UsernameToken" && e.Name != Wsu + "Timestamp"))
        {
            throw Invalid("The Security header holds something else than a UsernameToken and a Timestamp.");
        }

        var timestamp = Single(header, Wsu + "Timestamp");
        return new SecurityHeader(
            Single(header, Wsse + "UsernameToken") is { } token ? ReadToken(token) : null,
            timestamp is null ? null : Instant(Single(timestamp, Wsu + "Created")),
            timestamp is null ? null : Instant(Single(timestamp, Wsu + "Expires")));
    }

    private static UsernameToken ReadToken(XElement token)
    {
        var password = Single(token, Wsse + "Password");
        var nonce = Single(token, Wsse + "Nonce");
        var digest = (string?)password?.Attribute("Type") switch
        {
            null or Profile + "PasswordText" => false,
            Profile + "PasswordDigest" => true,
            _ => throw Invalid("The type of the Password is neither PasswordText nor PasswordDigest."),
        };
        return new UsernameToken(
            Text(Single(token, Wsse + "Username")) ?? throw Invalid("The UsernameToken has no Username."),
            Text(password) ?? throw Invalid("The UsernameToken has no Password."),
            digest, Bytes(nonce), Text(Single(token, Wsu + "Created")));
    }

    private static XElement? Single(XElement parent, XName name) => parent.Elements(name).ToList() switch
    {
        [] => null,
        [var one] => one,
        _ => throw Invalid($"The Security header has {name.LocalName} more than once."),
    };

    private static string? Text(XElement? element) => element?.Value switch
    {
        null => null,
        { Length: > LongestText } => throw Invalid($"{element.Name.LocalName} is longer than {LongestText} characters."),
        var text => text,
    };

    private static byte[]? Bytes(XElement? nonce)
    {
        if (Text(nonce) is not { } text)
        {
            return null;
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) && length > 0 ? bytes[..length] : throw Invalid("The Nonce is not base64.");
    }

    /// <summary>An instant with its zone; one without would mean another time on another host.</summary>
    internal static DateTimeOffset? Instant(string? text) =>
        text is not null && text.Length <= 40 && (text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':'))
        && DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var instant) ? instant : null;

    private static DateTimeOffset? Instant(XElement? element) =>
        element is null ? null : Instant(Text(element)) ?? throw Invalid($"{element.Name.LocalName} is not a time with its zone.");

    private static SoapRefusal Invalid(string text) => new(SoapBlame.Sender, "soap.unauthenticated", text) { SecurityCode = "InvalidSecurity" };
}

/// <param name="Created">As it is written: the digest is over these characters.</param>
internal sealed record UsernameToken(string User, string Password, bool IsDigest, byte[]? Nonce, string? Created)
{
    // A record would print its password.
    public override string ToString() => $"UsernameToken of {User}";
}
