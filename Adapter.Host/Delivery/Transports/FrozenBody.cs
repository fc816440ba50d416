using System.ServiceModel.Channels;
using System.Xml;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Delivery.Transports;

/// <summary>Copies frozen bytes into the envelope, node by node: the same infoset, and the same bytes at every attempt.</summary>
internal sealed class FrozenBody(ReadOnlyMemory<byte> xml) : BodyWriter(isBuffered: true)
{
    protected override void OnWriteBodyContents(XmlDictionaryWriter writer)
    {
        using var reader = XmlInput.CreateReader(xml);
        reader.MoveToContent();
        writer.WriteNode(reader, defattr: false);
        if (reader.MoveToContent() != XmlNodeType.None)
        {
            throw new XmlException("There is content after the root element.");
        }
    }
}
