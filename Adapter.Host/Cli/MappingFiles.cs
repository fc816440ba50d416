using System.Text.Json;
using System.Text.Json.Serialization;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Cli;

/// <summary>Mapping documents and target schemas as they lie in folders.</summary>
internal static class MappingFiles
{
    public const string TargetFile = "target.json";

    /// <summary>A document with what lies beside it, or of a folder its <c>document.json</c>.</summary>
    /// <exception cref="FileNotFoundException">No such file.</exception>
    public static (string File, MappingPackage Package) Read(string path)
    {
        var file = Directory.Exists(path) ? Path.Combine(path, "document.json") : path;
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"There is no mapping document {file}.", file);
        }

        var beside = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var example in new FileInfo(file).Directory!.EnumerateFiles("*.*").Where(f => f.Extension is ".json" or ".xml" && f.Name != Path.GetFileName(file)))
        {
            beside[example.Name] = File.ReadAllText(example.FullName);
        }

        return (file, new MappingPackage(File.ReadAllBytes(file), beside));
    }

    /// <summary>The schemas that ship and those in the folders given, each with a <c>target.json</c> that names target and root element.</summary>
    /// <param name="report">Told each problem of a set, with its file.</param>
    /// <returns>Null when a set is not usable.</returns>
    /// <exception cref="FileNotFoundException">A folder without <c>target.json</c>.</exception>
    public static SchemaCatalogue? Targets(IEnumerable<string> folders, Action<string> report)
    {
        var targets = new List<SchemaTarget>();
        var failed = false;
        foreach (var folder in folders)
        {
            var description = Description(folder);
            var compilation = SchemaSetCompiler.Compile(description.Name, description.Root, Schemas(folder));
            foreach (var problem in compilation.Problems)
            {
                failed = true;
                report($"{Path.Combine(folder, problem.File ?? TargetFile)}:{problem.Line ?? 1}:{problem.Column ?? 1}: {problem.Code}: {problem.Message}{(problem.Suggestion is null ? "" : " " + problem.Suggestion)}");
            }

            if (compilation.Target is { } target)
            {
                targets.Add(target);
            }
        }

        return failed ? null : SchemaCatalogue.BuiltIn.With(targets);
    }

    public static TargetDescription Description(string folder)
    {
        var file = Path.Combine(folder, TargetFile);
        if (!File.Exists(file))
        {
            throw new FileNotFoundException($"There is no {file}. It names the target and its root element: {{\"name\": \"national/seal\", \"root\": \"{{urn:…}}SealReport\"}}.", file);
        }

        try
        {
            return JsonSerializer.Deserialize<TargetDescription>(File.ReadAllText(file), TargetDescription.Reading)
                ?? throw new FormatException($"{file} is empty.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"{file}: {e.Message}", e);
        }
    }

    public static IReadOnlyList<SchemaFile> Schemas(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.xsd", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => new SchemaFile(Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllBytes(file)))];
}

/// <summary>Content of <c>target.json</c>.</summary>
/// <param name="Root">The element that a message starts with, as <c>{namespace}name</c>.</param>
internal sealed record TargetDescription(string Name, string Root)
{
    public static JsonSerializerOptions Reading { get; } = new(JsonSerializerOptions.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        WriteIndented = true,
    };
}
