using System.Reflection;
using Adapter.Mappings.Model;

namespace Adapter.Mappings.Documents;

/// <summary>The mapping documents that ship.</summary>
public static class BuiltInDocuments
{
    private const string Prefix = "Documents/";
    private const string Suffix = "/document.json";

    /// <summary><c>manifest-notification</c>, <c>transportation-notification</c>, <c>wco-declaration</c>.</summary>
    public static IReadOnlyList<string> Ids { get; } =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(n => n[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal)];

    /// <exception cref="KeyNotFoundException">No such document; the message lists those there are.</exception>
    public static MappingDocument Load(string id)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + id + Suffix)
            ?? throw new KeyNotFoundException($"There is no built-in mapping document '{id}'. Documents: {string.Join(", ", Ids)}.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var reading = MappingDocumentParser.Parse(bytes.ToArray());
        return reading.Document
            ?? throw new InvalidOperationException($"The built-in mapping document '{id}' is broken: {string.Join(" ", reading.Problems)}");
    }
}
