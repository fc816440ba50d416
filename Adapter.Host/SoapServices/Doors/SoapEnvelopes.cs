using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Adapter.Mappings.Validation;

namespace Adapter.Host.SoapServices.Doors;

/// <summary>Takes the body out of an envelope, and puts an answer or a fault into one. Reads nothing but through <see cref="XmlInput"/>.</summary>
internal static class SoapEnvelopes
{
    private static readonly XNamespace Security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    private static readonly XNamespace Signature = "http://www.w3.org/2000/09/xmldsig#";
    private static readonly XNamespace Addressing = "http://www.w3.org/2005/08/addressing";

    /// <returns>The one element of the body, or why there is none.</returns>
    public static (XElement? Content, SoapRefusal? Refusal) Read(ReadOnlyMemory<byte> bytes, MediaTypeHeaderValue type, SoapForm form)
    {
        XElement root;
        try
        {
            root = XmlInput.Load(bytes, EncodingOf(type)).Root!;
        }
        catch (XmlException broken)
        {
            return (null, new SoapRefusal(Blame.Sender, $"The message is no XML that is taken here, at line {broken.LineNumber}, column {broken.LinePosition}: well-formed, no document type, at most {XmlInput.MaxDepth} levels."));
        }
        catch (Exception exception) when (exception is ArgumentException or DecoderFallbackException)
        {
            return (null, new SoapRefusal(Blame.Sender, $"The charset '{type.CharSet}' does not fit the bytes; send UTF-8 or UTF-16."));
        }

        if (root.Name != form.Namespace + "Envelope")
        {
            return (null, new SoapRefusal(Blame.VersionMismatch, $"'{form.MediaType}' needs an Envelope in {form.Namespace}; the root element is {root.Name}."));
        }

        if (root.Elements(form.Namespace + "Header").Elements(Security + "Security").Elements(Signature + "Signature").Any())
        {
            return (null, new SoapRefusal(Blame.Sender, "Signed messages are not taken: this service cannot verify XML signatures, and taking one unverified would be worse than refusing it. Use TLS with credentials."));
        }

        if (root.Elements(form.Namespace + "Header").Elements().FirstOrDefault(h => MustBeUnderstood(h, form) && h.Name.Namespace != Addressing) is { } strange)
        {
            return (null, new SoapRefusal(Blame.MustUnderstand, $"The header {strange.Name} must be understood and is not."));
        }

        return root.Elements(form.Namespace + "Body").ToList() is [var body] && body.Elements().ToList() is [var content]
            ? (content, null)
            : (null, new SoapRefusal(Blame.Sender, "The envelope needs one Body with one element in it."));
    }

    public static byte[] Write(SoapForm form, XElement content) => Bytes(new XElement(
        form.Namespace + "Envelope", new XAttribute(XNamespace.Xmlns + "soap", form.Namespace.NamespaceName), new XElement(form.Namespace + "Body", content)));

    public static byte[] Write(SoapForm form, SoapRefusal refusal)
    {
        var code = "soap:" + refusal.Blame switch
        {
            Blame.Sender => form.Sender,
            Blame.Receiver => form.Receiver,
            var other => other.ToString(),
        };
        return Write(form, form == SoapForm.Soap11
            ? new XElement(
                form.Namespace + "Fault",
                new XElement("faultcode", code), new XElement("faultstring", new XAttribute(XNamespace.Xml + "lang", "en"), refusal.Text),
                refusal.Detail is null ? null : new XElement("detail", refusal.Detail))
            : new XElement(
                form.Namespace + "Fault",
                new XElement(form.Namespace + "Code", new XElement(form.Namespace + "Value", code)),
                new XElement(form.Namespace + "Reason", new XElement(form.Namespace + "Text", new XAttribute(XNamespace.Xml + "lang", "en"), refusal.Text)),
                refusal.Detail is null ? null : new XElement(form.Namespace + "Detail", refusal.Detail)));
    }

    private static bool MustBeUnderstood(XElement header, SoapForm form) => header.Attribute(form.Namespace + "mustUnderstand")?.Value.Trim() is "1" or "true";

    /// <returns>What the transport says; null leaves it to the document.</returns>
    /// <exception cref="ArgumentException">A charset that is not taken.</exception>
    private static UnicodeEncoding? EncodingOf(MediaTypeHeaderValue type) => type.CharSet?.Trim('"').ToLowerInvariant() switch
    {
        null or "" or "utf-8" or "utf8" => null,
        "utf-16" or "utf-16le" => new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        "utf-16be" => new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
        var other => throw new ArgumentException($"'{other}' is not taken."),
    };

    private static byte[] Bytes(XElement root)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), NewLineHandling = NewLineHandling.Entitize }))
        {
            root.WriteTo(writer);
        }

        return stream.ToArray();
    }
}
