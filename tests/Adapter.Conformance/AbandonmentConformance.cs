using Adapter.Contracts.Transit;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Storage;
using Xunit;

namespace Adapter.Conformance;

/// <summary>A lane is given up only where its journey is closed, by two persons, as both have seen it; and nothing of it is lost.</summary>
public abstract class AbandonmentConformance : StoreConformance
{
    private static readonly Actor First = new("operator-1");
    private static readonly Actor Second = new("operator-2");
    private static readonly LaneKey Lane = new("manifest", "journey:J-1");

    [Fact]
    public async Task A_second_person_gives_up_what_the_first_has_asked_for_and_everything_is_kept()
    {
        await StuckAsync(closed: true);

        var id = (await Store.Abandonments.AskAsync(Lane, First, "customs closed the file", Cancel)).Id.ShouldNotBeNull();
        (await LaneAsync()).State.ShouldBe(LaneState.Parked, "asking changes nothing");
        (await Store.Abandonments.DoAsync(id, Second, "agreed", Cancel)).Problem.ShouldBeNull();

        var lane = await LaneAsync();
        (lane.State, lane.Head, lane.LastNumber, lane.Reason).ShouldBe((LaneState.Idle, null, 3, null));
        (await Store.Lanes.DueAsync("manifest", [], 10, Cancel)).ShouldBeEmpty();
        var (abandonment, messages) = (await Store.Abandonments.FindAsync(id, Cancel)).ShouldNotBeNull();
        (abandonment.AskedBy, abandonment.DoneBy, abandonment.Head, abandonment.LastNumber).ShouldBe(("operator-1", "operator-2", 1, 3));
        var stories = await Task.WhenAll(messages.Select(m => Store.Lanes.FindMessageAsync(m, Cancel)));
        stories.Select(story => (story!.Number, story.State, story.Body)).ShouldBe([(1, "abandoned", "<m n=\"1\"/>"), (2, "abandoned", "<m n=\"2\"/>"), (3, "abandoned", "<m n=\"3\"/>")]);
        stories[0]!.Attempts.ShouldHaveSingleItem().Outcome.ShouldBe("rejected");
        (await Store.Principals.AuditAsync(long.MaxValue, 10, Cancel)).Select(line => (line.Actor, line.Action)).ShouldBe([("operator-2", "lane.abandon"), ("operator-1", "lane.abandon-asked")], ignoreOrder: true);
    }

    [Fact]
    public async Task One_person_alone_gives_nothing_up()
    {
        await StuckAsync(closed: true);
        var id = (await Store.Abandonments.AskAsync(Lane, First, "please", Cancel)).Id!.Value;

        (await Store.Abandonments.DoAsync(id, First, "I agree with myself", Cancel)).Problem.ShouldNotBeNull().ShouldContain("second person");

        (await LaneAsync()).State.ShouldBe(LaneState.Parked);
        await Should.ThrowAsync<Exception>(() => Store.AbandonAloneAsync(id));
    }

    [Fact]
    public async Task A_journey_that_is_open_keeps_its_lane()
    {
        await StuckAsync(closed: false);

        (await Store.Abandonments.AskAsync(Lane, First, "please", Cancel)).Problem.ShouldNotBeNull().ShouldContain("not a closed journey");
        (await Store.Abandonments.ListAsync(Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lane_that_flows_is_not_given_up()
    {
        await QueueAsync(closed: true, 1);

        (await Store.Abandonments.AskAsync(Lane, First, "please", Cancel)).Problem.ShouldNotBeNull().ShouldContain("is not stuck");
    }

    [Fact]
    public async Task What_changed_since_it_was_asked_for_is_asked_for_again()
    {
        await StuckAsync(closed: true);
        var id = (await Store.Abandonments.AskAsync(Lane, First, "please", Cancel)).Id!.Value;
        await QueueAsync(closed: true, 4);

        (await Store.Abandonments.DoAsync(id, Second, "agreed", Cancel)).Problem.ShouldNotBeNull().ShouldContain("has changed since operator-1 asked");
        (await Store.Abandonments.AskAsync(Lane, Second, "now with the fourth", Cancel)).Id.ShouldBe(id, "one request is open per lane");
        (await Store.Abandonments.DoAsync(id, First, "agreed", Cancel)).Problem.ShouldBeNull();
        (await Store.Abandonments.DoAsync(id, First, "again", Cancel)).Problem.ShouldNotBeNull().ShouldContain("or it is done");

        (await Store.Abandonments.ListAsync(Cancel)).ShouldHaveSingleItem().LastNumber.ShouldBe(4);
    }

    private async Task StuckAsync(bool closed)
    {
        await QueueAsync(closed, 1, 2, 3);
        var head = (await Store.Lanes.DueAsync("manifest", [], 10, Cancel)).ShouldHaveSingleItem();
        await Store.Lanes.EndAsync(
            head, new AttemptRecord(null, AttemptPurpose.Send, Store.Clock.GetUtcNow(), "rejected", 200, "refused", default), new NextMove.Park("refused"), Cancel);
    }

    private async Task QueueAsync(bool closed, params long[] numbers)
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        await Store.Journal.AppendAsync([Batch.Act(Store.Clock.GetUtcNow())], Cancel);
        var entry = (await Store.Processing.ClaimAsync(100, Cancel))[^1];
        var version = (await Store.Processing.LoadAsync(new Touched([], ["J-1"], [], Store.Clock.GetUtcNow()), Cancel)).Subjects is [var known, ..] ? known.Version : 0;
        var office = new Office("JOAQJ001", null, "JO", null);
        var registration = new JourneyRegistration { JourneyId = "J-1", Departure = office, Destination = office };
        var closing = closed ? new Closing(Store.Clock.GetUtcNow(), "customs", "arrived") : null;
        await Store.Processing.SaveAsync(Batch.Of(entry) with
        {
            Subjects =
            [
                new MappedSubject(
                    new SubjectState(Batch.Journey) { Version = version, Journey = new RegisteredJourney(registration, Store.Clock.GetUtcNow(), "customs", entry.Position, [], closing) },
                    [.. numbers.Select(n => Batch.Message(n, entry.Position))]),
            ],
        }, Cancel);
    }

    private async Task<LaneView> LaneAsync() => (await Store.Lanes.ListAsync(new LaneFilter(Lane.Destination, Lane.Subject, null, 10), Cancel)).ShouldHaveSingleItem();
}
