using Adapter.Contracts.Admin;
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
        var source = new OutgoingEvent(
            new MessageInfo(id, draft.Number, 1, destination.Name, subject.ToString(), Supersedes: null, draft.Corrects, outgoing.IsWithdrawal),
            draft.Event, draft.Journey);
        // Taken once: both bodies of a message are of one version, whatever is published meanwhile.
        var document = documents.Find(destination.Document);
        var bytes = Map(document, destination, source);
        return new MappedMessage(
            id, destination, subject, draft.Number, draft.DecisionKey, outgoing.Decision, draft.Corrects, draft.Entry, source,
            destination.Document, bytes.DocumentVersion, bytes.Body, bytes.Problem)
        {
            OvertakingBody = bytes.Body is not null && MayOvertake(draft)
                ? Map(document, destination, source with { Message = source.Message with { OutOfSequence = true } }).Body
                : null,
        };
    }

    /// <summary>Alarms alone, and no corrections: they tell of themselves, whatever was told before.</summary>
    private static bool MayOvertake(Draft draft) =>
        draft.Corrects is null && draft.Outgoing.Decision.IsAlarm && draft.Destination.Overtakes.Contains(draft.Outgoing.Decision.Kind);

    public MappedBytes Map(Destination destination, OutgoingEvent source) => Map(documents.Find(destination.Document), destination, source);

    private MappedBytes Map(CompiledMapping? document, Destination destination, OutgoingEvent source) => document?.Apply(source) switch
    {
        null => new MappedBytes(null, documents.WhyNot(destination.Document) is { } problem
            ? $"The live mapping document '{destination.Document}' cannot be used: {problem}"
            : $"There is no live mapping document '{destination.Document}'. Publish it, or choose another for destination {destination.Name}.", 0),
        MappingOutcome.Mapped mapped => new MappedBytes(mapped.Body, null, document.Version),
        MappingOutcome.Failed failed => new MappedBytes(
            null, string.Join(" ", failed.Problems.Select(p => $"{p.Code}: {p.Message}{(p.Row is null ? "" : $" (row {p.Row})")}")), document.Version),
        var other => throw new InvalidOperationException($"The mapping engine answered {other}."),
    };
}
