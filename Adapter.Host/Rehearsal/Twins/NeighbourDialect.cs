using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>A neighbouring customs administration: WCO data model 3.6, profile DMS:2, over SOAP 1.2.</summary>
/// <remarks>
/// Children in the order of the profile's schema. A refusal is an answer with FunctionCode 03, never a fault. A repeated message gets
/// the first answer again, so the answer's own id and time are derived from what was kept.
/// </remarks>
internal sealed class NeighbourDialect : ITwinDialect
{
    private const string Accepted = "01";
    private const string Rejected = "03";

    /// <summary>"Duplicate message id" in the European transit system's list of functional errors; ValidationCode holds eight characters at most.</summary>
    private const string IdReused = "26";

    private static readonly XNamespace Meta = "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2";
    private static readonly XNamespace Dec = "urn:wco:datamodel:WCO:DEC-DMS:2";
    private static readonly XNamespace Res = "urn:wco:datamodel:WCO:RES-DMS:2";
    private static readonly XNamespace ResTypes = "urn:wco:datamodel:WCO:Response_DS:DMS:2";

    public string Name => TwinName.Neighbour;

    public string Path => "/wco";

    public IReadOnlyList<SoapForm> Speaks { get; } = [SoapForm.Soap12];

    public bool Idempotent => true;

    public TwinMessage? Read(XElement body) =>
        body.Name == Meta + "MetaData" && body.Element(Dec + "Declaration") is { } declaration && BodyText.Of(declaration, Dec + "FunctionalReferenceID") is { } id
            ? new TwinMessage(
                declaration.Name.LocalName, id, SequenceOf(declaration), BodyText.Of(declaration, Dec + "ID"),
                BodyText.Of(declaration, Dec + "AdditionalInformation", Dec + "StatementCode"), Asks: false)
            {
                Withdraws = declaration.Elements(Dec + "AdditionalInformation").Any(information => BodyText.Of(information, Dec + "StatementCode") == "WITHDRAWS"),
            }
            : null;

    public TwinAnswer Answer(TwinMessage message, TwinVerdict verdict)
    {
        var (code, text) = verdict.Finding switch
        {
            TwinFinding.TookEffect or TwinFinding.Duplicate => (null, null),
            TwinFinding.IdReused => (IdReused, TwinRefusal.IdReusedText),
            _ => (TwinRefusal.ByOrder, TwinRefusal.ByOrderText),
        };
        var result = code is null ? Accepted : Rejected;
        var answerId = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"answer {result} to {message.MessageId}")))[..32];
        var issuedAt = verdict.At.UtcDateTime.ToString("yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture);
        return new TwinAnswer(result, new XElement(
            Meta + "MetaData",
            new XElement(Meta + "WCODataModelVersionCode", "3.6"),
            new XElement(Meta + "WCOTypeName", "RES"),
            new XElement(Meta + "ResponsibleCountryCode", "UG"),
            new XElement(Meta + "ResponsibleAgencyName", "Neighbouring customs (rehearsal)"),
            new XElement(Meta + "AgencyAssignedCustomizationCode", "CT"),
            new XElement(Meta + "AgencyAssignedCustomizationVersionCode", "1"),
            new XElement(
                Res + "Response",
                new XElement(Res + "FunctionCode", result),
                new XElement(Res + "FunctionalReferenceID", answerId),
                new XElement(Res + "IssueDateTime", new XElement(ResTypes + "DateTimeString", new XAttribute("formatCode", "304"), issuedAt)),
                code is null ? null : new XElement(
                    Res + "Error",
                    new XElement(Res + "Description", text),
                    new XElement(Res + "ValidationCode", code)),
                new XElement(
                    Res + "Declaration",
                    new XElement(Res + "FunctionalReferenceID", message.MessageId),
                    message.Subject is null ? null : new XElement(Res + "ID", message.Subject)))));
    }

    /// <summary>The profile has no field for the number in the lane; it comes as additional information with the code SEQUENCE.</summary>
    private static long? SequenceOf(XElement declaration) => BodyText.Number(declaration
        .Elements(Dec + "AdditionalInformation")
        .Where(information => BodyText.Of(information, Dec + "StatementCode") == "SEQUENCE")
        .Select(information => BodyText.Of(information, Dec + "StatementDescription"))
        .FirstOrDefault());
}
