using System.Text;
using Microsoft.Net.Http.Headers;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>Brings a body to UTF-8, in which all that follows reads. What cannot be decoded for certain is refused, never guessed.</summary>
internal static class BodyText
{
    /// <param name="contentType">As the request has it; its charset counts where the body itself does not show another.</param>
    /// <returns>The text in UTF-8, and what is wrong where it could not be decoded: then the text is only good enough to look at.</returns>
    public static (ReadOnlyMemory<byte> Text, string? Problem) ToUtf8(ReadOnlyMemory<byte> body, string? contentType)
    {
        if (body.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            return (body, null);
        }

        var (encoding, mark) = ByMark(body.Span);
        encoding ??= ByZeros(body.Span);
        if (encoding is null)
        {
            if (CharsetOf(contentType) is not { } name)
            {
                return (body, null);
            }

            if ((encoding = ByName(name)) is null)
            {
                return (body, "The charset that the request names is not known here. Send UTF-8.");
            }
        }

        try
        {
            return (Encoding.UTF8.GetBytes(Strict(encoding).GetString(body.Span[mark..])), null);
        }
        catch (DecoderFallbackException)
        {
            return (Encoding.UTF8.GetBytes(encoding.GetString(body.Span[mark..])), $"The body is not text in {encoding.WebName}. Send UTF-8.");
        }
    }

    private static (Encoding? Encoding, int Mark) ByMark(ReadOnlySpan<byte> body) => body switch
    {
        [0xFF, 0xFE, 0, 0, ..] => (Encoding.UTF32, 4),
        [0, 0, 0xFE, 0xFF, ..] => (new UTF32Encoding(bigEndian: true, byteOrderMark: true), 4),
        [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
        [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
        _ => (null, 0),
    };

    /// <summary>JSON begins with an ASCII character, so the zeros around it tell the width (RFC 4627, 3).</summary>
    private static Encoding? ByZeros(ReadOnlySpan<byte> body) => body switch
    {
        [0, 0, 0, not 0, ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: false),
        [not 0, 0, 0, 0, ..] => Encoding.UTF32,
        [0, not 0, ..] => Encoding.BigEndianUnicode,
        [not 0, 0, ..] => Encoding.Unicode,
        _ => null,
    };

    /// <returns>Null for UTF-8, which is the rule: those bytes are kept as they are.</returns>
    private static string? CharsetOf(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var media) && media.Charset is { HasValue: true } charset
        && charset.Value.Trim('"') is var name && !name.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !name.Equals("utf8", StringComparison.OrdinalIgnoreCase)
            ? name
            : null;

    private static Encoding? ByName(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Encoding Strict(Encoding encoding)
    {
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }
}
