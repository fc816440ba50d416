using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace Adapter.Mappings.Validation;

/// <summary>One file of a schema set that somebody brings. Paths have slashes and stay inside the set: <c>types/codes.xsd</c>.</summary>
public sealed record SchemaFile(string Path, ReadOnlyMemory<byte> Content);

/// <param name="Code">Stable, <c>schema.what</c>.</param>
/// <param name="File">The file, null where the set as a whole is meant.</param>
public sealed record SchemaProblem(string Code, string Message, string? File, int? Line, int? Column, string? Suggestion);

/// <param name="Target">Null when there is a problem.</param>
public sealed record SchemaSetCompilation(SchemaTarget? Target, IReadOnlyList<SchemaProblem> Problems);

/// <summary>Makes a target of schema files that somebody brings. What they import must be among them: nothing is ever fetched, from a disk or a network.</summary>
public static class SchemaSetCompiler
{
    public const int MaxFiles = 200;
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Larger bounds of repetition blow up while a schema is compiled; a schema that means "many" says unbounded.</summary>
    public const int MaxOccurs = 10_000;

    private const string Xs = XmlSchema.Namespace;

    /// <param name="root">The element that a message starts with, as <c>{namespace}name</c>.</param>
    public static SchemaSetCompilation Compile(string name, string root, IReadOnlyList<SchemaFile> files)
    {
        var problems = new List<SchemaProblem>();
        if (RootOf(root) is not { } rootName)
        {
            return Failed(new SchemaProblem("schema.root-missing", $"'{root}' does not name an element.", null, null, null, "Write {namespace}name, or the name alone where the schema has no namespace."));
        }

        if (files.Count is 0 or > MaxFiles || files.Sum(f => (long)f.Content.Length) > MaxBytes)
        {
            return Failed(new SchemaProblem("schema.too-large", string.Create(CultureInfo.InvariantCulture, $"A set has 1 to {MaxFiles} files with {MaxBytes} bytes at most; this one has {files.Count} files with {files.Sum(f => (long)f.Content.Length)} bytes."), null, null, null, null));
        }

        var byPath = new Dictionary<string, SchemaFile>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (!IsPath(file.Path) || !byPath.TryAdd(file.Path, file))
            {
                problems.Add(new SchemaProblem("schema.path", $"'{file.Path}' cannot be a file's path in a set, or stands twice.", file.Path, null, null, "Use letters, digits, '.', '-' and '_' between slashes."));
            }
        }

        var imported = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in byPath.Values)
        {
            Inspect(file, byPath, imported, problems);
        }

        if (problems.Count > 0)
        {
            return new SchemaSetCompilation(null, problems);
        }

        var schemas = new XmlSchemaSet { XmlResolver = new OnlyTheSet(byPath) };
        schemas.ValidationEventHandler += (_, e) => problems.Add(new SchemaProblem(
            "schema.invalid", e.Message, PathOf(e.Exception.SourceUri), e.Exception.LineNumber, e.Exception.LinePosition, null));
        try
        {
            // What others import comes in through them; loaded a second time it would clash with itself.
            var entries = byPath.Values.Where(f => !imported.Contains(f.Path)).ToList();
            foreach (var file in entries.Count > 0 ? entries : [byPath.Values.First()])
            {
                using var reader = XmlReader.Create(Stream(file), Settings(), UriOf(file.Path).ToString());
                schemas.Add(null, reader);
            }

            schemas.Compile();
        }
        catch (XmlSchemaException e)
        {
            problems.Add(new SchemaProblem("schema.invalid", e.Message, PathOf(e.SourceUri), e.LineNumber, e.LinePosition, null));
        }

        if (problems.Count == 0 && schemas.GlobalElements[rootName] is not XmlSchemaElement)
        {
            var declared = schemas.GlobalElements.Names.Cast<XmlQualifiedName>().Select(n => n.Namespace.Length == 0 ? n.Name : $"{{{n.Namespace}}}{n.Name}").Order(StringComparer.Ordinal).ToList();
            problems.Add(new SchemaProblem("schema.root-missing", $"The set does not declare the element {root}.", null, null, null, Model.Nearest.To(root, declared)));
        }

        return problems.Count == 0
            ? new SchemaSetCompilation(new SchemaTarget(name, schemas, (XmlSchemaElement)schemas.GlobalElements[rootName]!), [])
            : new SchemaSetCompilation(null, problems);
    }

    /// <summary>Whether a text can be a file's path in a set: no way up, no root, no drive.</summary>
    public static bool IsPath(string path) =>
        path.Length is > 0 and <= 200 && path.Split('/').All(part => part.Length > 0 && part.Trim('.').Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'));

    private static SchemaSetCompilation Failed(SchemaProblem problem) => new(null, [problem]);

    private static XmlQualifiedName? RootOf(string root)
    {
        var end = root.StartsWith('{') ? root.IndexOf('}', StringComparison.Ordinal) : 0;
        var name = end > 0 ? root[(end + 1)..] : root;
        return end < 0 || name.Length == 0 || !XmlReader.IsName(name) || name.Contains(':', StringComparison.Ordinal) ? null : new XmlQualifiedName(name, end > 0 ? root[1..end] : "");
    }

    /// <summary>Well-formed, a schema, imports that stay inside, repetitions that can be compiled.</summary>
    private static void Inspect(SchemaFile file, Dictionary<string, SchemaFile> all, HashSet<string> imported, List<SchemaProblem> problems)
    {
        XDocument document;
        try
        {
            using var reader = XmlInput.CreateReader(file.Content, MaxBytes);
            document = XDocument.Load(reader, LoadOptions.SetLineInfo);
        }
        catch (XmlException e)
        {
            problems.Add(new SchemaProblem("schema.not-xml", e.Message, file.Path, e.LineNumber, e.LinePosition, null));
            return;
        }

        if (document.Root!.Name != XName.Get("schema", Xs))
        {
            problems.Add(At("schema.not-xml", $"The file holds {document.Root.Name}, not an XML schema.", document.Root));
            return;
        }

        foreach (var element in document.Descendants().Where(e => e.Name.NamespaceName == Xs))
        {
            foreach (var bound in element.Attributes().Where(a => a.Name.LocalName is "maxOccurs" or "minOccurs" && a.Value != "unbounded"))
            {
                if (!int.TryParse(bound.Value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count > MaxOccurs)
                {
                    problems.Add(At("schema.occurs", $"{bound.Name.LocalName} is {Short(bound.Value)}; numbers up to {MaxOccurs} are taken.", element, "Write maxOccurs=\"unbounded\"."));
                }
            }

            if (element.Name.LocalName is "import" or "include" or "redefine" or "override" && (string?)element.Attribute("schemaLocation") is { } location)
            {
                if (Resolve(file.Path, location) is { } path && all.ContainsKey(path))
                {
                    imported.Add(path);
                }
                else
                {
                    problems.Add(At("schema.import-outside", $"The file imports '{Short(location)}', which is not in the set.", element, "Add the file, and import it by a path relative to this one. Nothing is fetched."));
                }
            }
        }

        SchemaProblem At(string code, string message, XElement at, string? suggestion = null) =>
            new(code, message, file.Path, ((IXmlLineInfo)at).LineNumber, ((IXmlLineInfo)at).LinePosition, suggestion);
    }

    private static string Short(string text) => text.Length <= 100 ? text : text[..100] + "…";

    private static string? Resolve(string from, string location)
    {
        if (location.Contains(':', StringComparison.Ordinal) || location.StartsWith('/') || location.Contains('\\', StringComparison.Ordinal))
        {
            return null;
        }

        var steps = from.Split('/').SkipLast(1).ToList();
        foreach (var step in location.Split('/'))
        {
            if (step == "..")
            {
                if (steps.Count == 0)
                {
                    return null;
                }

                steps.RemoveAt(steps.Count - 1);
            }
            else if (step != ".")
            {
                steps.Add(step);
            }
        }

        return string.Join('/', steps);
    }

    private static XmlReaderSettings Settings() => new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = true };

    private static MemoryStream Stream(SchemaFile file) => new(file.Content.ToArray(), writable: false);

    private static Uri UriOf(string path) => new("set:/" + path);

    private static string? PathOf(string? uri) => uri is not null && Uri.TryCreate(uri, UriKind.Absolute, out var absolute) && absolute.Scheme == "set" ? absolute.AbsolutePath.TrimStart('/') : null;

    /// <summary>Resolves imports to files of the set and to nothing else.</summary>
    private sealed class OnlyTheSet(Dictionary<string, SchemaFile> files) : XmlResolver
    {
        public override object GetEntity(Uri absoluteUri, string? role, Type? ofObjectToReturn) =>
            absoluteUri.Scheme == "set" && files.TryGetValue(absoluteUri.AbsolutePath.TrimStart('/'), out var file)
                ? Stream(file)
                : throw new XmlException($"{absoluteUri} is not in the set.");
    }
}
