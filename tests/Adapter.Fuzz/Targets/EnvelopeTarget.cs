using Adapter.Host.SoapServices;

namespace Adapter.Fuzz.Targets;

/// <summary>The head of a SOAP message, from its bytes on: encoding, guard, envelope, addressing, security.</summary>
internal sealed class EnvelopeTarget : Target
{
    public override string Name => "envelope";

    public override IEnumerable<byte[]> Seeds() =>
    [
        """<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">m</a:MessageID></s:Header><s:Body><x y='1 > 0'><!-- <b> --><![CDATA[<c>]]></x></s:Body></s:Envelope>"""u8.ToArray(),
        """<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header><w:Security s:mustUnderstand="1" xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><w:UsernameToken><w:Username>a</w:Username><w:Password>b</w:Password></w:UsernameToken></w:Security></s:Header><s:Body/></s:Envelope>"""u8.ToArray(),
        [.. System.Text.Encoding.Unicode.Preamble, .. System.Text.Encoding.Unicode.GetBytes("<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><x/></s:Body></s:Envelope>")],
    ];

    public override void Take(byte[] input)
    {
        foreach (var version in (SoapVersion[])[SoapVersion.Soap11, SoapVersion.Soap12])
        {
            try
            {
                var utf8 = EnvelopeText.ToUtf8(input, charset: null);
                EnvelopeGuard.Check(utf8.Span);
                using var reader = new EnvelopeReader(utf8, version);
                reader.ReadHead();
                reader.ReadBody(body =>
                {
                    body.Skip();
                    return true;
                });
            }
            catch (SoapRefusal refusal)
            {
                Must(refusal.Code.StartsWith("soap.", StringComparison.Ordinal), "A refusal has a code.");
            }
        }
    }
}
