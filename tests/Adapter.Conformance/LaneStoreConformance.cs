using System.Text;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What delivery relies on: order within a lane, when a head is due, and evidence of every attempt.</summary>
public abstract class LaneStoreConformance : LaneConformance
{
    [Fact]
    public async Task Only_the_oldest_message_of_a_lane_is_its_head()
    {
        await QueueAsync(1, 2, 3);

        var head = (await DueAsync()).ShouldHaveSingleItem();

        (head.Lane, head.Number, head.State, head.Attempts, head.Tries, head.Asked, head.Soap).ShouldBe((Lane, 1, LaneState.Waiting, 0, 0, 0, SoapVersion.Soap11));
        Encoding.UTF8.GetString(head.Body.Span).ShouldBe("<m n=\"1\"/>");
    }

    [Fact]
    public async Task A_delivered_head_brings_the_next_one_forward_until_the_lane_is_idle()
    {
        await QueueAsync(1, 2);
        var head = (await DueAsync())[0];

        var second = (await EndAsync(head, new NextMove.Delivered(Duplicate: false), "delivered")).ShouldNotBeNull();
        second.Number.ShouldBe(2);
        (await EndAsync(second, new NextMove.Delivered(Duplicate: true), "delivered")).ShouldBeNull();

        (await LaneAsync()).ShouldSatisfyAllConditions(
            lane => lane.State.ShouldBe(LaneState.Idle), lane => lane.Head.ShouldBeNull(), lane => lane.LastNumber.ShouldBe(2), lane => lane.DueAt.ShouldBeNull());
        (await StoryAsync(head)).State.ShouldBe("delivered");
        (await DueAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_for_an_idle_lane_becomes_its_head_again()
    {
        await QueueAsync(1);
        await EndAsync((await DueAsync())[0], new NextMove.Delivered(Duplicate: false), "delivered");

        await QueueAsync(2);

        (await DueAsync()).ShouldHaveSingleItem().Number.ShouldBe(2);
    }

    [Fact]
    public async Task A_message_behind_a_waiting_head_does_not_change_the_heads_turn()
    {
        await QueueAsync(1);
        await EndAsync((await DueAsync())[0], Retry(TimeSpan.FromHours(1)), "unknown");

        await QueueAsync(2);

        (await DueAsync()).ShouldBeEmpty();
        (await LaneAsync()).ShouldSatisfyAllConditions(lane => lane.Head.ShouldBe(1), lane => lane.LastNumber.ShouldBe(2), lane => lane.Attempts.ShouldBe(1));
    }

    [Fact]
    public async Task A_head_without_bytes_parks_its_lane()
    {
        await QueueAsync((1, false), (2, true));

        (await DueAsync()).ShouldBeEmpty();
        var lane = await LaneAsync();
        (lane.State, lane.Head).ShouldBe((LaneState.Parked, 1));
        lane.Reason.ShouldNotBeNull().ShouldContain("journey.mrn");
    }

    [Fact]
    public async Task A_follower_without_bytes_parks_the_lane_when_it_comes_forward_and_not_before()
    {
        await QueueAsync((1, true), (2, false), (3, true));
        var head = (await DueAsync()).ShouldHaveSingleItem();

        (await EndAsync(head, new NextMove.Delivered(Duplicate: false), "delivered")).ShouldBeNull();

        var lane = await LaneAsync();
        (lane.State, lane.Head).ShouldBe((LaneState.Parked, 2));
        lane.Reason.ShouldNotBeNull().ShouldContain("journey.mrn");
        (await DueAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_repeat_is_due_at_its_time_and_not_before()
    {
        await QueueAsync(1);
        await EndAsync((await DueAsync())[0], Retry(TimeSpan.FromMinutes(5)), "unknown");

        (await DueAsync()).ShouldBeEmpty();
        (await Store.Lanes.NextDueAsync([], [], [], Cancel)).ShouldBe(Store.Clock.GetUtcNow().AddMinutes(5));
        Store.Clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromMilliseconds(1));
        (await DueAsync()).ShouldBeEmpty();
        Store.Clock.Advance(TimeSpan.FromMilliseconds(1));
        (await DueAsync()).ShouldHaveSingleItem().Number.ShouldBe(1);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task An_attempt_that_certainly_did_not_arrive_is_a_try_and_no_attempt(bool counts, int attempts)
    {
        await QueueAsync(1);

        await EndAsync((await DueAsync())[0], new NextMove.RetryAt(Store.Clock.GetUtcNow(), counts, "away"), "not-delivered");

        var head = (await DueAsync()).ShouldHaveSingleItem();
        (head.Attempts, head.Tries).ShouldBe((attempts, 1));
        (await LaneAsync()).Reason.ShouldBe("away");
    }

    [Fact]
    public async Task A_head_whose_receiver_can_be_asked_waits_as_asking_and_each_question_is_counted()
    {
        await QueueAsync(1);
        await EndAsync((await DueAsync())[0], new NextMove.Ask(Store.Clock.GetUtcNow(), "no answer"), "unknown");
        var asking = (await DueAsync()).ShouldHaveSingleItem();
        (asking.State, asking.Asked, asking.Attempts).ShouldBe((LaneState.Asking, 0, 1));

        await EndAsync(asking, new NextMove.Ask(Store.Clock.GetUtcNow(), "still nothing"), "unknown", AttemptPurpose.Ask);

        var again = (await DueAsync()).ShouldHaveSingleItem();
        (again.State, again.Asked, again.Attempts).ShouldBe((LaneState.Asking, 1, 1));
        (await StoryAsync(again)).Attempts.Select(a => a.Purpose).ShouldBe(["send", "ask"]);
    }

    [Fact]
    public async Task Every_attempt_is_kept_with_what_came_back()
    {
        await QueueAsync(1);
        var head = (await DueAsync())[0];
        var id = await Store.Lanes.BeginAsync(head, AttemptPurpose.Send, Cancel);
        (await StoryAsync(head)).Attempts.ShouldHaveSingleItem().FinishedAt.ShouldBeNull();
        Store.Clock.Advance(TimeSpan.FromSeconds(2));

        await Store.Lanes.EndAsync(
            head, new AttemptRecord(id, AttemptPurpose.Send, Store.Clock.GetUtcNow(), "rejected", 200, "refused", "<no/>"u8.ToArray()), new NextMove.Park("refused"), Cancel);

        var attempt = (await StoryAsync(head)).Attempts.ShouldHaveSingleItem();
        (attempt.Outcome, attempt.HttpStatus, attempt.Detail, attempt.Reply).ShouldBe(("rejected", 200, "refused", "<no/>"));
        (attempt.FinishedAt - attempt.StartedAt).ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_parked_lane_holds_its_followers_and_leaves_other_lanes_alone()
    {
        await QueueAsync(1, 2);
        await QueueAsync("transportation", "J-1", (1, true));
        await EndAsync((await DueAsync())[0], new NextMove.Park("refused"), "rejected");

        (await DueAsync()).ShouldBeEmpty();
        (await DueAsync("transportation")).ShouldHaveSingleItem();
        (await Store.Lanes.CountAsync(Cancel)).ShouldBe(new Dictionary<string, long> { [LaneState.Parked] = 1, [LaneState.Waiting] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_destination_is_given_its_longest_waiting_lanes_and_not_those_of_others()
    {
        await QueueAsync("transportation", "J-0", (1, true));
        foreach (var journey in new[] { "J-3", "J-1", "J-2" })
        {
            await QueueAsync("manifest", journey, (1, true));
            Store.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await DueAsync(most: 2)).Select(h => h.Lane.Subject).ShouldBe(["journey:J-3", "journey:J-1"]);
        (await Store.Lanes.DueAsync("manifest", [new LaneKey("manifest", "journey:J-3"), new LaneKey("transportation", "journey:J-1")], 10, Cancel))
            .Select(h => h.Lane.Subject).ShouldBe(["journey:J-1", "journey:J-2"]);
    }

    [Fact]
    public async Task The_next_due_time_is_the_earliest_of_all_lanes_that_nobody_serves()
    {
        (await Store.Lanes.NextDueAsync([], [], [], Cancel)).ShouldBeNull();
        var now = Store.Clock.GetUtcNow();
        await QueueAsync("manifest", "J-1", (1, true));
        await QueueAsync("transportation", "J-1", (1, true));
        await EndAsync((await DueAsync("transportation"))[0], Retry(TimeSpan.FromMinutes(7)), "unknown");

        (await Store.Lanes.NextDueAsync([], [], [], Cancel)).ShouldBe(now);
        (await Store.Lanes.NextDueAsync([], [Lane], [], Cancel)).ShouldBe(now.AddMinutes(7));
        await EndAsync((await DueAsync())[0], new NextMove.Park("refused"), "rejected");
        (await Store.Lanes.NextDueAsync([], [], [], Cancel)).ShouldBe(now.AddMinutes(7));
    }

    [Fact]
    public async Task Lanes_are_listed_by_destination_subject_and_state()
    {
        await QueueAsync("manifest", "J-1", (1, true));
        await QueueAsync("manifest", "J-2", (1, false));
        await QueueAsync("transportation", "J-1", (1, true));

        (await ListAsync(new LaneFilter("manifest", null, null, 10))).ShouldBe(["manifest journey:J-1", "manifest journey:J-2"], ignoreOrder: true);
        (await ListAsync(new LaneFilter(null, "journey:J-1", null, 10))).ShouldBe(["manifest journey:J-1", "transportation journey:J-1"], ignoreOrder: true);
        (await ListAsync(new LaneFilter(null, null, LaneState.Parked, 10))).ShouldBe(["manifest journey:J-2"]);
        (await ListAsync(new LaneFilter(null, null, null, 2))).Count.ShouldBe(2);
        (await Store.Lanes.FindMessageAsync("no such message", Cancel)).ShouldBeNull();
    }
}
