using System.Text;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Journeys;
using Xunit;

namespace Adapter.Conformance;

/// <summary>Stuck messages that are mapped again, in place or as revisions.</summary>
public abstract class LaneRepairConformance : LaneConformance
{
    [Fact]
    public async Task A_revision_takes_the_number_and_the_place_of_what_it_supersedes()
    {
        await QueueAsync(1, 2);
        var head = (await DueAsync())[0];
        await EndAsync(head, new NextMove.Park("refused with code 7"), "rejected", told: true);
        var cases = await Store.Lanes.RepairableAsync(Lane, Cancel);
        cases.ShouldHaveSingleItem().ShouldSatisfyAllConditions(c => (c.Id, c.HasBytes, c.Revision).ShouldBe((head.MessageId, true, 1)), c => c.Source.IsEmpty.ShouldBeFalse());

        (await Store.Lanes.RepairAsync(Lane, [Revision(head)], Somebody, "the number was mistyped", Cancel)).ShouldBeNull();

        var again = (await DueAsync()).ShouldHaveSingleItem();
        (again.MessageId, again.Number, again.Attempts, again.Soap, again.Action).ShouldBe(("revision-2", 1, 0, SoapVersion.Soap12, "urn:new"));
        Encoding.UTF8.GetString(again.Body.Span).ShouldBe("<m revised=\"1\"/>");
        (await StoryAsync(head)).ShouldSatisfyAllConditions(
            s => s.State.ShouldBe("superseded"), s => s.SupersededBy.ShouldBe("revision-2"), s => s.Body.ShouldBe("<m n=\"1\"/>"), s => s.Attempts.Count.ShouldBe(1));
        (await StoryAsync(again)).ShouldSatisfyAllConditions(s => s.Supersedes.ShouldBe(head.MessageId), s => s.Revision.ShouldBe(2), s => s.DecisionKey.ShouldBe("decision-1"));
        (await Store.Processing.LoadAsync(new Touched([], ["J-1"], [], Store.Clock.GetUtcNow()), Cancel)).Superseded.ShouldBe(
            new Dictionary<string, string> { [head.MessageId] = "revision-2" });
        await AuditIsAsync("lane.revise", "the number was mistyped");
        (await EndAsync(again, new NextMove.Delivered(Duplicate: false), "delivered")).ShouldNotBeNull().Number.ShouldBe(2);
    }

    [Fact]
    public async Task A_head_without_bytes_gets_them_in_place_and_with_it_those_behind()
    {
        await QueueAsync((1, false), (2, true), (3, false));
        var cases = await Store.Lanes.RepairableAsync(Lane, Cancel);
        cases.Select(c => (c.Number, c.HasBytes)).ShouldBe([(1, false), (3, false)]);

        (await Store.Lanes.RepairAsync(Lane, [.. cases.Select(c => InPlace(c.Id))], Somebody, "document mended", Cancel)).ShouldBeNull();

        var head = (await DueAsync()).ShouldHaveSingleItem();
        (head.MessageId, head.Number).ShouldBe((cases[0].Id, 1));
        (await StoryAsync(head)).ShouldSatisfyAllConditions(s => s.Problem.ShouldBeNull(), s => s.Revision.ShouldBe(1), s => s.BodySha256.ShouldNotBeNull());
        await AuditIsAsync("lane.map-again", "document mended");
        var second = (await EndAsync(head, new NextMove.Delivered(Duplicate: false), "delivered")).ShouldNotBeNull();
        (await EndAsync(second, new NextMove.Delivered(Duplicate: false), "delivered")).ShouldNotBeNull().Number.ShouldBe(3);
    }

    [Fact]
    public async Task A_repair_of_what_is_no_longer_the_head_changes_nothing()
    {
        await QueueAsync(1, 2);
        (await Store.Lanes.RepairableAsync(Lane, Cancel)).ShouldBeEmpty("the lane is not parked");
        var head = (await DueAsync())[0];
        await EndAsync(head, new NextMove.Park("refused"), "rejected", told: true);
        await Store.Lanes.SkipAsync(Lane, Somebody, "x", Cancel);
        await EndAsync((await DueAsync())[0], new NextMove.Park("refused"), "rejected", told: true);

        (await Store.Lanes.RepairAsync(Lane, [Revision(head)], Somebody, "x", Cancel)).ShouldNotBeNull().ShouldContain("no longer");

        (await LaneAsync()).ShouldSatisfyAllConditions(l => l.State.ShouldBe(LaneState.Parked), l => l.Head.ShouldBe(2));
    }

    [Fact]
    public async Task The_bytes_of_a_message_behind_the_head_change_only_by_a_repair_of_the_head()
    {
        await QueueAsync(1, 2);
        var head = (await DueAsync())[0];
        await EndAsync(head, new NextMove.Park("refused"), "rejected", told: true);
        var behind = Batch.Message(2, 1).Id;

        (await Store.Lanes.RepairAsync(Lane, [Revision(head), InPlace(behind)], Somebody, "x", Cancel)).ShouldBeNull();

        (await Store.Lanes.FindMessageAsync(behind, Cancel)).ShouldNotBeNull().Body.ShouldBe("<m revised=\"1\"/>");
    }

    [Fact]
    public async Task The_bytes_of_a_message_cannot_be_changed_by_anybody()
    {
        await QueueAsync(1);
        var head = (await DueAsync())[0];

        await Should.ThrowAsync<Exception>(() => Store.OverwriteBytesAsync(head.MessageId));

        (await StoryAsync(head)).Body.ShouldBe("<m n=\"1\"/>");
    }
}
