using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Wco;

/// <summary>What reading led to: a message, or the reasons why there is none.</summary>
/// <param name="Reference">The sender's id where it can be told even though the message cannot be read; a refusal repeats it.</param>
public sealed record WcoReading(WcoMessage? Message, string? Reference, string? Mrn, IReadOnlyList<WcoError> Errors);

/// <summary>Reads what neighbours send, whatever their prefixes. Unknown elements are passed over; the bytes are kept by the caller.</summary>
public static class WcoReader
{
    private const int MostErrors = 50;

    /// <param name="peerSchemas">The neighbour's own schemas; null checks by our open ones.</param>
    /// <exception cref="XmlException">Not well-formed, or outside the bounds: no business answer can be given.</exception>
    public static WcoReading Read(ReadOnlyMemory<byte> xml, XmlSchemaSet? peerSchemas = null)
    {
        XDocument document;
        using (var reader = XmlInput.CreateReader(xml))
        {
            document = XDocument.Load(reader);
        }

        var root = document.Root!;
        var body = root.Element(WcoNames.Dec + "Declaration") ?? root.Element(WcoNames.Res + "Response");
        if (root.Name != WcoNames.Meta + "MetaData" || body is null)
        {
            return new WcoReading(null, null, null, [new WcoError(WcoErrorCodes.Missing, $"Expected MetaData with one Declaration or Response of the profile DMS:2, found {root.Name.LocalName} in {root.Name.NamespaceName}.", [])]);
        }

        var errors = Check(document, peerSchemas ?? SchemaCatalogue.BuiltIn.Target("wco/received").Schemas);
        var isDeclaration = body.Name.Namespace == WcoNames.Dec;
        var echoed = isDeclaration ? body : body.Element(WcoNames.Res + "Declaration") ?? body;
        var (reference, mrn) = (Text(body, "FunctionalReferenceID"), Text(echoed, "ID"));
        if (root.Elements().Count(e => e.Name == WcoNames.Dec + "Declaration" || e.Name == WcoNames.Res + "Response") > 1)
        {
            errors.Add(new WcoError(WcoErrorCodes.Invalid, "MetaData holds more than one Declaration or Response.", []));
        }

        foreach (var required in (string[])["FunctionCode", "FunctionalReferenceID"])
        {
            if (Text(body, required) is null)
            {
                errors.Add(new WcoError(WcoErrorCodes.Missing, $"{body.Name.LocalName}/{required} is missing.", WcoPointers.ToMissing(body, required)));
            }
        }

        if (errors.Count > 0)
        {
            return new WcoReading(null, Short(reference, 35), Short(mrn, 70), [.. errors.Take(MostErrors)]);
        }

        var (country, version) = (Text(root, "ResponsibleCountryCode") ?? "", Text(root, "AgencyAssignedCustomizationVersionCode") ?? "");
        var function = int.Parse(Text(body, "FunctionCode")!, NumberStyles.None, CultureInfo.InvariantCulture);
        var answers = isDeclaration || echoed == body ? null : Text(echoed, "FunctionalReferenceID");
        var message = new WcoMessage(isDeclaration ? WcoKind.Declaration : WcoKind.Response, country, version, function, reference!, mrn, answers, root)
        {
            Statements = [.. body.Elements(body.Name.Namespace + "AdditionalInformation").Select(s => new WcoStatement(Text(s, "StatementCode"), Text(s, "StatementDescription")))],
        };
        return new WcoReading(message, reference, mrn, []);
    }

    /// <summary>All that the schemas say, each with the chain that leads to its place.</summary>
    private static List<WcoError> Check(XDocument document, XmlSchemaSet schemas)
    {
        var errors = new List<WcoError>();
        if (!schemas.GlobalElements.Contains(new XmlQualifiedName("MetaData", WcoNames.Meta.NamespaceName)))
        {
            throw new InvalidOperationException("The schemas for this neighbour do not declare MetaData; nothing would be checked.");
        }

        document.Validate(schemas, (sender, problem) =>
        {
            if (problem.Severity == XmlSeverityType.Warning)
            {
                // No schema says anything of an element: it is unknown, and kept.
                return;
            }

            var place = sender switch { XElement element => element, XAttribute attribute => attribute.Parent!, _ => document.Root! };
            errors.Add(new WcoError(WcoErrorCodes.Invalid, Short(problem.Message, 512)!, WcoPointers.To(place)));
        });
        return errors;
    }

    private static string? Text(XElement? parent, string child) =>
        parent?.Elements().FirstOrDefault(e => e.Name.LocalName == child && e.Name.Namespace == parent.Name.Namespace)?.Value.Trim() is { Length: > 0 } text ? text : null;

    private static string? Short(string? text, int most) => text?.Length > most ? text[..most] : text;
}
