using Adapter.Contracts.Customs;
using Adapter.Host.Mapping;
using Adapter.Mappings.Engine;

namespace Adapter.Host.Neighbours;

/// <summary>Turns messages of neighbours into statements by the mapping documents that are live.</summary>
internal sealed class InboundDocuments(LiveDocuments documents)
{
    /// <exception cref="InvalidOperationException">The document is not live, or makes something else: nobody can understand the message until another version is published.</exception>
    public Understanding Understand(string document, ReceivedMessage message)
    {
        if (documents.Find(document) is not { ReadsMessages: true, Target: Statements } mapping)
        {
            throw new InvalidOperationException(documents.WhyNot(document) is { } problem
                ? $"The live mapping document '{document}' cannot be used: {problem}"
                : $"There is no live mapping document '{document}' that reads messages of neighbours and writes {Statements}. Publish one, or name another in Neighbours:{message.Neighbour.Name}.");
        }

        return mapping.Apply(message) switch
        {
            MappingOutcome.Mapped mapped => new Understanding(NeighbourStatement.Read(mapped.Body), document, mapping.Version, null),
            MappingOutcome.Failed { Problems: [var first, ..] } => new Understanding(null, document, mapping.Version, $"{first.Code}: {first.Message}{(first.Row is null ? "" : $" (row {first.Row} of {document} version {mapping.Version})")}"),
            var other => throw new InvalidOperationException($"The mapping engine answered {other}."),
        };
    }

    private const string Statements = "transit/neighbour-statement";
}

/// <param name="Statement">Null where the document makes none of the message.</param>
/// <param name="Version">Of the document.</param>
/// <param name="Problem">Why it makes none.</param>
internal sealed record Understanding(NeighbourStatement? Statement, string Document, int Version, string? Problem);
