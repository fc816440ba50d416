using System.Xml;
using System.Xml.Schema;

namespace Adapter.Mappings.Validation;

/// <param name="ElementPath">Local names from the root of the document, such as <c>MetaData/Declaration/ID</c>; an attribute ends it with <c>/@name</c>.</param>
public sealed record ValidationProblem(int Line, int Column, string ElementPath, string Message);

/// <summary>Checks a document against a schema set.</summary>
public static class XsdValidator
{
    private const string Xsi = "http://www.w3.org/2001/XMLSchema-instance";
    private const string Xmlns = "http://www.w3.org/2000/xmlns/";

    /// <summary>All problems found; a document that is not well-formed has one.</summary>
    /// <remarks>A root element that the set does not declare is a problem: otherwise an empty set would accept everything.</remarks>
    public static IReadOnlyList<ValidationProblem> Validate(ReadOnlyMemory<byte> xml, XmlSchemaSet schemas)
    {
        using var reader = XmlInput.CreateReader(xml);
        return Validate(reader, schemas);
    }

    /// <summary>As above, from a reader made by <see cref="XmlInput"/>.</summary>
    public static IReadOnlyList<ValidationProblem> Validate(XmlReader reader, XmlSchemaSet schemas)
    {
        var problems = new List<ValidationProblem>();
        var path = new List<string>();
        var attribute = "";
        var lines = (IXmlLineInfo)reader;

        void Report(string message) =>
            problems.Add(new ValidationProblem(lines.LineNumber, lines.LinePosition, string.Join('/', path) + attribute, message));

        var namespaces = new XmlNamespaceManager(reader.NameTable);
        var validator = new XmlSchemaValidator(reader.NameTable, schemas, namespaces, XmlSchemaValidationFlags.ReportValidationWarnings)
        {
            // Nothing named in the document is ever fetched.
            XmlResolver = null,
            LineInfoProvider = lines,
        };
        validator.ValidationEventHandler += (_, problem) => Report(problem.Message);
        var info = new XmlSchemaInfo();

        try
        {
            validator.Initialize();
            while (reader.Read())
            {
                switch (reader.NodeType)
                {
                    case XmlNodeType.Element:
                        path.Add(reader.LocalName);
                        Element(reader, validator, namespaces, info, name => attribute = name);
                        if (path.Count == 1 && !schemas.GlobalElements.Contains(new XmlQualifiedName(reader.LocalName, reader.NamespaceURI)) && problems.Count == 0)
                        {
                            Report($"The root element {{{reader.NamespaceURI}}}{reader.LocalName} is not declared in the schemas.");
                        }

                        if (reader.IsEmptyElement)
                        {
                            End(validator, namespaces, info, path);
                        }

                        break;
                    case XmlNodeType.EndElement:
                        End(validator, namespaces, info, path);
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA:
                        validator.ValidateText(reader.Value);
                        break;
                    case XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace when path.Count > 0:
                        validator.ValidateWhitespace(reader.Value);
                        break;
                }
            }

            validator.EndValidation();
        }
        catch (XmlException e)
        {
            problems.Add(new ValidationProblem(e.LineNumber, e.LinePosition, string.Join('/', path), e.Message));
        }

        return problems;
    }

    private static void Element(XmlReader reader, XmlSchemaValidator validator, XmlNamespaceManager namespaces, XmlSchemaInfo info, Action<string> at)
    {
        namespaces.PushScope();
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI == Xmlns)
            {
                namespaces.AddNamespace(reader.Prefix.Length == 0 ? "" : reader.LocalName, reader.Value);
            }
        }

        reader.MoveToElement();
        validator.ValidateElement(reader.LocalName, reader.NamespaceURI, info, reader.GetAttribute("type", Xsi), reader.GetAttribute("nil", Xsi), null, null);
        for (var more = reader.MoveToFirstAttribute(); more; more = reader.MoveToNextAttribute())
        {
            if (reader.NamespaceURI is not (Xmlns or Xsi))
            {
                at("/@" + reader.LocalName);
                validator.ValidateAttribute(reader.LocalName, reader.NamespaceURI, reader.Value, info);
            }
        }

        at("");
        reader.MoveToElement();
        validator.ValidateEndOfAttributes(info);
    }

    private static void End(XmlSchemaValidator validator, XmlNamespaceManager namespaces, XmlSchemaInfo info, List<string> path)
    {
        validator.ValidateEndElement(info);
        namespaces.PopScope();
        path.RemoveAt(path.Count - 1);
    }
}
