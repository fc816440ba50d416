using Adapter.Contracts.Admin;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Xunit;

namespace Adapter.Conformance;

/// <summary>Positions that wait in a lane: only the newest of each lock goes, and what is left out stays on record.</summary>
public abstract class CoalescingConformance : StoreConformance
{
    private static readonly Destination Follower = Batch.Receiver("manifest") with { Subscribes = ["*", "POSITION"], CoalescesPositions = true };
    private static readonly LockId First = LockId.Parse("8022300001");
    private static readonly LockId Second = LockId.Parse("8022300002");

    private long _version;

    [Fact]
    public async Task Of_the_positions_that_wait_behind_the_head_only_the_newest_of_each_lock_goes()
    {
        await QueueAsync(Follower, Event(1), Place(2, First), Place(3, Second), Event(4));
        await QueueAsync(Follower, Place(5, First));
        await QueueAsync(Follower, Place(6, First));

        (await DrainAsync()).ShouldBe([1, 3, 4, 6]);
        var left = (await Store.Lanes.FindMessageAsync(IdOf(2), Cancel)).ShouldNotBeNull();
        (left.State, left.SettledAt, left.Attempts.Count).ShouldBe(("coalesced", Store.Clock.GetUtcNow(), 0));
    }

    [Fact]
    public async Task A_position_that_is_the_head_goes_its_way()
    {
        await QueueAsync(Follower, Place(1, First));
        (await DueAsync()).ShouldHaveSingleItem("it may be on its way, and where a repeat does no harm nothing marks that");

        await QueueAsync(Follower, Place(2, First));
        await QueueAsync(Follower, Place(3, First));

        (await DrainAsync()).ShouldBe([1, 3]);
    }

    [Fact]
    public async Task Elsewhere_every_position_goes()
    {
        await QueueAsync(Follower with { CoalescesPositions = false }, Event(1), Place(2, First));
        await QueueAsync(Follower with { CoalescesPositions = false }, Place(3, First));

        (await DrainAsync()).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Positions_of_other_lanes_stay()
    {
        await QueueAsync(Follower, Event(1), Place(2, First));
        await QueueAsync(Follower with { Name = "transportation" }, Event(1), Place(2, First));
        await QueueAsync(Follower with { Name = "transportation" }, Place(3, First));

        (await DrainAsync()).ShouldBe([1, 2]);
    }

    private static (long Number, LockId? Lock) Event(long number) => (number, null);

    private static (long Number, LockId? Lock) Place(long number, LockId of) => (number, of);

    private static string IdOf(long number) => $"manifest-{number}";

    private async Task QueueAsync(Destination destination, params (long Number, LockId? Lock)[] messages)
    {
        await Store.Destinations.SeedAsync([destination], Cancel);
        await Store.Journal.AppendAsync([Batch.Act(Store.Clock.GetUtcNow())], Cancel);
        var entry = (await Store.Processing.ClaimAsync(100, Cancel))[^1];
        await Store.Processing.SaveAsync(
            Batch.Of(entry) with { Subjects = [new MappedSubject(new SubjectState(Batch.Journey) { Version = _version++ }, [.. messages.Select(m => Made(destination, m, entry.Position))])] }, Cancel);
    }

    private static MappedMessage Made(Destination destination, (long Number, LockId? Lock) of, long entry)
    {
        var message = Batch.Message(of.Number, entry, destination.Name, id: $"{destination.Name}-{of.Number}") with { Destination = destination };
        return of.Lock is not { } @lock ? message : message with
        {
            DecisionKey = $"{Positions.KeyOf(@lock)}{of.Number}",
            Decision = message.Decision with { Kind = EventKinds.Position, Lock = @lock },
        };
    }

    private Task<IReadOnlyList<LaneHead>> DueAsync() => Store.Lanes.DueAsync("manifest", [], 10, Cancel);

    private async Task<IReadOnlyList<long>> DrainAsync()
    {
        var numbers = new List<long>();
        while (await DueAsync() is [var head])
        {
            numbers.Add(head.Number);
            await Store.Lanes.EndAsync(
                head, new AttemptRecord(null, AttemptPurpose.Send, Store.Clock.GetUtcNow(), "delivered", 200, "", ReadOnlyMemory<byte>.Empty), new NextMove.Delivered(Duplicate: false), Cancel);
        }

        return numbers;
    }
}
