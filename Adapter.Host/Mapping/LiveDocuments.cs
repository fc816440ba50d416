using Adapter.Mappings.Documents;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Mapping;

/// <summary>The mapping documents in force, compiled once.</summary>
/// <remarks>For now the documents that ship with the program; editing and publishing come with the life of a version.</remarks>
internal sealed class LiveDocuments
{
    private readonly Dictionary<string, CompiledMapping> _live = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">A shipped document does not compile: a defect of this build.</exception>
    public LiveDocuments(SchemaCatalogue schemas)
    {
        foreach (var id in BuiltInDocuments.Ids)
        {
            var compilation = MappingCompiler.Compile(BuiltInDocuments.Load(id), schemas);
            _live.Add(id, compilation.Mapping ?? throw new InvalidOperationException(
                $"The built-in mapping document '{id}' does not compile: {string.Join("; ", compilation.Problems.Select(p => $"{p.Line}:{p.Column} {p.Code} {p.Message}"))}"));
        }
    }

    public CompiledMapping? Find(string id) => _live.GetValueOrDefault(id);
}
