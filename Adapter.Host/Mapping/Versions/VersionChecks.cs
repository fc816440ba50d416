using System.Text;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Mapping.Versions;

/// <summary>The check of documents as the store holds them.</summary>
internal static class VersionChecks
{
    public static CheckedPackage Check(this MappingVersion version, SchemaCatalogue schemas) => Check(version.Text, version.Files, schemas, version.Version);

    /// <param name="version">The version that it is checked as; null for the one written in it.</param>
    public static CheckedPackage Check(string text, IReadOnlyDictionary<string, string> files, SchemaCatalogue schemas, int? version = null) =>
        MappingChecker.Check(new MappingPackage(Encoding.UTF8.GetBytes(text), files), schemas, version);
}
