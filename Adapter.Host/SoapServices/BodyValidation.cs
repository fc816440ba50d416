using System.Globalization;
using System.Xml;
using System.Xml.Schema;

namespace Adapter.Host.SoapServices;

/// <summary>Reads an element through against our schemas and says where it first departs from them.</summary>
internal static class BodyValidation
{
    private const int LongestText = 400;

    /// <param name="body">Stands before the element.</param>
    /// <exception cref="SoapRefusal"><c>soap.invalid-element</c> with the path of the element.</exception>
    /// <exception cref="XmlException">Not well-formed.</exception>
    public static void Read(XmlReader body, XmlSchemaSet schemas)
    {
        var path = new List<(string Name, Dictionary<string, int>? Children)>();
        var settings = Settings(schemas);
        settings.ValidationEventHandler += (_, problem) => throw new SoapRefusal(SoapBlame.Sender, "soap.invalid-element", Short(problem.Message)) { Pointer = Pointer(body, path) };
        using var reader = XmlReader.Create(body, settings);
        while (reader.Read())
        {
            if (reader.NodeType == XmlNodeType.Element)
            {
                Enter(path, reader.Depth, reader.LocalName);
            }
        }
    }

    public static XmlReaderSettings Settings(XmlSchemaSet schemas) => new()
    {
        ValidationType = ValidationType.Schema,
        Schemas = schemas,
        XmlResolver = null,
        // Schemas that a message names are never looked at: neither their place nor what stands inline.
        ValidationFlags = XmlSchemaValidationFlags.ProcessIdentityConstraints | XmlSchemaValidationFlags.ReportValidationWarnings,
    };

    private static void Enter(List<(string Name, Dictionary<string, int>? Children)> path, int depth, string name)
    {
        path.RemoveRange(depth, path.Count - depth);
        path.Add((Step(path, depth, name, count: true), null));
    }

    private static string Step(List<(string Name, Dictionary<string, int>? Children)> path, int depth, string name, bool count)
    {
        if (depth == 0)
        {
            return name;
        }

        var (parent, children) = path[depth - 1];
        var before = children?.GetValueOrDefault(name) ?? 0;
        if (count)
        {
            children ??= new Dictionary<string, int>(StringComparer.Ordinal);
            children[name] = before + 1;
            path[depth - 1] = (parent, children);
        }

        return before == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}[{before + 1}]");
    }

    /// <summary>The problem is told while the reader below already stands on what caused it.</summary>
    private static string Pointer(XmlReader body, List<(string Name, Dictionary<string, int>? Children)> path)
    {
        string? attribute = null;
        if (body.NodeType == XmlNodeType.Attribute)
        {
            attribute = body.LocalName;
            body.MoveToElement();
        }

        var depth = body.NodeType is XmlNodeType.Element or XmlNodeType.EndElement ? body.Depth : Math.Max(0, body.Depth - 1);
        var steps = body.NodeType == XmlNodeType.Element
            ? path.Take(depth).Select(step => step.Name).Append(Step(path, depth, body.LocalName, count: false))
            : path.Take(depth + 1).Select(step => step.Name);
        return "/" + string.Join('/', attribute is null ? steps : steps.Append("@" + attribute));
    }

    private static string Short(string text) => text.Length <= LongestText ? text : text[..LongestText] + "…";
}
