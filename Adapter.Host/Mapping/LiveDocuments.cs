using Adapter.Host.Mapping.Versions;
using Adapter.Mappings.Documents;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Mapping;

/// <summary>The mapping documents in force, compiled once, and the targets they aim at. Replaced as a whole, so that every message is made by one version.</summary>
internal sealed class LiveDocuments(SchemaCatalogue builtIn)
{
    private volatile Snapshot _now = new(builtIn, [], new Dictionary<string, Entry>(StringComparer.Ordinal), Generation: 0);

    /// <summary>The targets that ship and those that administrators brought.</summary>
    public SchemaCatalogue Schemas => _now.Schemas;

    /// <summary>The store's generation that this reflects.</summary>
    public long Generation => _now.Generation;

    public CompiledMapping? Find(string id) => _now.Documents.GetValueOrDefault(id)?.Mapping;

    /// <summary>Why a document that should be live cannot be used; null where it is not live at all.</summary>
    public string? WhyNot(string id) => _now.Documents.GetValueOrDefault(id)?.Problem;

    /// <summary>Takes over what the store says is live. What has not changed is not compiled again.</summary>
    /// <returns>Live versions that do not compile: their target or this program changed since they were approved.</returns>
    public IReadOnlyList<(MappingVersion Version, string Problem)> Replace(IReadOnlyList<MappingVersion> live, IReadOnlyList<MappingTarget> targets, long generation)
    {
        var before = _now;
        var compiledTargets = new List<SchemaTarget>();
        foreach (var target in targets)
        {
            // A target never changes, so one that is known is the same.
            if (before.Targets.FirstOrDefault(t => t.Name == target.Name) is { } known)
            {
                compiledTargets.Add(known);
            }
            else if (SchemaSetCompiler.Compile(target.Name, target.Root, Files(target.Files)).Target is { } compiled)
            {
                compiledTargets.Add(compiled);
            }
        }

        var schemas = compiledTargets.Count == before.Targets.Count ? before.Schemas : builtIn.With(compiledTargets);
        var documents = new Dictionary<string, Entry>(StringComparer.Ordinal);
        var broken = new List<(MappingVersion, string)>();
        foreach (var version in live)
        {
            var entry = before.Documents.GetValueOrDefault(version.Document) is { Mapping: not null } same && same.Version == version.Version
                ? same
                : Compiled(version, schemas);
            documents.Add(version.Document, entry);
            if (entry.Problem is { } problem)
            {
                broken.Add((version, problem));
            }
        }

        _now = new Snapshot(schemas, compiledTargets, documents, generation);
        return broken;
    }

    /// <summary>The documents that ship, in force: for tests and tools without a store.</summary>
    /// <exception cref="InvalidOperationException">A shipped document does not compile: a defect of this build.</exception>
    public static LiveDocuments OfProgram(SchemaCatalogue schemas)
    {
        var documents = new LiveDocuments(schemas);
        var broken = documents.Replace(
            [.. BuiltInDocuments.Ids.Select(id => new MappingVersion(
                id, BuiltInDocuments.Load(id).Version, 1, MappingState.Live, BuiltInDocuments.Text(id), BuiltInDocuments.Files(id), [], default, null, null, null, null, null))],
            [], generation: 0);
        return broken.Count == 0 ? documents : throw new InvalidOperationException($"The built-in mapping document '{broken[0].Version.Document}' does not compile: {broken[0].Problem}");
    }

    public static IReadOnlyList<SchemaFile> Files(IReadOnlyDictionary<string, string> files) =>
        [.. files.Select(file => new SchemaFile(file.Key, System.Text.Encoding.UTF8.GetBytes(file.Value)))];

    private static Entry Compiled(MappingVersion version, SchemaCatalogue schemas)
    {
        var found = version.Check(schemas);
        return found.Mapping is { } mapping
            ? new Entry(version.Version, mapping, null)
            : new Entry(version.Version, null, string.Join("; ", found.Problems.Select(p => $"{p.Line}:{p.Column} {p.Code} {p.Message}")));
    }

    private sealed record Entry(int Version, CompiledMapping? Mapping, string? Problem);

    private sealed record Snapshot(SchemaCatalogue Schemas, IReadOnlyList<SchemaTarget> Targets, IReadOnlyDictionary<string, Entry> Documents, long Generation);
}
