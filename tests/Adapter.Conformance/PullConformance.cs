using System.Text;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Pull;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Storage;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What receivers that fetch their messages rely on: order, the same bytes again after a lost lease, and acknowledgements that settle.</summary>
public abstract class PullConformance : StoreConformance
{
    private const string Checkpoint = "checkpoint";
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Only_the_head_of_a_lane_is_handed_out_and_one_of_each_lane()
    {
        await QueueAsync("J-1", 1, 2);
        await QueueAsync("J-2", 1);

        var leased = await LeaseAsync();

        leased.Select(m => (m.Subject, m.Number, m.Times)).ShouldBe([("journey:J-1", 1, 1), ("journey:J-2", 1, 1)]);
        Encoding.UTF8.GetString(leased[0].Body.Span).ShouldBe("<m n=\"1\"/>");
        (await LeaseAsync()).ShouldBeEmpty("all lanes are in somebody's hands");
    }

    [Fact]
    public async Task A_batch_is_never_larger_than_asked_for()
    {
        await QueueAsync("J-1", 1);
        await QueueAsync("J-2", 1);

        (await LeaseAsync(most: 1)).ShouldHaveSingleItem().Subject.ShouldBe("journey:J-1");
        (await LeaseAsync(most: 1)).ShouldHaveSingleItem().Subject.ShouldBe("journey:J-2");
    }

    [Fact]
    public async Task The_next_number_follows_the_acknowledgement()
    {
        await QueueAsync("J-1", 1, 2);
        var first = (await LeaseAsync())[0];

        (await AcknowledgeAsync(first)).ShouldBe(AnswerEffect.Settled);

        (await LeaseAsync()).ShouldHaveSingleItem().Number.ShouldBe(2);
        (await StoryAsync(first)).ShouldSatisfyAllConditions(
            story => story.State.ShouldBe("delivered"), story => story.InDoubt.ShouldBeFalse(), story => story.Attempts.ShouldHaveSingleItem().Outcome.ShouldBe("delivered"),
            story => story.Answers.ShouldHaveSingleItem().Code.ShouldBe("TAKEN"));
    }

    [Fact]
    public async Task A_message_whose_caller_disappeared_comes_again_with_the_same_id_and_bytes()
    {
        await QueueAsync("J-1", 1, 2);
        var first = (await LeaseAsync())[0];
        Store.Clock.Advance(Lease - TimeSpan.FromMilliseconds(1));
        (await LeaseAsync()).ShouldBeEmpty();
        (await Store.Pull.NextDueAsync(Checkpoint, Cancel)).ShouldBe(first.Until);
        Store.Clock.Advance(TimeSpan.FromMilliseconds(1));

        var again = (await LeaseAsync("somebody-else")).ShouldHaveSingleItem();

        (again.MessageId, again.Number, again.Times).ShouldBe((first.MessageId, first.Number, 2));
        again.Body.ToArray().ShouldBe(first.Body.ToArray());
        again.Lease.ShouldNotBe(first.Lease);
        (await StoryAsync(first)).InDoubt.ShouldBeTrue("nobody knows what the first caller did with it");
    }

    [Fact]
    public async Task An_open_lease_outlives_a_restart()
    {
        await QueueAsync("J-1", 1);
        var first = (await LeaseAsync())[0];
        await Store.ReopenAsync();
        (await Store.Lanes.RecoverAsync([Batch.Fetching(Checkpoint, "gate")], Cancel)).ShouldBe(0);

        (await LeaseAsync()).ShouldBeEmpty();
        (await AcknowledgeAsync(first)).ShouldBe(AnswerEffect.Settled);
    }

    [Fact]
    public async Task An_acknowledgement_after_the_lease_still_counts_and_the_second_one_changes_nothing()
    {
        await QueueAsync("J-1", 1);
        var first = (await LeaseAsync())[0];
        Store.Clock.Advance(Lease);
        var again = (await LeaseAsync())[0];

        (await AcknowledgeAsync(first)).ShouldBe(AnswerEffect.Settled);
        (await AcknowledgeAsync(again)).ShouldBe(AnswerEffect.None);
        (await AcknowledgeAsync(first)).ShouldBe(AnswerEffect.Duplicate);

        (await LaneAsync()).State.ShouldBe(LaneState.Idle);
    }

    [Fact]
    public async Task A_rejected_message_parks_its_lane_and_no_other_until_somebody_replays_it()
    {
        await QueueAsync("J-1", 1, 2);
        await QueueAsync("J-2", 1, 2);
        var leased = await LeaseAsync();

        (await AcknowledgeAsync(leased[0], Verdict.Rejected, "R-17")).ShouldBe(AnswerEffect.Parked);
        (await AcknowledgeAsync(leased[1])).ShouldBe(AnswerEffect.Settled);

        (await LeaseAsync()).ShouldHaveSingleItem().Subject.ShouldBe("journey:J-2");
        var parked = await LaneAsync();
        (parked.State, parked.Head, parked.InDoubt).ShouldBe((LaneState.Parked, 1, false));
        parked.Reason.ShouldNotBeNull().ShouldContain("R-17");

        (await Store.Lanes.ReplayAsync(new LaneKey(Checkpoint, "journey:J-1"), new Actor("operator-1"), "they mended it", Cancel)).ShouldBeNull();
        var again = (await LeaseAsync()).ShouldHaveSingleItem();
        (again.MessageId, again.Number).ShouldBe((leased[0].MessageId, 1));
        (await AcknowledgeAsync(again, Verdict.Rejected, "R-17")).ShouldBe(AnswerEffect.Parked, "the same word about another lease is another answer");
    }

    [Fact]
    public async Task A_message_that_is_taken_again_and_again_parks_in_doubt()
    {
        await QueueAsync("J-1", 1);
        for (var time = 1; time <= 3; time++)
        {
            (await LeaseAsync(mostAttempts: 3)).ShouldHaveSingleItem().Times.ShouldBe(time);
            Store.Clock.Advance(Lease);
        }

        (await LeaseAsync(mostAttempts: 3)).ShouldBeEmpty();

        var lane = await LaneAsync();
        (lane.State, lane.InDoubt).ShouldBe((LaneState.Parked, true));
        lane.Reason.ShouldNotBeNull().ShouldContain("3 times");
    }

    [Fact]
    public async Task Nothing_can_be_acknowledged_that_was_not_handed_out_under_that_lease()
    {
        await QueueAsync("J-1", 1);
        await QueueAsync("J-2", 1);
        var leased = await LeaseAsync();

        (await Store.Pull.AcknowledgeAsync(Checkpoint, leased[0].MessageId, leased[1].Lease, Taken, "crossed"u8.ToArray(), Cancel)).ShouldBe(AnswerEffect.Foreign);
        (await Store.Pull.AcknowledgeAsync(Checkpoint, "0123456789abcdef0123456789abcdef", leased[0].Lease, Taken, "made up"u8.ToArray(), Cancel)).ShouldBe(AnswerEffect.Foreign);
        (await Store.Pull.AcknowledgeAsync("another", leased[0].MessageId, leased[0].Lease, Taken, "not theirs"u8.ToArray(), Cancel)).ShouldBe(AnswerEffect.Foreign);

        (await Store.RowsAsync("answers")).ShouldBe(0);
        (await LaneAsync()).State.ShouldBe(LaneState.Answering);
    }

    [Fact]
    public async Task Two_callers_at_once_never_get_the_same_message()
    {
        foreach (var number in Enumerable.Range(1, 20))
        {
            await QueueAsync($"J-{number}", 1);
        }

        var batches = await Task.WhenAll(Enumerable.Range(0, 4).Select(caller => LeaseAsync($"gate-{caller}", most: 10)));

        var all = batches.SelectMany(batch => batch).Select(m => m.MessageId).ToList();
        all.Count.ShouldBe(20);
        all.Distinct().Count().ShouldBe(20);
    }

    private static Receipt Taken => new(Verdict.Accepted, "TAKEN", null);

    private async Task QueueAsync(string journey, params long[] numbers)
    {
        await Store.Destinations.SeedAsync([Batch.Fetching(Checkpoint, "gate")], Cancel);
        await Store.Journal.AppendAsync([Batch.Act(Store.Clock.GetUtcNow())], Cancel);
        var entry = (await Store.Processing.ClaimAsync(100, Cancel))[^1];
        var subject = Subject.OfJourney(journey);
        await Store.Processing.SaveAsync(
            Batch.Of(entry) with { Subjects = [new MappedSubject(new SubjectState(subject), [.. numbers.Select(n => Batch.Message(n, entry.Position, Checkpoint, subject))])] }, Cancel);
        // Lanes that begin at the same moment have no order among themselves.
        Store.Clock.Advance(TimeSpan.FromMilliseconds(1));
    }

    private Task<IReadOnlyList<LeasedMessage>> LeaseAsync(string caller = "gate", int most = 10, int mostAttempts = 8) =>
        Store.Pull.LeaseAsync(Checkpoint, caller, most, Store.Clock.GetUtcNow() + Lease, mostAttempts, Cancel);

    private Task<AnswerEffect> AcknowledgeAsync(LeasedMessage message, Verdict verdict = Verdict.Accepted, string code = "TAKEN") => Store.Pull.AcknowledgeAsync(
        Checkpoint, message.MessageId, message.Lease, new Receipt(verdict, code, null), Encoding.UTF8.GetBytes($"{message.Lease} {verdict} {code}"), Cancel);

    private async Task<LaneView> LaneAsync() => (await Store.Lanes.ListAsync(new LaneFilter(Checkpoint, "journey:J-1", null, 10), Cancel)).ShouldHaveSingleItem();

    private async Task<MessageStory> StoryAsync(LeasedMessage message) => (await Store.Lanes.FindMessageAsync(message.MessageId, Cancel)).ShouldNotBeNull();
}
