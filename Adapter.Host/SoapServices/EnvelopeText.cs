using System.Text;

namespace Adapter.Host.SoapServices;

/// <summary>Brings a message into one encoding, so that nothing behind it has to think of others.</summary>
internal static class EnvelopeText
{
    private static readonly UnicodeEncoding LittleEndian = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding BigEndian = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    /// <summary>The message as UTF-8 without mark and without XML declaration.</summary>
    /// <param name="charset">What the transport says; it counts before the message's own declaration.</param>
    /// <exception cref="SoapRefusal">Another encoding than UTF-8 and UTF-16, or bytes that are not in it.</exception>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> message, string? charset)
    {
        var bytes = message.Span;
        ReadOnlyMemory<byte> text;
        if (Wide(bytes, charset) is { } wide)
        {
            try
            {
                text = Encoding.UTF8.GetBytes(wide.GetString(bytes).TrimStart('\ufeff'));
            }
            catch (ArgumentException)
            {
                throw SoapRefusal.Sender("soap.not-xml", "The message is not valid UTF-16.");
            }
        }
        else if (charset is null || IsOneOf(charset, "utf-8", "utf8", "us-ascii"))
        {
            text = bytes.StartsWith(Encoding.UTF8.Preamble) ? message[Encoding.UTF8.Preamble.Length..] : message;
        }
        else
        {
            throw Encodings();
        }

        return WithoutDeclaration(text, charset is not null);
    }

    private static UnicodeEncoding? Wide(ReadOnlySpan<byte> bytes, string? charset) => charset switch
    {
        _ when bytes is [0xFF, 0xFE, ..] or [(byte)'<', 0, ..] => charset is null || charset.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase) ? LittleEndian : null,
        _ when bytes is [0xFE, 0xFF, ..] or [0, (byte)'<', ..] => charset is null || charset.StartsWith("utf-16", StringComparison.OrdinalIgnoreCase) ? BigEndian : null,
        _ when charset is not null && IsOneOf(charset, "utf-16", "utf-16le") => LittleEndian,
        _ when charset is not null && IsOneOf(charset, "utf-16be") => BigEndian,
        _ => null,
    };

    private static ReadOnlyMemory<byte> WithoutDeclaration(ReadOnlyMemory<byte> text, bool toldByTransport)
    {
        if (!text.Span.StartsWith("<?xml "u8))
        {
            return text;
        }

        var end = text.Span[..Math.Min(text.Length, 256)].IndexOf("?>"u8);
        if (end < 0)
        {
            throw SoapRefusal.Sender("soap.not-xml", "The XML declaration does not end.");
        }

        var declaration = Encoding.UTF8.GetString(text.Span[..end]);
        if (Attribute(declaration, "version") is not "1.0")
        {
            throw SoapRefusal.Sender("soap.not-xml", "The message must be XML 1.0.");
        }

        // UTF-16 that was declared is UTF-8 by now; what the transport has said counts before the declaration.
        if (!toldByTransport && Attribute(declaration, "encoding") is { } encoding && !IsOneOf(encoding, "utf-8", "utf-16", "us-ascii"))
        {
            throw Encodings();
        }

        return text[(end + 2)..];
    }

    private static string? Attribute(string declaration, string name)
    {
        var at = declaration.IndexOf(name, StringComparison.Ordinal);
        var open = at < 0 ? -1 : declaration.AsSpan(at).IndexOfAny('"', '\'');
        if (open < 0)
        {
            return null;
        }

        var rest = declaration[(at + open + 1)..];
        var close = rest.IndexOf(declaration[at + open], StringComparison.Ordinal);
        return close < 0 ? null : rest[..close];
    }

    private static bool IsOneOf(string value, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (value.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static SoapRefusal Encodings() => new(SoapBlame.Sender, "soap.media-type", "Send UTF-8 or UTF-16; other encodings are not read.")
    {
        Status = StatusCodes.Status415UnsupportedMediaType,
    };
}
