using System.Text;
using System.Xml;
using System.Xml.Linq;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Delivery.Transports;

/// <summary>What the bytes back say: an answer, a fault, or why neither can be read.</summary>
internal sealed record AnswerReading(XElement? Answer, SoapFault? Fault, string? Problem)
{
    /// <summary>What its WS-Addressing header says that it answers; null where it says nothing.</summary>
    public string? RelatesTo { get; init; }
}

/// <summary>Reads a SOAP answer of either version from captured bytes, whatever HTTP said about it.</summary>
internal static class AnswerReader
{
    private const int FaultDetailLength = 4000;
    private const string ReplyRelation = "http://www.w3.org/2005/08/addressing/reply";
    private const string Unspecified = "http://www.w3.org/2005/08/addressing/unspecified";
    private static readonly XNamespace Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
    private static readonly XNamespace Soap12 = "http://www.w3.org/2003/05/soap-envelope";

    public static AnswerReading Read(ReadOnlyMemory<byte> reply, string? charset)
    {
        if (reply.IsEmpty)
        {
            return Unreadable("it is empty");
        }
        XElement root;
        try
        {
            root = XmlInput.Load(reply, EncodingOf(charset)).Root!;
        }
        catch (Exception exception) when (exception is XmlException or ArgumentException or NotSupportedException)
        {
            // Bytes that do not fit the charset they claim come as one of the latter two.
            return Unreadable($"it is not acceptable XML ({exception.Message})");
        }
        var soap = root.Name.Namespace;
        if (root.Name.LocalName != "Envelope" || (soap != Soap11 && soap != Soap12))
        {
            return Unreadable($"its root is {root.Name}, not a SOAP envelope");
        }
        return root.Element(soap + "Body")?.Elements().FirstOrDefault() switch
        {
            null => Unreadable("its SOAP body is empty"),
            { Name.LocalName: "Fault" } fault when fault.Name.Namespace == soap => new AnswerReading(null, FaultOf(fault), null) { RelatesTo = RelatesTo(root, soap) },
            var answer => new AnswerReading(answer, null, null) { RelatesTo = RelatesTo(root, soap) },
        };
    }

    private static AnswerReading Unreadable(string problem) => new(null, null, problem);

    /// <summary>Both versions are looked for in both envelopes: some stacks put 1.1 children into 1.2 faults.</summary>
    private static SoapFault FaultOf(XElement fault)
    {
        var code = Child(fault, "faultcode")?.Value ?? Child(Child(fault, "Code"), "Value")?.Value ?? "";
        var reason = Child(fault, "faultstring")?.Value ?? Child(Child(fault, "Reason"), "Text")?.Value ?? "";
        var detail = (Child(fault, "detail") ?? Child(fault, "Detail"))?.ToString(SaveOptions.DisableFormatting);
        return new SoapFault(
            code.Trim().Split(':')[^1],
            reason.Trim(),
            detail is { Length: > FaultDetailLength } ? detail[..FaultDetailLength] : detail);
    }

    /// <summary>Relations of other types say nothing about which request was answered, nor does the address that stands for "not known".</summary>
    private static string? RelatesTo(XElement envelope, XNamespace soap) => envelope.Element(soap + "Header")?.Elements(EnvelopeHeaders.Addressing + "RelatesTo")
        .Where(relation => (string?)relation.Attribute("RelationshipType") is null or ReplyRelation)
        .Select(relation => relation.Value.Trim())
        .FirstOrDefault(id => id is not ("" or Unspecified));

    private static XElement? Child(XElement? parent, string localName) => parent?.Elements().FirstOrDefault(child => child.Name.LocalName == localName);

    /// <summary>A charset in the HTTP header rules over the document's own; one that is unknown here is left to the document.</summary>
    private static Encoding? EncodingOf(string? charset)
    {
        try
        {
            return charset is null ? null : Encoding.GetEncoding(charset.Trim('"', '\''), EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
