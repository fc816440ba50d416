using System.Xml.Linq;

namespace Adapter.Host.SoapServices;

/// <summary>The WS-Addressing 1.0 headers of a message that mean something here.</summary>
internal sealed record Addressing(string? Action, string? MessageId, string? ReplyTo, string? RelatesTo)
{
    public static readonly XNamespace Wsa = "http://www.w3.org/2005/08/addressing";

    public const string Anonymous = "http://www.w3.org/2005/08/addressing/anonymous";
    public const string None = "http://www.w3.org/2005/08/addressing/none";

    private const int Longest = 512;

    /// <param name="headers">All blocks of the namespace.</param>
    /// <exception cref="SoapRefusal">One stands twice or is too long, or asks for answers to another address.</exception>
    public static Addressing? Read(IReadOnlyList<XElement> headers)
    {
        if (headers.Count == 0)
        {
            return null;
        }

        var replyTo = Text(One("ReplyTo")?.Element(Wsa + "Address"));
        foreach (var address in (string?[])[replyTo, Text(One("FaultTo")?.Element(Wsa + "Address"))])
        {
            if (address is not (null or Anonymous or None))
            {
                throw SoapRefusal.Sender("soap.addressing", "Answers go back over the connection of the request; leave out ReplyTo and FaultTo, or use the anonymous address.");
            }
        }

        return new Addressing(Text(One("Action")), Text(One("MessageID")), replyTo, Text(headers.FirstOrDefault(h => h.Name.LocalName == "RelatesTo")));

        XElement? One(string name) => headers.Where(h => h.Name.LocalName == name).ToList() switch
        {
            [] => null,
            [var one] => one,
            _ => throw SoapRefusal.Sender("soap.addressing", $"The header {name} stands more than once."),
        };
    }

    private static string? Text(XElement? element) => element?.Value.Trim() switch
    {
        null or "" => null,
        { Length: > Longest } => throw SoapRefusal.Sender("soap.addressing", $"{element.Name.LocalName} is longer than {Longest} characters."),
        var text => text,
    };
}
