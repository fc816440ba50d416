using System.Text;
using System.Xml;
using System.Xml.Schema;
using System.Xml.Serialization;

namespace Adapter.Contracts.Customs;

/// <summary>A message that is handed on as XML because its form is not ours to fix. A derived class names the element by <see cref="XmlRootAttribute"/>.</summary>
/// <remarks>Not validated on the way in: whoever reads it does that.</remarks>
public abstract class RawBody : IXmlSerializable
{
    // A carriage return in a text must come out as one.
    private static readonly XmlWriterSettings Settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        OmitXmlDeclaration = true,
        NewLineHandling = NewLineHandling.Entitize,
    };

    /// <summary>The element alone, in UTF-8; prefixes of its names that were declared around it are declared in it.</summary>
    public ReadOnlyMemory<byte> Xml { get; set; }

    public XmlSchema? GetSchema() => null;

    public void ReadXml(XmlReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        using var bytes = new MemoryStream();
        using (var writer = XmlWriter.Create(bytes, Settings))
        {
            writer.WriteNode(reader, defattr: false);
        }

        Xml = bytes.ToArray();
    }

    public void WriteXml(XmlWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        using var bytes = new MemoryStream(Xml.ToArray(), writable: false);
        using var reader = XmlReader.Create(bytes, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        reader.MoveToContent();
        // The serializer has written the start of the element.
        writer.WriteAttributes(reader, defattr: false);
        reader.MoveToElement();
        if (reader.IsEmptyElement)
        {
            return;
        }

        reader.Read();
        while (reader.NodeType != XmlNodeType.EndElement)
        {
            writer.WriteNode(reader, defattr: false);
        }
    }
}
