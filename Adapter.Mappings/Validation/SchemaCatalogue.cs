using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Xml;
using System.Xml.Schema;

namespace Adapter.Mappings.Validation;

/// <summary>What a mapping document or a validator aims at: a compiled schema set and the element that a body starts with.</summary>
public sealed record SchemaTarget(string Name, XmlSchemaSet Schemas, XmlSchemaElement Root);

/// <summary>Our own schemas, compiled once per target and shared; and the files themselves, for serving.</summary>
public sealed class SchemaCatalogue
{
    private static readonly Lazy<SchemaCatalogue> Shared = new(Load);

    private readonly Dictionary<string, SchemaTarget> _targets;

    private SchemaCatalogue(Dictionary<string, SchemaTarget> targets) => _targets = targets;

    /// <summary>The schemas that ship.</summary>
    public static SchemaCatalogue BuiltIn => Shared.Value;

    /// <summary>Names of the targets: <c>wco/declaration</c>, <c>wco/response</c>, <c>wco/received</c>, <c>transit/neighbour-statement</c>, <c>soap/manifest-notification</c>, <c>soap/transportation-notification</c>.</summary>
    public IReadOnlyCollection<string> Targets => _targets.Keys;

    /// <summary>These targets and further ones; of two with one name the further one counts.</summary>
    public SchemaCatalogue With(IEnumerable<SchemaTarget> further)
    {
        var targets = new Dictionary<string, SchemaTarget>(_targets, StringComparer.Ordinal);
        foreach (var target in further)
        {
            targets[target.Name] = target;
        }

        return new SchemaCatalogue(targets);
    }

    /// <exception cref="KeyNotFoundException">No such target; the message lists those there are.</exception>
    public SchemaTarget Target(string name) => TryFind(name, out var target)
        ? target
        : throw new KeyNotFoundException($"There is no schema target '{name}'. Targets: {string.Join(", ", _targets.Keys)}.");

    public bool TryFind(string name, [NotNullWhen(true)] out SchemaTarget? target) => _targets.TryGetValue(name, out target);

    /// <summary>The text of a schema or WSDL file, such as <c>soap/manifest-notification.wsdl</c>.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    public static string OpenText(string path)
    {
        using var reader = new StreamReader(Open(path));
        return reader.ReadToEnd();
    }

    /// <summary>Paths of all schema and WSDL files that <see cref="OpenText"/> knows.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(n => n.StartsWith("schemas/", StringComparison.Ordinal))
            .Select(n => n["schemas/".Length..])
            .Order(StringComparer.Ordinal)];

    private static SchemaCatalogue Load()
    {
        SchemaTarget[] targets =
        [
            Compile("wco/declaration", Names.MetaData, Names.Declaration, "wco/metadata.xsd", "wco/declaration.xsd"),
            Compile("wco/response", Names.MetaData, Names.Response, "wco/metadata.xsd", "wco/response.xsd"),
            Compile(
                "wco/received", Names.MetaData, Names.Declaration,
                "wco/received/metadata.xsd", "wco/received/declaration.xsd", "wco/received/declaration-types.xsd", "wco/received/response.xsd", "wco/received/response-types.xsd"),
            Compile("transit/neighbour-statement", Names.Statement, Names.ConfirmDeparture, "transit/neighbour-statement.xsd"),
            Compile("soap/manifest-notification", Names.SealNotification, Names.NotificationReceipt, "soap/manifest-notification.xsd"),
            Compile("soap/transportation-notification", Names.TripEvent, Names.TripEventReceipt, "soap/transportation-notification.xsd"),
        ];
        return new SchemaCatalogue(targets.ToDictionary(t => t.Name, StringComparer.Ordinal));
    }

    /// <summary>Some of our schema files compiled together, for validating what comes in.</summary>
    /// <exception cref="InvalidOperationException">They do not compile.</exception>
    public static XmlSchemaSet SchemasOf(IReadOnlyList<string> files) => CompileSet(string.Join(", ", files), files);

    private static SchemaTarget Compile(string name, XmlQualifiedName root, XmlQualifiedName alsoDeclared, params string[] files)
    {
        var schemas = CompileSet(name, files);
        foreach (var element in (XmlQualifiedName[])[root, alsoDeclared])
        {
            if (!schemas.GlobalElements.Contains(element))
            {
                throw new InvalidOperationException($"Schema set {name} does not declare {element}.");
            }
        }

        return new SchemaTarget(name, schemas, (XmlSchemaElement)schemas.GlobalElements[root]!);
    }

    private static XmlSchemaSet CompileSet(string name, IReadOnlyList<string> files)
    {
        var schemas = new XmlSchemaSet { XmlResolver = new EmbeddedSchemas() };
        // Warnings count: a schema that was not found is only a warning, and a set without it accepts anything.
        schemas.ValidationEventHandler += (_, problem) => throw new InvalidOperationException($"Schema set {name}: {problem.Message}", problem.Exception);
        foreach (var file in files)
        {
            using var reader = XmlReader.Create(Open(file), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null }, EmbeddedSchemas.UriOf(file).ToString());
            schemas.Add(null, reader);
        }

        schemas.Compile();
        return schemas;
    }

    private static Stream Open(string path) =>
        Assembly.GetExecutingAssembly().GetManifestResourceStream("schemas/" + path)
        ?? throw new FileNotFoundException($"There is no schema file '{path}'.", path);

    private static class Names
    {
        public static readonly XmlQualifiedName MetaData = new("MetaData", "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2");
        public static readonly XmlQualifiedName Declaration = new("Declaration", "urn:wco:datamodel:WCO:DEC-DMS:2");
        public static readonly XmlQualifiedName Response = new("Response", "urn:wco:datamodel:WCO:RES-DMS:2");
        public static readonly XmlQualifiedName Statement = new("Statement", "urn:customstransit:statement:1");
        public static readonly XmlQualifiedName ConfirmDeparture = new("ConfirmDeparture", "urn:customstransit:registration:1");
        public static readonly XmlQualifiedName SealNotification = new("SealNotification", "urn:customstransit:manifest:1");
        public static readonly XmlQualifiedName NotificationReceipt = new("NotificationReceipt", "urn:customstransit:manifest:1");
        public static readonly XmlQualifiedName TripEvent = new("TripEvent", "urn:customstransit:transportation:1");
        public static readonly XmlQualifiedName TripEventReceipt = new("TripEventReceipt", "urn:customstransit:transportation:1");
    }

    /// <summary>Resolves imports to embedded files and to nothing else.</summary>
    private sealed class EmbeddedSchemas : XmlResolver
    {
        public static Uri UriOf(string path) => new("embedded:/" + path);

        public override object GetEntity(Uri absoluteUri, string? role, Type? ofObjectToReturn) =>
            absoluteUri.Scheme == "embedded"
                ? Open(absoluteUri.AbsolutePath.TrimStart('/'))
                : throw new XmlException($"A schema imports {absoluteUri}; only schemas that ship with the adapter can be imported.");
    }
}
