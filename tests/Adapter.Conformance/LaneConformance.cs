using Adapter.Contracts.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Storage;

namespace Adapter.Conformance;

/// <summary>Lanes with messages in them, and short words for what is done to them.</summary>
public abstract class LaneConformance : StoreConformance
{
    private protected static readonly Actor Somebody = new("operator-1");
    private protected static readonly LaneKey Lane = new("manifest", "journey:J-1");

    private protected Task QueueAsync(params long[] numbers) => QueueAsync([.. numbers.Select(n => (n, true))]);

    private protected Task QueueAsync(params (long Number, bool Mapped)[] messages) => QueueAsync(Lane.Destination, "J-1", messages);

    private protected async Task QueueAsync(string destination, string journey, params (long Number, bool Mapped)[] messages)
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("manifest"), Batch.Receiver("transportation")], Cancel);
        await Store.Journal.AppendAsync([Batch.Act(Store.Clock.GetUtcNow())], Cancel);
        var entry = (await Store.Processing.ClaimAsync(100, Cancel))[^1];
        var subject = Subject.OfJourney(journey);
        var version = (await Store.Processing.LoadAsync(new Touched([], [journey], [], Store.Clock.GetUtcNow()), Cancel)).Subjects is [var known, ..] ? known.Version : 0;
        await Store.Processing.SaveAsync(Batch.Of(entry) with
        {
            Subjects =
            [
                new MappedSubject(
                    new SubjectState(subject) { Version = version },
                    [.. messages.Select(m => Batch.Message(m.Number, entry.Position, destination, subject, m.Mapped))]),
            ],
        }, Cancel);
    }

    private protected Task<IReadOnlyList<LaneHead>> DueAsync(string destination = "manifest", int most = 10) => Store.Lanes.DueAsync(destination, [], most, Cancel);

    private protected Task<LaneHead?> EndAsync(LaneHead head, NextMove move, string outcome, AttemptPurpose purpose = AttemptPurpose.Send, long? id = null, bool told = false) =>
        Store.Lanes.EndAsync(head, new AttemptRecord(id, purpose, Store.Clock.GetUtcNow(), outcome, 200, "detail", default) { ReceiverTold = told }, move, Cancel);

    private protected static LaterAnswer Answer(LaneHead head, string verdict) =>
        new(head.Lane.Destination, head.MessageId, new Receipt(Enum.Parse<Verdict>(verdict), "7", "because"), "<answer/>"u8.ToArray());

    private protected static Repair Revision(LaneHead head) => InPlace(head.MessageId) with { Id = "revision-2", Revision = 2 };

    private protected static Repair InPlace(string id) => new(
        id, id, 1, Corrects: null, "{}"u8.ToArray(), "manifest-notification", 2, SoapVersion.Soap12, "urn:new", "<m revised=\"1\"/>"u8.ToArray());

    private protected NextMove.RetryAt Retry(TimeSpan wait) => new(Store.Clock.GetUtcNow() + wait, CountsAsAttempt: true, "no answer", OutcomeUnknown: true);

    private protected async Task<LaneView> LaneAsync() => (await Store.Lanes.ListAsync(new LaneFilter(Lane.Destination, Lane.Subject, null, 10), Cancel)).ShouldHaveSingleItem();

    private protected async Task<List<string>> ListAsync(LaneFilter filter) => [.. (await Store.Lanes.ListAsync(filter, Cancel)).Select(l => $"{l.Destination} {l.Subject}")];

    private protected async Task<MessageStory> StoryAsync(LaneHead head) => (await Store.Lanes.FindMessageAsync(head.MessageId, Cancel)).ShouldNotBeNull();

    private protected Task<IReadOnlyList<AuditEntry>> AuditAsync() => Store.Principals.AuditAsync(long.MaxValue, 100, Cancel);

    private protected async Task AuditIsAsync(string action, string reason)
    {
        var line = (await AuditAsync()).ShouldHaveSingleItem();
        (line.Actor, line.Action, line.Subject, line.Detail, line.At).ShouldBe(("operator-1", action, "manifest/journey:J-1#1", reason, Store.Clock.GetUtcNow()));
    }
}
