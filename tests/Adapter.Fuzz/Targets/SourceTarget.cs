using System.Text;
using Adapter.Mappings.Documents;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Fuzz.Targets;

/// <summary>An event, or a neighbour's message, as examples and previews write it, through each document that reads such.</summary>
/// <param name="name">The target's name.</param>
/// <param name="readsMessages">Whether it is about what neighbours send.</param>
/// <param name="ending">How the files of such examples end.</param>
internal sealed class SourceTarget(string name, bool readsMessages, string ending) : Target
{
    private readonly Lazy<IReadOnlyList<CompiledMapping>> _mappings = new(() => Sources.BuiltIn(readsMessages));

    public override string Name => name;

    public override IEnumerable<byte[]> Seeds() =>
        BuiltInDocuments.Ids.SelectMany(BuiltInDocuments.Files).Where(f => f.Key.EndsWith(ending, StringComparison.Ordinal)).Select(f => Encoding.UTF8.GetBytes(f.Value));

    public override void Take(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        foreach (var mapping in _mappings.Value)
        {
            if (!MappingSource.TryRead(mapping, text, out var source, out var problem))
            {
                Must(problem.Length > 0, "A text that cannot be read is told why.");
                return;
            }

            mapping.Apply(source);
            mapping.Explain(source);
        }
    }
}
