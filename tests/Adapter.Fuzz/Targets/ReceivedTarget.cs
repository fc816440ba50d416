using System.Text;
using Adapter.Mappings.Documents;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Fuzz.Targets;

/// <summary>A neighbour's message through each document that reads messages.</summary>
internal sealed class ReceivedTarget : Target
{
    private static readonly Lazy<IReadOnlyList<CompiledMapping>> Mappings = new(() => Sources.BuiltIn(readsMessages: true));

    public override string Name => "received";

    public override IEnumerable<byte[]> Seeds() => BuiltInDocuments.Ids.SelectMany(BuiltInDocuments.Files).Where(f => f.Key.EndsWith(".input.xml", StringComparison.Ordinal)).Select(f => Encoding.UTF8.GetBytes(f.Value));

    public override void Take(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        foreach (var mapping in Mappings.Value)
        {
            if (!MappingSource.TryRead(mapping, text, out var source, out var problem))
            {
                Must(problem.Length > 0, "A text that is no message is told why.");
                return;
            }

            Sources.Run(mapping, source);
        }
    }
}
