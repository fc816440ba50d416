using System.Text;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Xunit;

namespace Adapter.Conformance;

/// <summary>Alarms that go before what waits in front of them, and how they find back into their lane.</summary>
public abstract class OvertakingConformance : StoreConformance
{
    private static readonly LaneKey Lane = new("manifest", "journey:J-1");
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task An_alarm_behind_others_goes_after_a_second_says_so_and_is_passed_over_later()
    {
        await QueueAsync(1, 2, -3, 4);
        (await AlarmsAsync()).ShouldBeEmpty();
        (await Store.Lanes.NextDueAsync([], [Lane], [], Cancel)).ShouldBe(Store.Clock.GetUtcNow() + Grace);
        Store.Clock.Advance(Grace);

        var alarm = (await AlarmsAsync()).ShouldHaveSingleItem();
        (alarm.Lane, alarm.Number, alarm.Overtakes, Encoding.UTF8.GetString(alarm.Body.Span)).ShouldBe((Lane, 3, true, "<m n=\"3\" early=\"1\"/>"));
        (await Store.Lanes.OvertakersDueAsync("manifest", [Lane], 10, Cancel)).ShouldBeEmpty("it is being served");
        (await Store.Lanes.NextDueAsync([], [Lane], [Lane], Cancel)).ShouldBeNull("what is being served is not waited for");
        await BeginAsync(alarm);
        (await AlarmsAsync()).ShouldBeEmpty("it is under way");
        (await EndAsync(alarm, new NextMove.Delivered(Duplicate: false), "delivered")).ShouldBeNull();

        (await StoryAsync(alarm)).ShouldSatisfyAllConditions(
            s => s.State.ShouldBe("delivered"), s => s.OutOfSequence.ShouldBeTrue(), s => s.Body.ShouldBe("<m n=\"3\" early=\"1\"/>"), s => s.Attempts.Count.ShouldBe(1));
        (await DrainAsync()).ShouldBe([1, 2, 4]);
    }

    [Fact]
    public async Task An_alarm_that_is_its_lanes_head_overtakes_nobody()
    {
        await QueueAsync(-1, 2);
        Store.Clock.Advance(Grace);

        (await AlarmsAsync()).ShouldBeEmpty();
        (await DueAsync()).ShouldHaveSingleItem().Number.ShouldBe(1);
    }

    [Fact]
    public async Task A_clock_that_was_put_back_while_no_host_ran_keeps_no_alarm_waiting()
    {
        await QueueAsync(1, -2);
        Store.Clock.Advance(TimeSpan.FromMinutes(-60));

        await Store.Lanes.RecoverAsync([], Cancel);

        (await AlarmsAsync()).ShouldBeEmpty();
        Store.Clock.Advance(Grace);
        (await AlarmsAsync()).ShouldHaveSingleItem().Number.ShouldBe(2);
    }

    [Fact]
    public async Task Alarms_keep_their_order_among_themselves()
    {
        await QueueAsync(1, -2, -3);
        Store.Clock.Advance(Grace);

        var first = (await AlarmsAsync()).ShouldHaveSingleItem();
        await BeginAsync(first);
        (await AlarmsAsync()).ShouldBeEmpty("the first is under way");
        await EndAsync(first, new NextMove.RetryAt(Store.Clock.GetUtcNow().AddMinutes(5), CountsAsAttempt: true, "busy"), "not-delivered");
        (await AlarmsAsync()).ShouldBeEmpty("the first waits for its repeat");
        (await Store.Lanes.NextDueAsync([], [Lane], [], Cancel)).ShouldBe(Store.Clock.GetUtcNow().AddMinutes(5));
        Store.Clock.Advance(TimeSpan.FromMinutes(5));
        var again = (await AlarmsAsync()).ShouldHaveSingleItem();
        (again.Number, again.Attempts, again.Tries).ShouldBe((2, 1, 1));
        await BeginAsync(again);
        await EndAsync(again, new NextMove.Delivered(Duplicate: false), "delivered");

        (await AlarmsAsync()).ShouldHaveSingleItem().Number.ShouldBe(3);
    }

    [Theory]
    [InlineData(false, LaneState.Waiting)]
    [InlineData(true, LaneState.Asking)]
    public async Task A_refused_alarm_goes_again_in_its_turn_and_a_doubtful_one_is_asked_about(bool unknown, string thenIs)
    {
        await QueueAsync(1, -2, 3);
        Store.Clock.Advance(Grace);
        var alarm = (await AlarmsAsync())[0];
        await BeginAsync(alarm);
        await EndAsync(alarm, unknown ? new NextMove.Reconcile("lost") : new NextMove.Park("refused"), unknown ? "unknown" : "rejected");
        (await AlarmsAsync()).ShouldBeEmpty("it is back in its slot");
        (await LaneAsync()).ShouldSatisfyAllConditions(l => l.Head.ShouldBe(1), l => l.State.ShouldBe(LaneState.Waiting));

        await EndAsync((await DueAsync())[0], new NextMove.Delivered(Duplicate: false), "delivered");

        var head = (await DueAsync()).ShouldHaveSingleItem();
        (head.Number, head.State, head.Overtakes, Encoding.UTF8.GetString(head.Body.Span)).ShouldBe((2, thenIs, false, "<m n=\"2\" early=\"1\"/>"));
    }

    [Fact]
    public async Task Where_its_turn_comes_first_it_goes_as_any_other()
    {
        await QueueAsync(1, -2);
        Store.Clock.Advance(Grace);
        var alarm = (await AlarmsAsync())[0];

        var head = (await EndAsync((await DueAsync())[0], new NextMove.Delivered(Duplicate: false), "delivered")).ShouldNotBeNull();

        (head.Number, Encoding.UTF8.GetString(head.Body.Span)).ShouldBe((2, "<m n=\"2\"/>"));
        (await AlarmsAsync()).ShouldBeEmpty();
        (await Store.Lanes.BeginOvertakingAsync(alarm, AttemptPurpose.Send, mark: true, Cancel)).Begun.ShouldBeFalse("it was looked up before its turn came");
        (await StoryAsync(alarm)).ShouldSatisfyAllConditions(s => s.OutOfSequence.ShouldBeFalse(), s => s.Attempts.ShouldBeEmpty());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_its_turn_comes_while_it_is_under_way_that_attempt_decides(bool delivered)
    {
        await QueueAsync(1, -2, 3);
        Store.Clock.Advance(Grace);
        var alarm = (await AlarmsAsync())[0];
        await BeginAsync(alarm);

        (await EndAsync((await DueAsync())[0], new NextMove.Delivered(Duplicate: false), "delivered")).ShouldBeNull("two attempts at once would be one too many");
        (await DueAsync()).ShouldBeEmpty();
        (await LaneAsync()).Head.ShouldBe(2);
        await EndAsync(alarm, delivered ? new NextMove.Delivered(Duplicate: false) : new NextMove.Park("refused"), delivered ? "delivered" : "rejected");

        if (delivered)
        {
            (await DueAsync()).ShouldHaveSingleItem().Number.ShouldBe(3);
        }
        else
        {
            (await LaneAsync()).ShouldSatisfyAllConditions(l => l.Head.ShouldBe(2), l => l.State.ShouldBe(LaneState.Parked), l => l.Reason.ShouldBe("refused"));
        }

        (await AlarmsAsync()).ShouldBeEmpty();
    }

    /// <summary>Their ends may share a commit, and come in either order.</summary>
    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 2)]
    public async Task A_head_and_the_alarm_behind_it_may_end_together(bool alarmIsDelivered, long goesOnWith)
    {
        var lanes = Enumerable.Range(1, 30).Select(n => Subject.OfJourney($"J-{n}")).ToList();
        foreach (var lane in lanes)
        {
            await QueueAsync(lane, 1, -2, 3);
        }

        Store.Clock.Advance(Grace);
        var heads = await Store.Lanes.DueAsync("manifest", [], 100, Cancel);
        var alarms = await Store.Lanes.OvertakersDueAsync("manifest", [], 100, Cancel);
        foreach (var alarm in alarms)
        {
            await BeginAsync(alarm);
        }

        // One, as in a host: writes of the same work run together.
        var store = Store.Lanes;
        await Task.WhenAll(heads.Concat(alarms).OrderBy(head => head.Lane.Subject, StringComparer.Ordinal).Select(head => store.EndAsync(
            head, new AttemptRecord(null, AttemptPurpose.Send, Store.Clock.GetUtcNow(), "delivered", 200, "detail", default),
            alarmIsDelivered || !head.Overtakes ? new NextMove.Delivered(Duplicate: false) : new NextMove.Park("refused"), Cancel)));

        (heads.Count, alarms.Count).ShouldBe((30, 30));
        // Where its head's end was written in a commit before, a refused alarm was the head by then and parks; otherwise it goes again in its turn.
        (await Store.RowsAsync($"lanes WHERE head = {goesOnWith} AND state IN ('waiting', 'parked')")).ShouldBe(lanes.Count);
        (await Store.Lanes.DueAsync("manifest", [], 100, Cancel)).Count.ShouldBeInRange(alarmIsDelivered ? lanes.Count : 0, lanes.Count);
        (await Store.RowsAsync("overtakers"), await Store.RowsAsync("messages WHERE state = 'delivered'")).ShouldBe((0, alarmIsDelivered ? 60 : 30));
    }

    [Fact]
    public async Task Where_its_turn_comes_before_its_repeat_the_repeat_keeps_its_time()
    {
        await QueueAsync(1, -2);
        Store.Clock.Advance(Grace);
        var alarm = (await AlarmsAsync())[0];
        await BeginAsync(alarm);
        await EndAsync(alarm, new NextMove.RetryAt(Store.Clock.GetUtcNow().AddMinutes(5), CountsAsAttempt: true, "busy"), "not-delivered");

        (await EndAsync((await DueAsync())[0], new NextMove.Delivered(Duplicate: false), "delivered")).ShouldBeNull();

        (await LaneAsync()).ShouldSatisfyAllConditions(l => l.Head.ShouldBe(2), l => l.DueAt.ShouldBe(Store.Clock.GetUtcNow().AddMinutes(5)), l => l.Attempts.ShouldBe(1));
        Store.Clock.Advance(TimeSpan.FromMinutes(5));
        (await DueAsync()).ShouldHaveSingleItem().Number.ShouldBe(2);
    }

    [Theory]
    [InlineData("idempotent", LaneState.Waiting)]
    [InlineData("askable", LaneState.Asking)]
    [InlineData("neither", null)]
    public async Task After_a_crash_an_alarm_under_way_is_repeated_asked_about_or_back_in_its_slot(string receiver, string? thenIs)
    {
        Destination destination = receiver switch
        {
            "idempotent" => Batch.Receiver("manifest") with { Idempotent = true },
            "askable" => Batch.Askable("manifest"),
            _ => Batch.Receiver("manifest"),
        };
        await QueueAsync(1, -2);
        Store.Clock.Advance(Grace);
        var alarm = (await AlarmsAsync())[0];
        (await Store.Lanes.BeginOvertakingAsync(alarm, AttemptPurpose.Send, mark: !destination.Idempotent, Cancel)).Begun.ShouldBeTrue();
        await Store.ReopenAsync();

        await Store.Lanes.RecoverAsync([destination], Cancel);

        Store.Clock.Advance(destination.AttemptTimeout);
        (await AlarmsAsync()).Select(a => (a.State, Encoding.UTF8.GetString(a.Body.Span))).ShouldBe(thenIs is null ? [] : [(thenIs, "<m n=\"2\" early=\"1\"/>")]);
        (await StoryAsync(alarm)).InDoubt.ShouldBe(!destination.Idempotent);
        (await DueAsync()).ShouldHaveSingleItem().Number.ShouldBe(1, "the lane itself goes on");
    }

    [Theory]
    [InlineData(true, LaneState.Waiting)]
    [InlineData(false, LaneState.Unknown)]
    public async Task After_a_crash_an_alarm_whose_turn_had_come_is_its_lanes_head(bool idempotent, string thenIs)
    {
        var destination = Batch.Receiver("manifest") with { Idempotent = idempotent };
        await QueueAsync(1, -2);
        Store.Clock.Advance(Grace);
        await Store.Lanes.BeginOvertakingAsync((await AlarmsAsync())[0], AttemptPurpose.Send, mark: !idempotent, Cancel);
        await EndAsync((await DueAsync())[0], new NextMove.Delivered(Duplicate: false), "delivered");
        await Store.ReopenAsync();

        await Store.Lanes.RecoverAsync([destination], Cancel);

        (await LaneAsync()).ShouldSatisfyAllConditions(l => l.Head.ShouldBe(2), l => l.State.ShouldBe(thenIs));
        (await DueAsync()).Count.ShouldBe(idempotent ? 1 : 0);
        (await AlarmsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_alarm_that_is_refused_after_its_acknowledgement_parks_when_its_turn_comes_and_not_before(bool settled)
    {
        await QueueAsync(1, -2, 3);
        Store.Clock.Advance(Grace);
        var alarm = (await AlarmsAsync())[0];
        await BeginAsync(alarm);
        await EndAsync(alarm, settled ? new NextMove.Delivered(Duplicate: false) : new NextMove.Await(Store.Clock.GetUtcNow().AddHours(1), "acknowledged"), settled ? "delivered" : "acknowledged");

        (await Store.Lanes.AnswerAsync(new LaterAnswer("manifest", alarm.MessageId, new Receipt(Verdict.Rejected, "7", "because"), "<answer/>"u8.ToArray()), Cancel)).ShouldBe(AnswerEffect.Parked);

        (await LaneAsync()).ShouldSatisfyAllConditions(l => l.Head.ShouldBe(1), l => l.State.ShouldBe(LaneState.Waiting, "what is in front of it was not refused"));
        Store.Clock.Advance(TimeSpan.FromHours(2));
        (await AlarmsAsync()).ShouldBeEmpty("its answer is not waited for any more");
        (await EndAsync((await DueAsync()).ShouldHaveSingleItem(), new NextMove.Delivered(Duplicate: false), "delivered")).ShouldBeNull();
        (await LaneAsync()).ShouldSatisfyAllConditions(
            l => l.Head.ShouldBe(2), l => l.State.ShouldBe(LaneState.Parked), l => l.Reason.ShouldNotBeNull().ShouldContain("code 7: because"), l => l.InDoubt.ShouldBeFalse());
    }

    [Fact]
    public async Task The_bytes_of_an_alarm_that_went_early_are_frozen_too()
    {
        await QueueAsync(1, -2);
        Store.Clock.Advance(Grace);
        var alarm = (await AlarmsAsync())[0];
        await BeginAsync(alarm);

        await Should.ThrowAsync<Exception>(() => Store.OverwriteBytesAsync(alarm.MessageId));
    }

    /// <param name="numbers">A negative one is an alarm that may overtake.</param>
    private Task QueueAsync(params long[] numbers) => QueueAsync(Batch.Journey, numbers);

    private async Task QueueAsync(Subject subject, params long[] numbers)
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        await Store.Journal.AppendAsync([Batch.Act(Store.Clock.GetUtcNow())], Cancel);
        var entry = (await Store.Processing.ClaimAsync(100, Cancel))[^1];
        await Store.Processing.SaveAsync(Batch.Of(entry) with
        {
            Subjects =
            [
                new MappedSubject(new SubjectState(subject), [.. numbers.Select(n => Batch.Message(Math.Abs(n), entry.Position, "manifest", subject) with
                {
                    OvertakingBody = n < 0 ? new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes($"<m n=\"{-n}\" early=\"1\"/>")) : default(ReadOnlyMemory<byte>?),
                })]),
            ],
        }, Cancel);
    }

    private Task<IReadOnlyList<LaneHead>> AlarmsAsync() => Store.Lanes.OvertakersDueAsync("manifest", [], 10, Cancel);

    private Task<IReadOnlyList<LaneHead>> DueAsync() => Store.Lanes.DueAsync("manifest", [], 10, Cancel);

    private async Task BeginAsync(LaneHead alarm) => (await Store.Lanes.BeginOvertakingAsync(alarm, AttemptPurpose.Send, mark: false, Cancel)).ShouldBe((true, null));

    private Task<LaneHead?> EndAsync(LaneHead head, NextMove move, string outcome) =>
        Store.Lanes.EndAsync(head, new AttemptRecord(null, AttemptPurpose.Send, Store.Clock.GetUtcNow(), outcome, 200, "detail", default), move, Cancel);

    private async Task<List<long>> DrainAsync()
    {
        var sent = new List<long>();
        for (var head = (await DueAsync())[0]; head is not null; head = await EndAsync(head, new NextMove.Delivered(Duplicate: false), "delivered"))
        {
            sent.Add(head.Number);
        }

        return sent;
    }

    private async Task<LaneView> LaneAsync() => (await Store.Lanes.ListAsync(new LaneFilter(Lane.Destination, Lane.Subject, null, 10), Cancel)).ShouldHaveSingleItem();

    private async Task<MessageStory> StoryAsync(LaneHead head) => (await Store.Lanes.FindMessageAsync(head.MessageId, Cancel)).ShouldNotBeNull();
}
