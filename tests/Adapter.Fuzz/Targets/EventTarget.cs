using System.Text;
using Adapter.Mappings.Documents;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Fuzz.Targets;

/// <summary>An event as examples and previews write it, through each document that reads events.</summary>
internal sealed class EventTarget : Target
{
    private static readonly Lazy<IReadOnlyList<CompiledMapping>> Mappings = new(() => Sources.BuiltIn(readsMessages: false));

    public override string Name => "event";

    public override IEnumerable<byte[]> Seeds() => BuiltInDocuments.Ids.SelectMany(BuiltInDocuments.Files).Where(f => f.Key.EndsWith(".input.json", StringComparison.Ordinal)).Select(f => Encoding.UTF8.GetBytes(f.Value));

    public override void Take(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        foreach (var mapping in Mappings.Value)
        {
            if (!MappingSource.TryRead(mapping, text, out var source, out var problem))
            {
                Must(problem.Length > 0, "A text that is no event is told why.");
                return;
            }

            Sources.Run(mapping, source);
        }
    }
}
