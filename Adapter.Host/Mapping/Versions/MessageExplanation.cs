using System.Security.Cryptography;
using System.Text.Json;
using Adapter.Host.Mapping.Rehearsing;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Host.Mapping.Versions;

/// <summary>Explains a message by the version that made it, also one that is not live any more.</summary>
internal sealed class MessageExplainer(IMappingStore store, LiveDocuments documents)
{
    /// <param name="sourceJson">What the document read, as kept with the message.</param>
    /// <param name="bodySha256">Of the bytes that were made; null where none were.</param>
    /// <returns>Null where the version is not in the store or does not compile any more.</returns>
    public async Task<MessageExplanation?> ExplainAsync(
        string document, int version, string sourceJson, bool outOfSequence, string? bodySha256, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(document, version, cancellationToken) is not { } found || found.Check(documents.Schemas).Mapping is not { } mapping)
        {
            return null;
        }

        var source = JsonSerializer.Deserialize(sourceJson, RehearsalJson.Default.OutgoingEvent)!;
        if (outOfSequence)
        {
            source = source with { Message = source.Message with { OutOfSequence = true } };
        }

        return Explained(document, version, mapping, source, bodySha256);
    }

    /// <summary>Explains what a version understood of a message that a neighbour sent.</summary>
    /// <param name="source">As <see cref="MappingSource.Write"/> wrote it.</param>
    /// <returns>Null where the version is not in the store or does not compile any more.</returns>
    public async Task<MessageExplanation?> ExplainReceivedAsync(string document, int version, ReadOnlyMemory<byte> source, CancellationToken cancellationToken) =>
        await store.FindAsync(document, version, cancellationToken) is { } found && found.Check(documents.Schemas).Mapping is { } mapping
            ? Explained(document, version, mapping, MappingSource.Message(source), null)
            : null;

    private static MessageExplanation Explained(string document, int version, CompiledMapping mapping, object source, string? bodySha256)
    {
        var same = mapping.Apply(source) is MappingOutcome.Mapped mapped && Convert.ToHexStringLower(SHA256.HashData(mapped.Body.Span)) == bodySha256?.ToLowerInvariant();
        return new MessageExplanation(document, version, same, [.. mapping.Explain(source).Select(e => new ExplainedValue(
            e.Path, e.Value, e.Row, e.Line, e.Expression, e.Sources.Select(s => new SourceValue(s.Key, s.Value)).ToList(), e.Uses, e.Tables))]);
    }
}

/// <param name="SameBytes">Whether the version gives the very bytes that were made; false also where none were, as with messages of neighbours.</param>
internal sealed record MessageExplanation(string Document, int Version, bool SameBytes, IReadOnlyList<ExplainedValue> Elements);

/// <param name="Path">Place in the message, numbered where elements repeat.</param>
/// <param name="Row">The row that wrote it, and its line in the document.</param>
/// <param name="Uses">Functions and tables on the way.</param>
internal sealed record ExplainedValue(
    string Path, string Value, string Row, int Line, string Expression, IReadOnlyList<SourceValue> Sources, IReadOnlyList<string> Uses, IReadOnlyList<TableLookup> Tables);

internal sealed record SourceValue(string Path, string? Value);
