using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>Checks a body against a twin's schemas.</summary>
internal static class BodyValidation
{
    /// <returns>The first error, or null when the body is valid.</returns>
    public static string? FirstError(XElement body, XmlSchemaSet schemas)
    {
        string? first = null;
        var settings = new XmlReaderSettings
        {
            ValidationType = ValidationType.Schema,
            Schemas = schemas,
            // A root that no schema declares is only a warning: without this flag an empty set would accept everything.
            ValidationFlags = XmlSchemaValidationFlags.ReportValidationWarnings | XmlSchemaValidationFlags.ProcessIdentityConstraints,
        };
        settings.ValidationEventHandler += (_, e) => first ??= e.Message;
        using var source = body.CreateReader();
        using var reader = XmlReader.Create(source, settings);
        while (first is null && reader.Read())
        {
        }

        return first;
    }
}
