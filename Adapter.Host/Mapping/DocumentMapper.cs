using Adapter.Contracts.Transit;
using Adapter.Mappings.Engine;

namespace Adapter.Host.Mapping;

/// <summary>Maps with the live mapping documents.</summary>
internal sealed class DocumentMapper(LiveDocuments documents) : IMapper
{
    public MappedMessage Map(Draft draft)
    {
        var (destination, subject, outgoing) = (draft.Destination, draft.Subject, draft.Outgoing);
        var id = MessageId.Of(destination.Name, subject, draft.DecisionKey, revision: 1);
        var corrects = outgoing.Corrects is { } original ? MessageId.Of(destination.Name, subject, original, revision: 1) : null;
        var source = new OutgoingEvent(
            new MessageInfo(id, draft.Number, 1, destination.Name, subject.ToString(), Supersedes: null, corrects, outgoing.IsWithdrawal),
            draft.Event, draft.Journey);

        var document = documents.Find(destination.Document);
        var (body, problem) = document?.Apply(source) switch
        {
            null => (default(ReadOnlyMemory<byte>?), $"There is no live mapping document '{destination.Document}'. Publish it, or choose another for destination {destination.Name}."),
            MappingOutcome.Mapped mapped => (mapped.Body, null),
            MappingOutcome.Failed failed => (null, string.Join(" ", failed.Problems.Select(p => $"{p.Code}: {p.Message}{(p.Row is null ? "" : $" (row {p.Row})")}"))),
            var other => throw new InvalidOperationException($"The mapping engine answered {other}."),
        };
        return new MappedMessage(
            id, destination, subject, draft.Number, draft.DecisionKey, outgoing.Decision, corrects, draft.Entry, source,
            destination.Document, document?.Version ?? 0, body, problem);
    }
}
