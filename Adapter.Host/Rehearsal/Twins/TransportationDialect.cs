using System.Xml.Linq;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>The transportation system: SOAP 1.1 and 1.2, attributes, and it can be asked about an id.</summary>
/// <remarks>It takes a repeated id for a new event, although its WSDL offers ALREADY_RECORDED: so a message sent twice shows as effect 2.</remarks>
internal sealed class TransportationDialect : ITwinDialect
{
    private static readonly XNamespace Ns = "urn:customstransit:transportation:1";

    public string Name => TwinName.Transportation;

    public string Path => "/transportation";

    public IReadOnlyList<SoapForm> Speaks { get; } = [SoapForm.Soap11, SoapForm.Soap12];

    public bool Idempotent => false;

    public TwinMessage? Read(XElement body)
    {
        if (body.Name == Ns + "TripEvent" && body.Attribute("messageId")?.Value is { Length: > 0 } id)
        {
            return new TwinMessage(
                body.Name.LocalName, id, BodyText.Number(body.Attribute("sequence")?.Value),
                BodyText.Of(body, Ns + "Trip", Ns + "Mrn"), body.Element(Ns + "Occurrence")?.Attribute("kind")?.Value, Asks: false)
            {
                Withdraws = body.Attribute("withdrawn")?.Value == "true",
            };
        }

        return body.Name == Ns + "FindTripEvent" && BodyText.Of(body, Ns + "MessageId") is { } asked
            ? new TwinMessage(body.Name.LocalName, asked, Sequence: null, Subject: null, Kind: null, Asks: true)
            : null;
    }

    public TwinAnswer Answer(TwinMessage message, TwinVerdict verdict) => verdict.Finding switch
    {
        TwinFinding.Known => Status(message, "RECORDED"),
        TwinFinding.NotKnown => Status(message, "NOT_FOUND"),
        TwinFinding.Acknowledged => Receipt(message, "RECEIVED", reason: null),
        TwinFinding.TookEffect => Receipt(message, "RECORDED", reason: null),
        _ => Receipt(message, "REFUSED", $"{TwinRefusal.ByOrder}: {TwinRefusal.ByOrderText}"),
    };

    private static TwinAnswer Receipt(TwinMessage message, string result, string? reason) => new(result, new XElement(
        Ns + "TripEventReceipt",
        new XAttribute("messageId", message.MessageId),
        new XAttribute("result", result),
        reason is null ? null : new XElement(Ns + "Reason", reason)));

    private static TwinAnswer Status(TwinMessage message, string state) => new(state, new XElement(
        Ns + "TripEventStatus",
        new XElement(Ns + "MessageId", message.MessageId),
        new XElement(Ns + "State", state)));
}
