using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Adapter.Mappings.Wco;

/// <summary>Who answers, as the envelope names it.</summary>
public sealed record WcoSender(string Country, string Agency, string CustomizationCode, string CustomizationVersion);

/// <summary>Writes responses in the profile DMS:2, children in the order of its schema.</summary>
public static class WcoResponseWriter
{
    /// <param name="answered">The neighbour's id of the message that is answered; null where it could not be told.</param>
    /// <param name="statement">What else is said, such as RESEND with numbers; null for nothing.</param>
    public static byte[] Write(WcoSender sender, int function, string? answered, string? mrn, DateTimeOffset at, IReadOnlyList<WcoError> errors, WcoStatement? statement = null)
    {
        var code = function.ToString("00", CultureInfo.InvariantCulture);
        // The same answer to the same message has the same id, however often it is asked for.
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{sender.Country}/{code}/{answered}/{statement?.Text}")))[..32];
        var (meta, res) = (WcoNames.Meta, WcoNames.Res);
        var document = new XElement(
            meta + "MetaData",
            new XElement(meta + "WCODataModelVersionCode", "3.6"),
            new XElement(meta + "WCOTypeName", "RES"),
            new XElement(meta + "ResponsibleCountryCode", sender.Country),
            new XElement(meta + "ResponsibleAgencyName", sender.Agency),
            new XElement(meta + "AgencyAssignedCustomizationCode", sender.CustomizationCode),
            new XElement(meta + "AgencyAssignedCustomizationVersionCode", sender.CustomizationVersion),
            new XElement(
                res + "Response",
                new XElement(res + "FunctionCode", code),
                new XElement(res + "FunctionalReferenceID", id),
                Instant("IssueDateTime", at),
                statement is null ? null : new XElement(
                    res + "AdditionalInformation",
                    new XElement(res + "StatementCode", statement.Code),
                    new XElement(res + "StatementDescription", statement.Text)),
                errors.Select(Error),
                new XElement(
                    res + "Declaration",
                    answered is null ? null : new XElement(res + "FunctionalReferenceID", answered),
                    mrn is null ? null : new XElement(res + "ID", mrn),
                    function == WcoFunction.Rejected ? Instant("RejectionDateTime", at) : null)));
        using var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true, NewLineHandling = NewLineHandling.Entitize, CheckCharacters = true }))
        {
            document.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    private static XElement Instant(string name, DateTimeOffset at) => new(
        WcoNames.Res + name,
        new XElement(WcoNames.ResTypes + "DateTimeString", new XAttribute("formatCode", "304"), at.UtcDateTime.ToString("yyyyMMddHHmmss'Z'", CultureInfo.InvariantCulture)));

    private static XElement Error(WcoError error) => new(
        WcoNames.Res + "Error",
        error.Description.Length == 0 ? null : new XElement(WcoNames.Res + "Description", error.Description.Length > 512 ? error.Description[..512] : error.Description),
        new XElement(WcoNames.Res + "ValidationCode", error.Code),
        error.Pointers.Select(pointer => new XElement(
            WcoNames.Res + "Pointer",
            pointer.Sequence is { } sequence ? new XElement(WcoNames.Res + "SequenceNumeric", sequence) : null,
            new XElement(WcoNames.Res + "DocumentSectionCode", pointer.Section),
            pointer.Tag is null ? null : new XElement(WcoNames.Res + "TagID", pointer.Tag))));
}
