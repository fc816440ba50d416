using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What later answers do to their messages, wherever those stand in their lanes.</summary>
public abstract class LaneAnswersConformance : LaneConformance
{
    [Theory]
    [InlineData("Accepted", "delivered", 2)]
    [InlineData("Rejected", "queued", 1)]
    public async Task An_answer_that_is_faster_than_its_acknowledgement_decides(string verdict, string becomes, int headIsThen)
    {
        await QueueAsync(1, 2);
        var head = (await DueAsync())[0];

        await Store.Lanes.AnswerAsync(Answer(head, verdict), Cancel);
        await EndAsync(head, new NextMove.Await(Store.Clock.GetUtcNow().AddHours(1), "acknowledged"), "acknowledged");

        (await StoryAsync(head)).State.ShouldBe(becomes);
        var lane = await LaneAsync();
        (lane.Head, lane.State).ShouldBe((headIsThen, verdict == "Accepted" ? LaneState.Waiting : LaneState.Parked));
    }

    [Fact]
    public async Task A_rejection_of_an_earlier_message_comes_in_front_of_one_that_is_under_way()
    {
        await QueueAsync(1, 2, 3);
        var first = (await DueAsync())[0];
        var second = (await EndAsync(first, new NextMove.Delivered(Duplicate: false), "delivered")).ShouldNotBeNull();

        (await Store.Lanes.AnswerAsync(Answer(first, "Rejected"), Cancel)).ShouldBe(AnswerEffect.Parked);
        (await EndAsync(second, new NextMove.Delivered(Duplicate: false), "delivered")).ShouldBeNull();

        (await LaneAsync()).ShouldSatisfyAllConditions(l => l.Head.ShouldBe(1), l => l.State.ShouldBe(LaneState.Parked));
        (await StoryAsync(second)).State.ShouldBe("delivered");
        await Store.Lanes.SkipAsync(Lane, Somebody, "x", Cancel);
        (await DueAsync()).ShouldHaveSingleItem().Number.ShouldBe(3);
    }

    [Fact]
    public async Task A_rejection_of_what_stands_behind_the_head_waits_for_its_turn_and_leaves_the_head_alone()
    {
        await QueueAsync(1, 2, 3);
        var first = (await DueAsync())[0];
        var second = (await EndAsync(first, new NextMove.Delivered(Duplicate: false), "delivered")).ShouldNotBeNull();
        await EndAsync(second, new NextMove.Delivered(Duplicate: false), "delivered");
        await Store.Lanes.AnswerAsync(Answer(first, "Rejected"), Cancel);
        await Store.Lanes.ReplayAsync(Lane, Somebody, "mended there", Cancel);
        Store.Clock.Advance(TimeSpan.FromSeconds(1));

        (await Store.Lanes.AnswerAsync(Answer(second, "Rejected") with { Receipt = new Receipt(Verdict.Rejected, "8", "another thing") }, Cancel)).ShouldBe(AnswerEffect.Parked);

        (await LaneAsync()).ShouldSatisfyAllConditions(l => l.Head.ShouldBe(1), l => l.State.ShouldBe(LaneState.Waiting, "the refusal is not its own"));
        (await EndAsync((await DueAsync()).ShouldHaveSingleItem(), new NextMove.Delivered(Duplicate: false), "delivered")).ShouldBeNull("a person decides before it goes again");
        (await LaneAsync()).ShouldSatisfyAllConditions(l => l.Head.ShouldBe(2), l => l.State.ShouldBe(LaneState.Parked), l => l.Reason.ShouldNotBeNull().ShouldContain("code 8: another thing"));
        (await Store.Lanes.ReplayAsync(Lane, Somebody, "mended too", Cancel)).ShouldBeNull();
        (await StoryAsync(second)).Problem.ShouldBeNull();
        Store.Clock.Advance(TimeSpan.FromSeconds(1));
        (await EndAsync((await DueAsync()).ShouldHaveSingleItem(), new NextMove.Delivered(Duplicate: false), "delivered")).ShouldNotBeNull().Number.ShouldBe(3);
    }

    [Fact]
    public async Task A_rejection_of_what_was_never_sent_changes_nothing()
    {
        await QueueAsync(1, 2);
        var behind = (await DueAsync())[0] with { MessageId = Batch.Message(2, 1).Id };

        (await Store.Lanes.AnswerAsync(Answer(behind, "Rejected"), Cancel)).ShouldBe(AnswerEffect.None);

        (await EndAsync((await DueAsync())[0], new NextMove.Delivered(Duplicate: false), "delivered")).ShouldNotBeNull().Number.ShouldBe(2);
    }

    [Fact]
    public async Task An_attempt_that_ends_badly_while_an_earlier_message_came_back_goes_again_in_its_turn()
    {
        await QueueAsync(1, 2);
        var first = (await DueAsync())[0];
        var second = (await EndAsync(first, new NextMove.Delivered(Duplicate: false), "delivered")).ShouldNotBeNull();
        await Store.Lanes.AnswerAsync(Answer(first, "Rejected"), Cancel);

        await EndAsync(second, new NextMove.Reconcile("lost"), "unknown");
        await Store.Lanes.SkipAsync(Lane, Somebody, "x", Cancel);

        var head = (await DueAsync()).ShouldHaveSingleItem();
        (head.Number, head.State).ShouldBe((2, LaneState.Asking), "in doubt, so not simply sent again");
    }

    [Fact]
    public async Task An_answer_that_is_waited_for_is_due_at_its_deadline()
    {
        await QueueAsync(1);
        var until = Store.Clock.GetUtcNow().AddHours(1);
        await EndAsync((await DueAsync())[0], new NextMove.Await(until, "acknowledged"), "acknowledged");

        (await DueAsync()).ShouldBeEmpty();
        (await Store.Lanes.NextDueAsync([], [], [], Cancel)).ShouldBe(until);
        await Store.ReopenAsync();
        Store.Clock.Advance(TimeSpan.FromHours(1));
        var head = (await DueAsync()).ShouldHaveSingleItem();
        (head.State, head.Attempts).ShouldBe((LaneState.Answering, 1));
        await EndAsync(head, new NextMove.Reconcile("no answer"), "unknown", AttemptPurpose.Wait);
        (await LaneAsync()).ShouldSatisfyAllConditions(l => l.State.ShouldBe(LaneState.Unknown), l => l.Attempts.ShouldBe(1), l => l.InDoubt.ShouldBeTrue());
    }
}
