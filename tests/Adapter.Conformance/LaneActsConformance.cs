using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Storage;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What people decide about heads that are stuck, and how they are called.</summary>
public abstract class LaneActsConformance : LaneConformance
{
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
}
