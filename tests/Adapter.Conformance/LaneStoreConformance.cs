using System.Text;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Storage;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What delivery relies on: order within a lane, evidence of every attempt, and rules for the acts of people.</summary>
public abstract class LaneStoreConformance : StoreConformance
{
    private static readonly Actor Somebody = new("operator-1");
    private static readonly LaneKey Lane = new("manifest", "journey:J-1");

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
    public async Task Stuck_lanes_of_one_cause_are_one_group_whatever_numbers_their_reasons_name()
    {
        await QueueAsync("manifest", "J-1", (1, true));
        await QueueAsync("manifest", "J-2", (1, true));
        await QueueAsync("manifest", "J-3", (1, true));
        await QueueAsync("manifest", "J-4", (1, false));
        foreach (var head in await DueAsync())
        {
            await EndAsync(head, new NextMove.Park(head.Lane.Subject.EndsWith('3') ? "Customs refused the message with code TRN-409: closed." : $"No container 'C{head.Lane.Subject[^1]}'."), "rejected");
        }

        var groups = await Store.Lanes.DeadLettersAsync(Cancel);

        groups.Select(g => g.Lanes).Order().ShouldBe([1, 1, 2]);
        var two = groups.Single(g => g.Lanes == 2);
        (two.Destination, two.State, two.Subject).ShouldBe(("manifest", LaneState.Parked, "journey:J-1"));
        (await Store.Lanes.LanesOfAsync("manifest", two.Cause.ShouldNotBeNull(), 10, Cancel)).Select(l => l.Subject).ShouldBe(["journey:J-1", "journey:J-2"], ignoreOrder: true);

        await Store.Lanes.SkipAsync(new LaneKey("manifest", "journey:J-1"), Somebody, "known", Cancel);
        (await Store.Lanes.LanesOfAsync("manifest", two.Cause, 10, Cancel)).ShouldHaveSingleItem().Subject.ShouldBe("journey:J-2");
    }

    [Fact]
    public async Task A_parked_head_can_be_sent_again_with_its_id_and_bytes()
    {
        await QueueAsync(1);
        var head = (await DueAsync())[0];
        await EndAsync(head, new NextMove.Park("refused"), "rejected");

        (await Store.Lanes.ReplayAsync(Lane, Somebody, "mended there", Cancel)).ShouldBeNull();

        var again = (await DueAsync()).ShouldHaveSingleItem();
        (again.MessageId, again.Attempts, again.Tries).ShouldBe((head.MessageId, 0, 0));
        again.Body.ToArray().ShouldBe(head.Body.ToArray());
        await AuditIsAsync("lane.replay", "mended there");
    }

    [Fact]
    public async Task A_skipped_head_is_recorded_as_such_and_its_follower_goes()
    {
        await QueueAsync(1, 2);
        var head = (await DueAsync())[0];
        await EndAsync(head, new NextMove.Park("refused"), "rejected");

        (await Store.Lanes.SkipAsync(Lane, Somebody, "told by telephone", Cancel)).ShouldBeNull();

        (await StoryAsync(head)).State.ShouldBe("skipped");
        (await DueAsync()).ShouldHaveSingleItem().Number.ShouldBe(2);
        await AuditIsAsync("lane.skip", "told by telephone");
    }

    [Fact]
    public async Task A_head_without_bytes_cannot_be_replayed_and_can_be_skipped()
    {
        await QueueAsync((1, false), (2, true));

        (await Store.Lanes.ReplayAsync(Lane, Somebody, "again", Cancel)).ShouldNotBeNull().ShouldContain("no bytes");
        (await AuditAsync()).ShouldBeEmpty();
        (await Store.Lanes.SkipAsync(Lane, Somebody, "not needed", Cancel)).ShouldBeNull();

        (await DueAsync()).ShouldHaveSingleItem().Number.ShouldBe(2);
    }

    [Theory]
    [InlineData("TookEffect", 2, "delivered", "lane.reconcile-delivered")]
    [InlineData("SendAgain", 1, "queued", "lane.reconcile-send-again")]
    [InlineData("LeaveOut", 2, "skipped", "lane.reconcile-left-out")]
    public async Task A_person_decides_about_an_unknown_head(string choice, int goesOnWith, string settledAs, string audited)
    {
        await QueueAsync(1, 2);
        var head = (await DueAsync())[0];
        await EndAsync(head, new NextMove.Reconcile("lost"), "unknown");
        (await LaneAsync()).State.ShouldBe(LaneState.Unknown);
        (await DueAsync()).ShouldBeEmpty();

        (await Store.Lanes.ReconcileAsync(Lane, Enum.Parse<Reconciliation>(choice), Somebody, "asked customs", Cancel)).ShouldBeNull();

        var next = (await DueAsync()).ShouldHaveSingleItem();
        next.Number.ShouldBe(goesOnWith);
        (await StoryAsync(head)).State.ShouldBe(settledAs);
        await AuditIsAsync(audited, "asked customs");
    }

    [Fact]
    public async Task A_head_given_up_in_doubt_is_reconciled_or_replayed_and_never_replaced()
    {
        await QueueAsync(1);
        var head = (await DueAsync())[0];
        await EndAsync(head, Retry(TimeSpan.Zero), "unknown");
        await EndAsync(head, new NextMove.Park("nothing takes messages there"), "rejected");

        (await LaneAsync()).InDoubt.ShouldBeTrue("a status of some server on the way says nothing about the first attempt");
        (await StoryAsync(head)).InDoubt.ShouldBeTrue();
        (await Store.Lanes.RepairAsync(Lane, [Revision(head)], Somebody, "x", Cancel)).ShouldNotBeNull().ShouldContain("Nobody knows");
        (await Store.Lanes.ReconcileAsync(Lane, Reconciliation.SendAgain, Somebody, "customs have nothing", Cancel)).ShouldBeNull();

        (await DueAsync()).ShouldHaveSingleItem().MessageId.ShouldBe(head.MessageId);
        (await LaneAsync()).InDoubt.ShouldBeFalse();
    }

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
    public async Task Lanes_that_wait_for_a_person_are_called_out_after_an_hour_a_day_and_a_week_once_each()
    {
        foreach (var journey in new[] { "J-1", "J-2" })
        {
            await QueueAsync("manifest", journey, (1, true));
        }

        await QueueAsync("transportation", "J-1", (1, true));
        foreach (var head in await DueAsync())
        {
            await EndAsync(head, new NextMove.Park("refused with code 7"), "rejected");
        }

        (await Store.Lanes.EscalateAsync(Cancel)).ShouldBeEmpty();
        foreach (var (wait, step) in new[] { (TimeSpan.FromHours(1), 1), (TimeSpan.FromHours(23), 2), (TimeSpan.FromDays(6), 3) })
        {
            Store.Clock.Advance(wait - TimeSpan.FromMilliseconds(1));
            (await Store.Lanes.EscalateAsync(Cancel)).ShouldBeEmpty();
            Store.Clock.Advance(TimeSpan.FromMilliseconds(1));
            var due = (await Store.Lanes.EscalateAsync(Cancel)).ShouldHaveSingleItem();
            (due.Destination, due.Step, due.Lanes, due.Reason).ShouldBe(("manifest", step, 2, "refused with code 7"));
            (await LaneAsync()).Escalated.ShouldBe(step);
        }

        Store.Clock.Advance(TimeSpan.FromDays(30));
        (await Store.Lanes.EscalateAsync(Cancel)).ShouldBeEmpty();
        await Store.Lanes.ReplayAsync(Lane, Somebody, "x", Cancel);
        (await LaneAsync()).Escalated.ShouldBe(0);
    }

    [Fact]
    public async Task Acts_that_do_not_fit_the_lanes_state_are_refused_and_leave_no_trace()
    {
        (await Store.Lanes.ReplayAsync(Lane, Somebody, "x", Cancel)).ShouldNotBeNull().ShouldContain("nothing waiting");
        await QueueAsync(1);

        (await Store.Lanes.ReplayAsync(Lane, Somebody, "x", Cancel)).ShouldNotBeNull().ShouldContain("is waiting");
        (await Store.Lanes.SkipAsync(Lane, Somebody, "x", Cancel)).ShouldNotBeNull().ShouldContain("is waiting");
        (await Store.Lanes.ReconcileAsync(Lane, Reconciliation.TookEffect, Somebody, "x", Cancel)).ShouldNotBeNull().ShouldContain("is waiting");
        await EndAsync((await DueAsync())[0], new NextMove.Reconcile("lost"), "unknown");
        (await Store.Lanes.ReplayAsync(Lane, Somebody, "x", Cancel)).ShouldNotBeNull().ShouldContain("is unknown");
        (await Store.Lanes.SkipAsync(Lane, Somebody, "x", Cancel)).ShouldNotBeNull().ShouldContain("is unknown");

        (await LaneAsync()).State.ShouldBe(LaneState.Unknown);
        (await AuditAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_two_people_who_skip_the_same_head_one_succeeds()
    {
        await QueueAsync(1, 2);
        await EndAsync((await DueAsync())[0], new NextMove.Park("refused"), "rejected");

        var answers = await Task.WhenAll(Enumerable.Range(0, 2).Select(n => Task.Run(() => Store.Lanes.SkipAsync(Lane, new Actor($"operator-{n}"), "x", Cancel), Cancel)));

        answers.Count(a => a is null).ShouldBe(1);
        (await LaneAsync()).Head.ShouldBe(2);
        (await AuditAsync()).Count.ShouldBe(1);
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

    [Fact]
    public async Task The_bytes_of_a_message_cannot_be_changed_by_anybody()
    {
        await QueueAsync(1);
        var head = (await DueAsync())[0];

        await Should.ThrowAsync<Exception>(() => Store.OverwriteBytesAsync(head.MessageId));

        (await StoryAsync(head)).Body.ShouldBe("<m n=\"1\"/>");
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

    private Task QueueAsync(params long[] numbers) => QueueAsync([.. numbers.Select(n => (n, true))]);

    private Task QueueAsync(params (long Number, bool Mapped)[] messages) => QueueAsync(Lane.Destination, "J-1", messages);

    private async Task QueueAsync(string destination, string journey, params (long Number, bool Mapped)[] messages)
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

    private Task<IReadOnlyList<LaneHead>> DueAsync(string destination = "manifest", int most = 10) => Store.Lanes.DueAsync(destination, [], most, Cancel);

    private Task<LaneHead?> EndAsync(LaneHead head, NextMove move, string outcome, AttemptPurpose purpose = AttemptPurpose.Send, long? id = null, bool told = false) =>
        Store.Lanes.EndAsync(head, new AttemptRecord(id, purpose, Store.Clock.GetUtcNow(), outcome, 200, "detail", default) { ReceiverTold = told }, move, Cancel);

    private static LaterAnswer Answer(LaneHead head, string verdict) =>
        new(head.Lane.Destination, head.MessageId, new Receipt(Enum.Parse<Verdict>(verdict), "7", "because"), "<answer/>"u8.ToArray());

    private static Repair Revision(LaneHead head) => InPlace(head.MessageId) with { Id = "revision-2", Revision = 2 };

    private static Repair InPlace(string id) => new(
        id, id, 1, Corrects: null, "{}"u8.ToArray(), "manifest-notification", 2, SoapVersion.Soap12, "urn:new", "<m revised=\"1\"/>"u8.ToArray());

    private NextMove.RetryAt Retry(TimeSpan wait) => new(Store.Clock.GetUtcNow() + wait, CountsAsAttempt: true, "no answer", OutcomeUnknown: true);

    private async Task<LaneView> LaneAsync() => (await Store.Lanes.ListAsync(new LaneFilter(Lane.Destination, Lane.Subject, null, 10), Cancel)).ShouldHaveSingleItem();

    private async Task<List<string>> ListAsync(LaneFilter filter) => [.. (await Store.Lanes.ListAsync(filter, Cancel)).Select(l => $"{l.Destination} {l.Subject}")];

    private async Task<MessageStory> StoryAsync(LaneHead head) => (await Store.Lanes.FindMessageAsync(head.MessageId, Cancel)).ShouldNotBeNull();

    private Task<IReadOnlyList<AuditEntry>> AuditAsync() => Store.Principals.AuditAsync(long.MaxValue, 100, Cancel);

    private async Task AuditIsAsync(string action, string reason)
    {
        var line = (await AuditAsync()).ShouldHaveSingleItem();
        (line.Actor, line.Action, line.Subject, line.Detail, line.At).ShouldBe(("operator-1", action, "manifest/journey:J-1#1", reason, Store.Clock.GetUtcNow()));
    }
}
