using System.Collections.Concurrent;
using System.Text;
using System.Xml;
using System.Xml.Serialization;

namespace Adapter.Host.SoapServices;

/// <summary>Writes envelopes: always UTF-8, in the version of the request, whatever its encoding was.</summary>
internal static class SoapWriter
{
    /// <summary>A piece of a document, in UTF-8 without mark. A carriage return in a text comes out as one.</summary>
    public static readonly XmlWriterSettings Fragment = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        OmitXmlDeclaration = true,
        ConformanceLevel = ConformanceLevel.Document,
        NewLineHandling = NewLineHandling.Entitize,
    };

    private static readonly ConcurrentDictionary<Type, XmlSerializer> Details = new();

    public static byte[] Answer(SoapVersion version, byte[] payload, string action, Addressing? request) => Envelope(version, action, request, writer =>
    {
        writer.Flush();
        return payload;
    });

    public static byte[] Fault(SoapVersion version, SoapRefusal refusal, object? detail, Addressing? request) => Envelope(version, Addressing.Wsa.NamespaceName + "/fault", request, writer =>
    {
        if (version == SoapVersion.Soap11)
        {
            Fault11(writer, refusal, detail);
        }
        else
        {
            Fault12(writer, refusal, detail);
        }

        return null;
    });

    private static byte[] Envelope(SoapVersion version, string action, Addressing? request, Func<XmlWriter, byte[]?> body)
    {
        using var stream = new MemoryStream(1024);
        using (var writer = XmlWriter.Create(stream, Fragment))
        {
            writer.WriteStartElement("soap", "Envelope", version.Namespace);
            if (request is not null)
            {
                var wsa = Addressing.Wsa.NamespaceName;
                writer.WriteStartElement("soap", "Header", version.Namespace);
                writer.WriteElementString("wsa", "Action", wsa, action);
                writer.WriteElementString("wsa", "MessageID", wsa, $"urn:uuid:{Guid.NewGuid()}");
                if (request.MessageId is { } id)
                {
                    writer.WriteElementString("wsa", "RelatesTo", wsa, id);
                }

                writer.WriteEndElement();
            }

            writer.WriteStartElement("soap", "Body", version.Namespace);
            // The end of the start tag has to be out before the payload goes beside the writer.
            writer.WriteString("");
            if (body(writer) is { } payload)
            {
                stream.Write(payload);
            }

            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        return stream.ToArray();
    }

    private static void Fault11(XmlWriter writer, SoapRefusal refusal, object? detail)
    {
        var soap = SoapVersion.Soap11;
        writer.WriteStartElement("soap", "Fault", soap.Namespace);
        writer.WriteStartElement("faultcode");
        WriteCode(writer, soap, refusal);
        writer.WriteEndElement();
        writer.WriteStartElement("faultstring");
        writer.WriteAttributeString("xml", "lang", null, "en");
        writer.WriteString(refusal.Message);
        writer.WriteEndElement();
        if (detail is not null)
        {
            writer.WriteStartElement("detail");
            WriteDetail(writer, detail);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static void Fault12(XmlWriter writer, SoapRefusal refusal, object? detail)
    {
        var soap = SoapVersion.Soap12;
        writer.WriteStartElement("soap", "Fault", soap.Namespace);
        writer.WriteStartElement("soap", "Code", soap.Namespace);
        writer.WriteStartElement("soap", "Value", soap.Namespace);
        writer.WriteQualifiedName(CodeOf(soap, refusal.Blame), soap.Namespace);
        writer.WriteEndElement();
        if (refusal.SecurityCode is { } security)
        {
            writer.WriteStartElement("soap", "Subcode", soap.Namespace);
            writer.WriteStartElement("soap", "Value", soap.Namespace);
            writer.WriteAttributeString("xmlns", "wsse", null, SecurityHeader.Wsse.NamespaceName);
            writer.WriteQualifiedName(security, SecurityHeader.Wsse.NamespaceName);
            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        writer.WriteStartElement("soap", "Reason", soap.Namespace);
        writer.WriteStartElement("soap", "Text", soap.Namespace);
        writer.WriteAttributeString("xml", "lang", null, "en");
        writer.WriteString(refusal.Message);
        writer.WriteEndElement();
        writer.WriteEndElement();
        if (detail is not null)
        {
            writer.WriteStartElement("soap", "Detail", soap.Namespace);
            WriteDetail(writer, detail);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static void WriteCode(XmlWriter writer, SoapVersion soap, SoapRefusal refusal)
    {
        if (refusal.SecurityCode is { } security)
        {
            writer.WriteAttributeString("xmlns", "wsse", null, SecurityHeader.Wsse.NamespaceName);
            writer.WriteQualifiedName(security, SecurityHeader.Wsse.NamespaceName);
        }
        else
        {
            writer.WriteQualifiedName(CodeOf(soap, refusal.Blame), soap.Namespace);
        }
    }

    private static string CodeOf(SoapVersion version, SoapBlame blame) => blame switch
    {
        SoapBlame.Sender => version.Sender,
        SoapBlame.Receiver => version.Receiver,
        _ => blame.ToString(),
    };

    private static void WriteDetail(XmlWriter writer, object detail) =>
        Details.GetOrAdd(detail.GetType(), type => new XmlSerializer(type)).Serialize(writer, detail, new XmlSerializerNamespaces([System.Xml.XmlQualifiedName.Empty]));
}
