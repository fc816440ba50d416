using System.Xml;
using System.Xml.Linq;
using Adapter.Mappings.Validation;

namespace Adapter.Host.SoapServices;

/// <summary>What stands before a message's content.</summary>
/// <param name="Body">Name of the element in the Body.</param>
internal sealed record EnvelopeHead(XmlQualifiedName Body, SecurityHeader? Security, Addressing? Addressing);

/// <summary>Reads an envelope in one pass: first its headers, so that the caller is known, then its content.</summary>
internal sealed class EnvelopeReader : IDisposable
{
    private readonly XmlReader _reader;
    private readonly SoapVersion _version;

    /// <param name="utf8">A message that <see cref="EnvelopeGuard"/> has let pass.</param>
    public EnvelopeReader(ReadOnlyMemory<byte> utf8, SoapVersion version) =>
        (_reader, _version) = (XmlInput.CreateReader(utf8, Math.Max(1, utf8.Length)), version);

    public void Dispose() => _reader.Dispose();

    /// <summary>Reads up to the element in the Body and stands there.</summary>
    /// <exception cref="SoapRefusal">Not an envelope of this version with one element in its Body, or with headers that are not understood.</exception>
    public EnvelopeHead ReadHead()
    {
        try
        {
            _reader.MoveToContent();
            if (_reader.LocalName != "Envelope" || _reader.NamespaceURI != _version.Namespace)
            {
                throw new SoapRefusal(SoapBlame.VersionMismatch, "soap.version-mismatch", $"'{_version.MediaType}' needs an Envelope in {_version.Namespace}.");
            }

            List<XElement> headers = [];
            NextElement(inside: true);
            if (IsOurs("Header"))
            {
                headers = ReadHeaders();
            }

            if (!IsOurs("Body"))
            {
                throw Shape();
            }

            NextElement(inside: true);
            return _reader.NodeType == XmlNodeType.Element
                ? new EnvelopeHead(new XmlQualifiedName(_reader.LocalName, _reader.NamespaceURI), Security(headers), Addressing.Read([.. headers.Where(h => h.Name.Namespace == Addressing.Wsa)]))
                : throw Shape();
        }
        catch (XmlException broken)
        {
            throw NotXml(broken);
        }
    }

    /// <summary>Reads the element in the Body, and that nothing comes behind it.</summary>
    /// <param name="read">Reads it from a reader that stands before it; what it makes counts only when this method returns.</param>
    public T ReadBody<T>(Func<XmlReader, T> read)
    {
        try
        {
            T content;
            using (var body = _reader.ReadSubtree())
            {
                content = read(body);
                while (body.Read())
                {
                }
            }

            // The content may be one empty element, such as a request that leaves out all that is optional.
            _reader.Read();
            NextElement(inside: false);
            if (_reader.NodeType != XmlNodeType.EndElement)
            {
                throw Shape();
            }

            NextElement(inside: true);
            if (_reader.NodeType != XmlNodeType.EndElement)
            {
                throw Shape();
            }

            while (_reader.Read())
            {
            }

            return content;
        }
        catch (XmlException broken)
        {
            throw NotXml(broken);
        }
    }

    /// <summary>A reader that stands on the element in the Body of a message that was read before.</summary>
    public static XmlReader OpenBody(ReadOnlyMemory<byte> utf8, SoapVersion version)
    {
        var reader = XmlInput.CreateReader(utf8, Math.Max(1, utf8.Length));
        reader.MoveToContent();
        while (reader.Read())
        {
            if (reader is { NodeType: XmlNodeType.Element, Depth: 1, LocalName: "Body" } && reader.NamespaceURI == version.Namespace)
            {
                reader.Read();
                reader.MoveToContent();
                return reader;
            }
        }

        throw new InvalidOperationException("The message has no Body although it was read before.");
    }

    private List<XElement> ReadHeaders()
    {
        var headers = new List<XElement>();
        NextElement(inside: true);
        while (_reader.NodeType == XmlNodeType.Element)
        {
            headers.Add((XElement)XNode.ReadFrom(_reader));
            NextElement(inside: false);
        }

        NextElement(inside: true);
        return headers;
    }

    private SecurityHeader? Security(List<XElement> headers)
    {
        SecurityHeader? security = null;
        foreach (var header in headers)
        {
            if (SecurityHeader.IsSignature(header.Name))
            {
                throw SecurityHeader.Signed();
            }

            if (header.Name == SecurityHeader.Wsse + "Security")
            {
                security = security is null
                    ? SecurityHeader.Read(header)
                    : throw new SoapRefusal(SoapBlame.Sender, "soap.unauthenticated", "There is more than one Security header.") { SecurityCode = "InvalidSecurity" };
            }
            else if (header.Name.Namespace != Addressing.Wsa && MustBeUnderstood(header))
            {
                throw new SoapRefusal(SoapBlame.MustUnderstand, "soap.must-understand", $"The header {header.Name} must be understood and is not known here.");
            }
        }

        return security;
    }

    private bool MustBeUnderstood(XElement header)
    {
        XNamespace soap = _version.Namespace;
        var addressee = (string?)header.Attribute(soap + (_version == SoapVersion.Soap11 ? "actor" : "role"));
        return (string?)header.Attribute(soap + "mustUnderstand") is "1" or "true"
            && (addressee is null or "" or "http://schemas.xmlsoap.org/soap/actor/next"
                || addressee == _version.Namespace + "/role/next" || addressee == _version.Namespace + "/role/ultimateReceiver");
    }

    private bool IsOurs(string name) => _reader.NodeType == XmlNodeType.Element && _reader.LocalName == name && _reader.NamespaceURI == _version.Namespace;

    /// <summary>Goes on to the next start or end of an element; other text than white space is no part of an envelope.</summary>
    private void NextElement(bool inside)
    {
        if (inside)
        {
            if (_reader is { NodeType: XmlNodeType.Element, IsEmptyElement: true })
            {
                throw Shape();
            }

            _reader.Read();
        }

        while (_reader.NodeType is not (XmlNodeType.Element or XmlNodeType.EndElement))
        {
            if (_reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA || !_reader.Read())
            {
                throw Shape();
            }
        }
    }

    private static SoapRefusal Shape() => SoapRefusal.Sender("soap.body", "The envelope needs at most one Header, then one Body with one element in it, and nothing else.");

    private static SoapRefusal NotXml(XmlException broken) => SoapRefusal.Sender("soap.not-xml",
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The message is not well-formed XML at line {broken.LineNumber}, column {broken.LinePosition}."));
}
