using System.Xml.Linq;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>The cargo manifest system: SOAP 1.1, elements, and it knows a repeated id.</summary>
internal sealed class ManifestDialect : ITwinDialect
{
    private static readonly XNamespace Ns = "urn:customstransit:manifest:1";

    public string Name => TwinName.Manifest;

    public string Path => "/manifest";

    public IReadOnlyList<SoapForm> Speaks { get; } = [SoapForm.Soap11];

    public bool Idempotent => true;

    public TwinMessage? Read(XElement body) =>
        body.Name == Ns + "SealNotification" && BodyText.Of(body, Ns + "MessageId") is { } id
            ? new TwinMessage(
                body.Name.LocalName, id, BodyText.Number(BodyText.Of(body, Ns + "Sequence")),
                BodyText.Of(body, Ns + "Mrn"), BodyText.Of(body, Ns + "Event", Ns + "Code"), Asks: false)
            {
                Withdraws = BodyText.Of(body, Ns + "Withdrawn") == "true",
            }
            : null;

    public TwinAnswer Answer(TwinMessage message, TwinVerdict verdict)
    {
        var (result, code, text) = verdict.Finding switch
        {
            TwinFinding.TookEffect => ("ACCEPTED", null, null),
            TwinFinding.Acknowledged => ("RECEIVED", null, null),
            TwinFinding.Duplicate => ("DUPLICATE", null, null),
            TwinFinding.IdReused => ("REFUSED", "ID-REUSED", TwinRefusal.IdReusedText),
            _ => ("REFUSED", TwinRefusal.ByOrder, TwinRefusal.ByOrderText),
        };
        return new TwinAnswer(result, new XElement(
            Ns + "NotificationReceipt",
            new XElement(Ns + "MessageId", message.MessageId),
            new XElement(Ns + "Result", result),
            code is null ? null : new XElement(Ns + "Code", code),
            text is null ? null : new XElement(Ns + "Text", text)));
    }
}
