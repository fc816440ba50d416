using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>Takes the body out of an envelope, and puts an answer or a fault into one.</summary>
internal static class SoapEnvelope
{
    public const int MostBytes = 2 * 1024 * 1024;
    private const int MostDepth = 64;

    private static readonly XmlReaderSettings Hardened = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MostBytes,
    };

    private static readonly XmlWriterSettings Plain = new() { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false) };

    public static EnvelopeReading Read(byte[] bytes, SoapForm form)
    {
        XElement root;
        try
        {
            // Depth first and by itself: a tree of 40000 levels must not be built in order to be refused.
            if (IsTooDeep(bytes))
            {
                return Refuse($"The message is nested deeper than {MostDepth} elements.");
            }

            using var reader = XmlReader.Create(new MemoryStream(bytes), Hardened);
            root = XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root!;
        }
        catch (XmlException broken)
        {
            return Refuse($"The message is not well-formed XML, or has a document type definition, at line {broken.LineNumber}, column {broken.LinePosition}.");
        }

        if (root.Name.LocalName != "Envelope" || root.Name.Namespace != form.Namespace)
        {
            return new EnvelopeReading.Refused(new SoapFault(
                SoapFaultKind.VersionMismatch, $"'{form.MediaType}' needs an Envelope in {form.Namespace}; the root element is {root.Name}."));
        }

        return root.Elements(form.Namespace + "Body").ToList() is [var body] && body.Elements().ToList() is [var content]
            ? new EnvelopeReading.Body(content)
            : Refuse("The envelope needs one Body with one element in it.");
    }

    public static byte[] Write(SoapForm form, XElement content) => Bytes(
        new XElement(form.Namespace + "Envelope", Prefix(form), new XElement(form.Namespace + "Body", content)));

    public static byte[] Write(SoapForm form, SoapFault fault)
    {
        var code = "soap:" + fault.Kind switch
        {
            SoapFaultKind.VersionMismatch => "VersionMismatch",
            SoapFaultKind.Sender => form.Sender,
            _ => form.Receiver,
        };
        return Write(form, form == SoapForm.Soap11
            ? new XElement(form.Namespace + "Fault", new XElement("faultcode", code), new XElement("faultstring", fault.Text))
            : new XElement(
                form.Namespace + "Fault",
                new XElement(form.Namespace + "Code", new XElement(form.Namespace + "Value", code)),
                new XElement(
                    form.Namespace + "Reason",
                    new XElement(form.Namespace + "Text", new XAttribute(XNamespace.Xml + "lang", "en"), fault.Text))));
    }

    private static EnvelopeReading.Refused Refuse(string text) => new(new SoapFault(SoapFaultKind.Sender, text));

    private static XAttribute Prefix(SoapForm form) => new(XNamespace.Xmlns + "soap", form.Namespace.NamespaceName);

    private static bool IsTooDeep(byte[] bytes)
    {
        using var reader = XmlReader.Create(new MemoryStream(bytes), Hardened);
        while (reader.Read())
        {
            if (reader.Depth > MostDepth)
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Bytes(XElement root)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, Plain))
        {
            root.WriteTo(writer);
        }

        return stream.ToArray();
    }
}

internal abstract record EnvelopeReading
{
    public sealed record Body(XElement Content) : EnvelopeReading;
    public sealed record Refused(SoapFault Fault) : EnvelopeReading;
}
