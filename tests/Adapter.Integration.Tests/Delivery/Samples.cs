using System.Text;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Transports;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>The message, its rule, and the answers of a peer.</summary>
internal static class Samples
{
    public const string Ns = "urn:test:transit";
    public const string MessageId = "0123456789abcdef0123456789abcdef";

    /// <summary>What an infoset copy gets wrong first: prefixes in values, CDATA, carriage returns, mixed content, an undeclared default namespace, other scripts.</summary>
    public const string Body =
        """<t:Notify xmlns:t="urn:test:transit" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:s="urn:not-soap" id="a&#9;b&#10;c"><t:Message xsi:type="t:Seal">0123456789abcdef0123456789abcdef</t:Message><plain xmlns="urn:other">mixed <b xmlns="">text</b> &amp; &lt;more&gt;</plain><s:Note><![CDATA[a < b]]></s:Note><t:Lines>one&#13;&#10;two</t:Lines><t:Empty/><!-- kept --><t:Place>Łódź – 深圳 🚛</t:Place></t:Notify>""";

    public static ReplyRule Rule { get; } = new()
    {
        Root = $"{{{Ns}}}Receipt",
        Id = "MessageId",
        Code = "Code",
        Text = "Text",
        Accepted = ["OK"],
        Duplicate = ["DUP"],
        Rejected = ["TRN-409"],
    };

    public static Inquiry Inquiry { get; } = new()
    {
        Action = "urn:test:transit/Ask",
        Request = $"{{{Ns}}}Ask",
        RequestId = "MessageId",
        Reply = $"{{{Ns}}}Status",
        ReplyId = "MessageId",
        ReplyCode = "Code",
        Known = ["KNOWN"],
        Unknown = ["NONE"],
    };

    public static Destination Destination(bool idempotent = false, bool inquiry = false, int maxAttempts = 8) => new()
    {
        Name = "manifest",
        Endpoint = new Uri("http://127.0.0.1:1/soap"),
        Document = "seal",
        Reply = Rule,
        Idempotent = idempotent,
        Inquiry = inquiry ? Inquiry : null,
        MaxAttempts = maxAttempts,
    };

    public static SoapCall Call(Uri endpoint, SoapVersion version = SoapVersion.Soap11, string body = Body) => new(
        Destination() with { Endpoint = endpoint }, version, "urn:test:transit/Notify", Encoding.UTF8.GetBytes(body), MessageId);

    public static string Receipt(string code = "OK", string id = MessageId, string? text = null) =>
        $"<r:Receipt xmlns:r='{Ns}'><r:MessageId>{id}</r:MessageId><r:Code>{code}</r:Code>{(text is null ? "" : $"<r:Text>{text}</r:Text>")}</r:Receipt>";

    public static string Envelope(string content, SoapVersion version = SoapVersion.Soap11) =>
        $"<s:Envelope xmlns:s='{(version == SoapVersion.Soap11 ? "http://schemas.xmlsoap.org/soap/envelope/" : "http://www.w3.org/2003/05/soap-envelope")}'><s:Body>{content}</s:Body></s:Envelope>";

    public static string Fault(string code, SoapVersion version = SoapVersion.Soap11) => Envelope(
        version == SoapVersion.Soap11
            ? $"<s:Fault><faultcode>s:{code}</faultcode><faultstring>no luck</faultstring><detail><x>17</x></detail></s:Fault>"
            : $"<s:Fault><s:Code><s:Value>s:{code}</s:Value></s:Code><s:Reason><s:Text xml:lang='en'>no luck</s:Text></s:Reason><s:Detail><x>17</x></s:Detail></s:Fault>",
        version);

    public static string ContentType(SoapVersion version) => version == SoapVersion.Soap11 ? "text/xml; charset=utf-8" : "application/soap+xml; charset=utf-8";
}
