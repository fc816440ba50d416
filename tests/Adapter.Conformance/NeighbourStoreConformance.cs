using Adapter.Host.Delivery;
using Adapter.Host.Journal;
using Adapter.Host.Mapping.Rehearsing;
using Adapter.Host.Neighbours;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What the exchange with neighbours relies on: a reference counts once, gaps are seen, answers go out with their verdict or not at all.</summary>
public abstract class NeighbourStoreConformance : StoreConformance
{
    [Fact]
    public async Task The_first_message_with_a_reference_counts()
    {
        (await KeepAsync(Message("a", 1))).ShouldBeTrue();
        (await KeepAsync(Message("a", 1) with { Sha256 = "other" })).ShouldBeFalse();
        (await KeepAsync(Message("a", 1) with { Neighbour = "rwanda" })).ShouldBeTrue("each neighbour has references of its own");
        await Store.ReopenAsync();

        var kept = (await Store.Neighbours.FindAsync("uganda", "a", Cancel)).ShouldNotBeNull();
        (kept.Lane, kept.Number, kept.Sha256, kept.State, kept.Entry, kept.ReceivedAt).ShouldBe(("26KE1", 1, "sha", KeptMessage.Pending, 1, Store.Clock.GetUtcNow()));
        kept.Answer.IsEmpty.ShouldBeTrue();
        (await Store.Neighbours.FindAsync("uganda", "b", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Numbers_that_did_not_arrive_are_seen_and_those_that_came_late_are_not_missing()
    {
        await KeepAsync(Message("a", 1));
        await KeepAsync(Message("d", 4));
        await KeepAsync(Message("x", 2) with { Lane = "26KE2" });

        (await Store.Neighbours.MissingAsync("uganda", "26KE1", 1, Cancel)).ShouldBeEmpty();
        (await Store.Neighbours.MissingAsync("uganda", "26KE1", 6, Cancel)).ShouldBe([2, 3, 5]);
        await KeepAsync(Message("c", 3));
        (await Store.Neighbours.MissingAsync("uganda", "26KE1", 4, Cancel)).ShouldBe([2]);
        (await Store.Neighbours.MissingAsync("uganda", "26KE1", 1000, Cancel)).Count.ShouldBe(100);
    }

    [Fact]
    public async Task A_verdict_and_the_word_that_tells_it_are_one()
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("uganda-answers")], Cancel);
        var entry = await AppendAsync();
        await KeepAsync(Message("a", 1));
        (await Store.Neighbours.PendingAsync(Cancel)).ShouldHaveSingleItem().Reference.ShouldBe("a");
        (await Store.Lanes.DueAsync("uganda-answers", [], 10, Cancel)).ShouldBeEmpty();

        var concluded = Message("a", 1) with { State = KeptMessage.Accepted, Answer = "<yes/>"u8.ToArray() };
        await Store.Neighbours.ConcludeAsync(concluded, [Word(entry, "00000000000000000000000000000001")], Cancel);
        await Store.Neighbours.ConcludeAsync(concluded with { State = KeptMessage.Rejected }, [Word(entry, "00000000000000000000000000000002")], Cancel);

        (await Store.Neighbours.PendingAsync(Cancel)).ShouldBeEmpty();
        (await Store.Neighbours.FindAsync("uganda", "a", Cancel)).ShouldNotBeNull().ShouldSatisfyAllConditions(k => k.State.ShouldBe(KeptMessage.Accepted), k => k.Answer.Length.ShouldBe(6));
        (await Store.Lanes.DueAsync("uganda-answers", [], 10, Cancel)).ShouldHaveSingleItem().MessageId.ShouldBe("00000000000000000000000000000001");
    }

    [Fact]
    public async Task Words_about_one_movement_go_in_order()
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("uganda-answers")], Cancel);
        var entry = await AppendAsync();
        await Store.Neighbours.KeepAsync(Message("a", 1), [Word(entry, "00000000000000000000000000000001"), Word(entry, "00000000000000000000000000000002")], Cancel);
        await Store.Neighbours.KeepAsync(Message("a", 1), [Word(entry, "00000000000000000000000000000003")], Cancel);

        (await Store.Lanes.DueAsync("uganda-answers", [], 10, Cancel)).ShouldHaveSingleItem().Number.ShouldBe(1);
        (await Store.Lanes.ListAsync(new LaneFilter("uganda-answers", null, null, 10), Cancel)).ShouldHaveSingleItem().LastNumber.ShouldBe(2, "a message that was known brings no word");
    }

    [Fact]
    public async Task Delivered_messages_beside_one_of_ours_are_found_by_number_the_highest_first()
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("uganda-answers")], Cancel);
        var entry = await AppendAsync();
        string[] ids = ["00000000000000000000000000000001", "00000000000000000000000000000002", "00000000000000000000000000000003", "00000000000000000000000000000004"];
        await Store.Neighbours.KeepAsync(Message("a", 1), [.. ids.Select(id => Word(entry, id))], Cancel);
        for (var number = 1; number <= 3; number++)
        {
            var head = (await Store.Lanes.DueAsync("uganda-answers", [], 10, Cancel))[0];
            await Store.Lanes.EndAsync(
                head, new AttemptRecord(null, AttemptPurpose.Send, Store.Clock.GetUtcNow(), "delivered", 200, "", default), new Adapter.Host.Delivery.Outcomes.NextMove.Delivered(Duplicate: false), Cancel);
        }

        (await Store.Neighbours.DeliveredBesideAsync("uganda-answers", ids[3], [1, 2, 4], Cancel)).ShouldBe([ids[1], ids[0]]);
        (await Store.Neighbours.DeliveredBesideAsync("another", ids[3], [1, 2], Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_document_read_is_kept_with_its_version_and_can_be_rehearsed_in_the_order_of_the_journal()
    {
        KeptMessage Read(string reference, long? entry, string document) => Message(reference, 1) with
        {
            Entry = entry,
            Source = System.Text.Encoding.UTF8.GetBytes($"<{reference}/>"),
            Document = document,
            DocumentVersion = 3,
            MessageId = "urn:x:" + reference,
        };
        await KeepAsync(Read("b", 7, "theirs"));
        await KeepAsync(Read("a", 9, "theirs"));
        await KeepAsync(Read("c", null, "theirs"));
        await KeepAsync(Read("d", 8, "another"));
        await KeepAsync(Message("e", 1));
        await Store.ReopenAsync();

        var kept = (await Store.Neighbours.FindAsync("uganda", "b", Cancel)).ShouldNotBeNull();
        (kept.Document, kept.DocumentVersion, kept.MessageId).ShouldBe(("theirs", 3, "urn:x:b"));
        var all = new TrafficStretch("theirs", 0, long.MaxValue) { Received = true };
        (await Store.Traffic.CountAsync(all, Cancel)).ShouldBe(3);
        var page = await Store.Traffic.PageAsync(all, null, 2, Cancel);
        page.Select(m => (m.Entry, m.Id)).ShouldBe([(0, "uganda/c"), (7, "uganda/b")]);
        page[1].Source.ToArray().ShouldBe("<b/>"u8.ToArray());
        (await Store.Traffic.PageAsync(all, page[1], 2, Cancel)).ShouldHaveSingleItem().Id.ShouldBe("uganda/a");
        (await Store.Traffic.CountAsync(all with { From = 8 }, Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task A_word_names_the_message_that_it_answers_also_as_the_next_in_its_lane()
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("uganda-answers")], Cancel);
        var entry = await AppendAsync();
        await Store.Neighbours.KeepAsync(
            Message("a", 1),
            [Word(entry, "00000000000000000000000000000001") with { RelatesTo = "urn:x:1" }, Word(entry, "00000000000000000000000000000002") with { RelatesTo = "urn:x:2" }, Word(entry, "00000000000000000000000000000003")],
            Cancel);

        var head = (await Store.Lanes.DueAsync("uganda-answers", [], 10, Cancel)).ShouldHaveSingleItem();
        head.RelatesTo.ShouldBe("urn:x:1");
        var delivered = new AttemptRecord(null, AttemptPurpose.Send, Store.Clock.GetUtcNow(), "delivered", 200, "", default);
        var next = (await Store.Lanes.EndAsync(head, delivered, new Adapter.Host.Delivery.Outcomes.NextMove.Delivered(Duplicate: false), Cancel)).ShouldNotBeNull();
        next.RelatesTo.ShouldBe("urn:x:2");
        (await Store.Lanes.EndAsync(next, delivered, new Adapter.Host.Delivery.Outcomes.NextMove.Delivered(Duplicate: false), Cancel)).ShouldNotBeNull().RelatesTo.ShouldBeNull();
    }

    private KeptMessage Message(string reference, long number) =>
        new("uganda", reference, "26KE1", number, Store.Clock.GetUtcNow(), "sha", 1, KeptMessage.Pending, default);

    private Task<bool> KeepAsync(KeptMessage message) => Store.Neighbours.KeepAsync(message, [], Cancel);

    /// <summary>An entry of the journal to tell of; each engine numbers its own way.</summary>
    private async Task<long> AppendAsync() =>
        (await Store.Journal.AppendAsync([Batch.Act(Store.Clock.GetUtcNow())], Cancel)).ShouldHaveSingleItem().ShouldBeOfType<AppendResult.Stored>().Position;

    private static LaterWord Word(long entry, string id) => new(Batch.Receiver("uganda-answers"), id, "journey:26KE1#answers", entry, "<word/>"u8.ToArray());
}
