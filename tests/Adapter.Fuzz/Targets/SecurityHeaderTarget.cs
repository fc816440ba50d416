using System.Xml;
using System.Xml.Linq;
using Adapter.Host.SoapServices;

namespace Adapter.Fuzz.Targets;

/// <summary>A security header, once it is XML.</summary>
internal sealed class SecurityHeaderTarget : Target
{
    public override string Name => "security-header";

    public override IEnumerable<byte[]> Seeds() =>
    [
        """<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"><u:Timestamp><u:Created>2026-01-01T00:00:00Z</u:Created><u:Expires>2026-01-01T00:05:00Z</u:Expires></u:Timestamp><w:UsernameToken u:Id="t"><w:Username>a</w:Username><w:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">AAAA</w:Password><w:Nonce>AAAA</w:Nonce><u:Created>2026-01-01T00:00:00Z</u:Created></w:UsernameToken></w:Security>"""u8.ToArray(),
        """<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><w:BinarySecurityToken/><d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"/></w:Security>"""u8.ToArray(),
    ];

    public override void Take(byte[] input)
    {
        XElement header;
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(input), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
            header = XElement.Load(reader);
        }
        catch (XmlException)
        {
            // The envelope around it would have been refused.
            return;
        }

        try
        {
            SecurityHeader.Read(header);
        }
        catch (SoapRefusal refusal)
        {
            Must(refusal.Code is "soap.unauthenticated" or "soap.signed", "A header is refused as a caller without rights, or as signed.");
        }
    }
}
