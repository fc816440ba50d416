using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What doubt is left by lost answers and by hosts that died, and when it ends.</summary>
public abstract class LaneRecoveryConformance : LaneConformance
{
    [Fact]
    public async Task A_clock_that_was_put_back_while_no_host_ran_keeps_nothing_waiting()
    {
        await QueueAsync(1);
        await EndAsync((await DueAsync())[0], Retry(TimeSpan.FromMinutes(5)), "unknown");
        await QueueAsync("manifest", "J-2", (1, true));
        Store.Clock.Advance(TimeSpan.FromMinutes(-60));

        await Store.Lanes.RecoverAsync([], Cancel);
        (await DueAsync()).ShouldHaveSingleItem().Lane.Subject.ShouldBe("journey:J-2", "what was due stays due");
        (await LaneAsync()).DueAt.ShouldBe(Store.Clock.GetUtcNow().AddMinutes(5));
        Store.Clock.Advance(TimeSpan.FromMinutes(2));
        await Store.Lanes.RecoverAsync([], Cancel);
        (await LaneAsync()).DueAt.ShouldBe(Store.Clock.GetUtcNow().AddMinutes(3), "one restart more changes nothing");
    }

    [Fact]
    public async Task A_restart_does_not_change_when_a_repeat_is_due()
    {
        await QueueAsync(1);
        await EndAsync((await DueAsync())[0], Retry(TimeSpan.FromMinutes(5)), "unknown");
        Store.Clock.Advance(TimeSpan.FromMinutes(2));

        await Store.Lanes.RecoverAsync([], Cancel);

        (await LaneAsync()).DueAt.ShouldBe(Store.Clock.GetUtcNow().AddMinutes(3));
    }

    [Fact]
    public async Task Doubt_ends_with_the_delivery()
    {
        await QueueAsync(1);
        var head = (await DueAsync()).ShouldHaveSingleItem();
        await EndAsync(head, Retry(TimeSpan.Zero), "unknown");
        (await StoryAsync(head)).InDoubt.ShouldBeTrue();

        await EndAsync((await DueAsync()).ShouldHaveSingleItem(), new NextMove.Delivered(Duplicate: true), "delivered", told: true);

        var story = await StoryAsync(head);
        (story.State, story.InDoubt).ShouldBe(("delivered", false));
    }

    [Fact]
    public async Task Doubt_ends_when_the_receiver_itself_tells()
    {
        await QueueAsync(1);
        var head = (await DueAsync())[0];
        await EndAsync(head, Retry(TimeSpan.Zero), "unknown");

        await EndAsync(head, new NextMove.Park("refused with code 7"), "rejected", told: true);

        (await LaneAsync()).InDoubt.ShouldBeFalse();
        (await Store.Lanes.ReconcileAsync(Lane, Reconciliation.TookEffect, Somebody, "x", Cancel)).ShouldNotBeNull().ShouldContain("is parked");
        (await Store.Lanes.RepairAsync(Lane, [Revision(head)], Somebody, "x", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task After_a_crash_a_begun_attempt_is_in_doubt()
    {
        await QueueAsync(1);
        await Store.Lanes.BeginAsync((await DueAsync())[0], AttemptPurpose.Send, Cancel);
        await Store.ReopenAsync();
        await Store.Lanes.RecoverAsync([Batch.Receiver("manifest")], Cancel);

        (await LaneAsync()).InDoubt.ShouldBeTrue();
    }

    [Fact]
    public async Task After_a_crash_a_begun_attempt_is_asked_about_where_that_is_possible_and_waits_for_a_person_elsewhere()
    {
        await QueueAsync("manifest", "J-1", (1, true));
        await QueueAsync("transportation", "J-1", (1, true));
        await Store.Lanes.BeginAsync((await DueAsync("manifest"))[0], AttemptPurpose.Send, Cancel);
        await Store.Lanes.BeginAsync((await DueAsync("transportation"))[0], AttemptPurpose.Send, Cancel);
        await Store.ReopenAsync();

        (await Store.Lanes.RecoverAsync([Batch.Receiver("manifest"), Batch.Askable("transportation")], Cancel)).ShouldBe(2);

        (await LaneAsync()).ShouldSatisfyAllConditions(lane => lane.State.ShouldBe(LaneState.Unknown), lane => lane.Attempts.ShouldBe(1));
        (await DueAsync()).ShouldBeEmpty();
        // Not before the interrupted request can have ended at the receiver.
        (await DueAsync("transportation")).ShouldBeEmpty();
        Store.Clock.Advance(Batch.Askable("transportation").AttemptTimeout);
        var asking = (await DueAsync("transportation")).ShouldHaveSingleItem();
        (asking.State, asking.Attempts).ShouldBe((LaneState.Asking, 1));
        (await StoryAsync(asking)).Attempts.ShouldHaveSingleItem().Outcome.ShouldBe("unknown");
        (await Store.Lanes.RecoverAsync([Batch.Receiver("manifest"), Batch.Askable("transportation")], Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task After_a_crash_an_ended_attempt_stays_as_it_ended()
    {
        await QueueAsync(1);
        var head = (await DueAsync())[0];
        var id = await Store.Lanes.BeginAsync(head, AttemptPurpose.Send, Cancel);
        await EndAsync(head, new NextMove.Delivered(Duplicate: false), "delivered", id: id);
        await Store.ReopenAsync();

        (await Store.Lanes.RecoverAsync([Batch.Receiver("manifest")], Cancel)).ShouldBe(0);

        (await LaneAsync()).State.ShouldBe(LaneState.Idle);
    }

    [Fact]
    public async Task After_a_crash_a_question_that_was_under_way_changes_nothing()
    {
        await QueueAsync("transportation", "J-1", (1, true));
        await EndAsync((await DueAsync("transportation"))[0], new NextMove.Ask(Store.Clock.GetUtcNow(), "no answer"), "unknown");
        await Store.Lanes.BeginAsync((await DueAsync("transportation"))[0], AttemptPurpose.Ask, Cancel);
        await Store.ReopenAsync();

        (await Store.Lanes.RecoverAsync([Batch.Askable("transportation")], Cancel)).ShouldBe(1);

        var head = (await DueAsync("transportation")).ShouldHaveSingleItem();
        (head.State, head.Attempts).ShouldBe((LaneState.Asking, 1));
    }
}
