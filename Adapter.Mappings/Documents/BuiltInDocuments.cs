using System.Reflection;
using System.Text;
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

    /// <summary>The text of a document.</summary>
    /// <exception cref="KeyNotFoundException">No such document; the message lists those there are.</exception>
    public static string Text(string id) => Encoding.UTF8.GetString(Bytes(id));

    /// <summary>The files of its examples, text by name.</summary>
    public static IReadOnlyDictionary<string, string> Files(string id)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var folder = $"{Prefix}{id}/";
        return assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(folder, StringComparison.Ordinal) && !n.EndsWith(Suffix, StringComparison.Ordinal))
            .ToDictionary(n => n[folder.Length..], n =>
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
                return reader.ReadToEnd();
            }, StringComparer.Ordinal);
    }

    /// <exception cref="KeyNotFoundException">No such document; the message lists those there are.</exception>
    public static MappingDocument Load(string id)
    {
        var reading = MappingDocumentParser.Parse(Bytes(id));
        return reading.Document
            ?? throw new InvalidOperationException($"The built-in mapping document '{id}' is broken: {string.Join(" ", reading.Problems)}");
    }

    private static byte[] Bytes(string id)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + id + Suffix)
            ?? throw new KeyNotFoundException($"There is no built-in mapping document '{id}'. Documents: {string.Join(", ", Ids)}.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
