using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Adapter.Mappings.Validation;

/// <summary>The only way XML from outside is read: no DTD, nothing fetched, bounded size and depth.</summary>
public static class XmlInput
{
    /// <summary>Largest document read unless the caller says otherwise, in characters.</summary>
    public const int DefaultLimit = 1024 * 1024;

    /// <summary>Deepest nesting of elements; the messages exchanged here need less than 20.</summary>
    public const int MaxDepth = 64;

    private static readonly XmlDictionaryReaderQuotas Bounds = new() { MaxDepth = MaxDepth, MaxStringContentLength = DefaultLimit, MaxBytesPerRead = DefaultLimit, MaxNameTableCharCount = DefaultLimit };

    /// <summary>A reader over bytes. It throws <see cref="XmlException"/>, with line and column, on whatever is not allowed.</summary>
    public static XmlReader CreateReader(ReadOnlyMemory<byte> xml, int limit = DefaultLimit) =>
        CreateReader(AsStream(xml), limit);

    /// <inheritdoc cref="CreateReader(ReadOnlyMemory{byte}, int)"/>
    public static XmlReader CreateReader(Stream xml, int limit = DefaultLimit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        // Read at once, never asynchronously: that would take buffers of 64 KB for documents of two.
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = limit,
            // Zero would mean "no limit"; without a DTD there are no entities to expand anyway.
            MaxCharactersFromEntities = 1024,
            CloseInput = true,
        };
        return new DepthLimitedReader(XmlReader.Create(xml, settings), MaxDepth);
    }

    /// <summary>The whole of a small document, such as an answer.</summary>
    /// <param name="encoding">What the transport says about the encoding; null leaves it to the document.</param>
    /// <exception cref="XmlException">Not well-formed, or outside the bounds.</exception>
    public static XDocument Load(ReadOnlyMemory<byte> xml, Encoding? encoding = null)
    {
        using var reader = encoding is null
            ? CreateReader(xml)
            : encoding is UTF8Encoding && IsBareUtf8(xml.Span)
            ? CreateReader(xml)
            // Told by the transport, so the document's own declaration does not count: as UTF-8 text it cannot contradict.
            : CreateReader(Encoding.UTF8.GetBytes(WithoutDeclaration(encoding.GetString(xml.Span))));
        return XDocument.Load(reader, LoadOptions.PreserveWhitespace);
    }

    /// <summary>Whether the bytes are UTF-8 and begin with an element, so that nothing in them says another encoding.</summary>
    private static bool IsBareUtf8(ReadOnlySpan<byte> xml) =>
        xml.Length > 1 && xml[0] == (byte)'<' && xml[1] != (byte)'?' && xml[1] != 0 && System.Text.Unicode.Utf8.IsValid(xml);

    private static string WithoutDeclaration(string text)
    {
        text = text.TrimStart('\ufeff');
        return text.StartsWith("<?xml ", StringComparison.Ordinal) && text.IndexOf("?>", StringComparison.Ordinal) is >= 0 and var end ? text[(end + 2)..] : text;
    }

    /// <summary>Whether the bytes are one element and nothing besides, for documents of our own making that go out as they are.</summary>
    /// <remarks>Read as SOAP stacks read it, at a third of the cost. A document that this reader does not take is read again as any other, for the error's sake.</remarks>
    /// <exception cref="XmlException">Not well-formed, outside the bounds, or more than one element.</exception>
    public static void CheckElement(ReadOnlyMemory<byte> xml)
    {
        if (System.Runtime.InteropServices.MemoryMarshal.TryGetArray(xml, out var segment) && IsBareUtf8(xml.Span))
        {
            try
            {
                using var quick = XmlDictionaryReader.CreateTextReader(segment.Array!, segment.Offset, segment.Count, Bounds);
                SkipElement(quick);
                return;
            }
            catch (XmlException)
            {
                // It knows less of XML than the other, which decides.
            }
        }

        using var reader = CreateReader(xml);
        SkipElement(reader);
    }

    private static void SkipElement(XmlReader reader)
    {
        reader.MoveToContent();
        reader.Skip();
        if (reader.MoveToContent() != XmlNodeType.None)
        {
            throw new XmlException("There is content after the root element.");
        }
    }

    private static MemoryStream AsStream(ReadOnlyMemory<byte> xml) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(xml, out var segment)
            ? new MemoryStream(segment.Array!, segment.Offset, segment.Count, writable: false)
            : new MemoryStream(xml.ToArray(), writable: false);
}
