using System.Buffers;

namespace Adapter.Host.SoapServices;

/// <summary>Looks over a message before any parser does, in one pass without allocating, and refuses what no customs message needs.</summary>
/// <remarks>
/// A parser reads all attributes of an element, or a name of a megabyte, before a caller can object. What is not well-formed is left to it; this only has to see
/// tags where a parser would see them.
/// </remarks>
internal static class EnvelopeGuard
{
    public const int MaxDepth = 64;
    public const int MaxAttributes = 128;
    public const int MaxNameBytes = 256;
    public const int MaxTagBytes = 32 * 1024;

    private static readonly SearchValues<byte> InTag = SearchValues.Create("\"'=>"u8);
    private static readonly SearchValues<byte> AfterName = SearchValues.Create(" \t\r\n/>"u8);

    /// <param name="xml">UTF-8.</param>
    /// <exception cref="SoapRefusal"><c>soap.dtd</c> or <c>soap.limits</c>.</exception>
    public static void Check(ReadOnlySpan<byte> xml)
    {
        var (at, depth) = (0, 0);
        while (xml[at..].IndexOf((byte)'<') is >= 0 and var open)
        {
            at += open + 1;
            var rest = xml[at..];
            if (rest.IsEmpty)
            {
                return;
            }

            int length;
            switch (rest[0])
            {
                case (byte)'!' when rest.StartsWith("!--"u8):
                    length = After(rest, "-->"u8, 3);
                    break;
                case (byte)'!' when rest.StartsWith("![CDATA["u8):
                    length = After(rest, "]]>"u8, 8);
                    break;
                case (byte)'!':
                    throw SoapRefusal.Sender("soap.dtd", "A message must not have a document type definition.");
                case (byte)'?':
                    length = After(rest, "?>"u8, 1);
                    break;
                case (byte)'/':
                    depth--;
                    length = After(rest, ">"u8, 1);
                    break;
                default:
                    length = Tag(rest, out var empty);
                    if (length > 0 && depth + 1 > MaxDepth)
                    {
                        throw SoapRefusal.Sender("soap.limits", $"Elements are nested deeper than {MaxDepth} levels.");
                    }

                    depth += empty ? 0 : 1;
                    break;
            }

            if (length < 0)
            {
                return;
            }

            at += length;
        }
    }

    private static int After(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> end, int from) =>
        rest.Length < from || rest[from..].IndexOf(end) is not (>= 0 and var at) ? -1 : from + at + end.Length;

    /// <returns>Bytes up to and with the closing bracket, or -1 where there is none.</returns>
    private static int Tag(ReadOnlySpan<byte> rest, out bool empty)
    {
        empty = false;
        var name = rest[..Math.Min(rest.Length, MaxNameBytes + 1)].IndexOfAny(AfterName);
        if (name < 0 && rest.Length > MaxNameBytes)
        {
            throw SoapRefusal.Sender("soap.limits", $"A name is longer than {MaxNameBytes} bytes.");
        }

        var window = rest[..Math.Min(rest.Length, MaxTagBytes)];
        var (at, attributes) = (0, 0);
        while (window[at..].IndexOfAny(InTag) is >= 0 and var next)
        {
            at += next;
            switch (window[at])
            {
                case (byte)'>':
                    empty = at > 0 && window[at - 1] == (byte)'/';
                    return at + 1;
                case (byte)'=':
                    if (++attributes > MaxAttributes)
                    {
                        throw SoapRefusal.Sender("soap.limits", $"An element has more than {MaxAttributes} attributes.");
                    }

                    at++;
                    break;
                default:
                    var close = window[(at + 1)..].IndexOf(window[at]);
                    if (close < 0)
                    {
                        at = window.Length;
                        break;
                    }

                    at += close + 2;
                    break;
            }
        }

        return rest.Length > MaxTagBytes ? throw SoapRefusal.Sender("soap.limits", $"A tag is longer than {MaxTagBytes} bytes.") : -1;
    }
}
