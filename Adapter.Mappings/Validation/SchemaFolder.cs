using System.Xml;
using System.Xml.Schema;

namespace Adapter.Mappings.Validation;

/// <summary>Schemas that a deployment has from somebody else.</summary>
public static class SchemaFolder
{
    /// <summary>Compiles the files and what they import from beside or below them. Nothing is fetched from anywhere else.</summary>
    /// <exception cref="InvalidOperationException">A file is missing or is no schema, or together they leave out something that they need.</exception>
    public static XmlSchemaSet Load(IReadOnlyList<string> files)
    {
        var schemas = new XmlSchemaSet { XmlResolver = new Beside(files.Select(f => Path.GetDirectoryName(Path.GetFullPath(f))!)) };
        schemas.ValidationEventHandler += (_, problem) =>
        {
            // An import whose place is wrong, as in published sets, may still be met by another file; where it is not, compiling fails.
            if (problem.Severity == XmlSeverityType.Error)
            {
                throw new InvalidOperationException($"{problem.Exception.SourceUri}: {problem.Message}", problem.Exception);
            }
        };
        try
        {
            foreach (var file in files)
            {
                using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = new Beside([Path.GetDirectoryName(Path.GetFullPath(file))!]) });
                schemas.Add(null, reader);
            }

            schemas.Compile();
        }
        catch (Exception exception) when (exception is XmlException or XmlSchemaException or IOException)
        {
            throw new InvalidOperationException($"The schemas {string.Join(", ", files)} cannot be used: {exception.Message}", exception);
        }

        return schemas;
    }

    /// <summary>Resolves to files in or below the folders of the named files.</summary>
    private sealed class Beside(IEnumerable<string> folders) : XmlUrlResolver
    {
        private readonly string[] _folders = [.. folders.Select(f => f + Path.DirectorySeparatorChar)];

        public override object? GetEntity(Uri absoluteUri, string? role, Type? ofObjectToReturn) =>
            absoluteUri.IsFile && File.Exists(absoluteUri.LocalPath) && _folders.Any(folder => Path.GetFullPath(absoluteUri.LocalPath).StartsWith(folder, StringComparison.Ordinal))
                ? File.OpenRead(absoluteUri.LocalPath)
                : null;
    }
}
