using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Adapter.Host.Delivery.Transports;

/// <summary>Reads XML that others wrote: no DTD, nothing fetched, bounded depth and size.</summary>
internal static class SafeXml
{
    private const int MaxDepth = 64;

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = Exchange.ReplyCap,
        MaxCharactersFromEntities = 1024,
        CloseInput = true,
    };

    /// <param name="encoding">What the transport says about the encoding; null leaves it to the document.</param>
    /// <exception cref="XmlException">Not well-formed, or outside the bounds.</exception>
    public static XDocument Load(ReadOnlyMemory<byte> xml, Encoding? encoding = null)
    {
        using (var reader = Open(xml, encoding))
        {
            while (reader.Read())
            {
                if (reader.Depth > MaxDepth)
                {
                    throw new XmlException($"Elements are nested more than {MaxDepth} deep.");
                }
            }
        }
        using var again = Open(xml, encoding);
        return XDocument.Load(again, LoadOptions.PreserveWhitespace);
    }

    public static XmlReader Open(ReadOnlyMemory<byte> xml, Encoding? encoding = null)
    {
        var stream = new MemoryStream(xml.ToArray(), writable: false);
        return encoding is null ? XmlReader.Create(stream, Settings) : XmlReader.Create(new StreamReader(stream, encoding), Settings);
    }
}
