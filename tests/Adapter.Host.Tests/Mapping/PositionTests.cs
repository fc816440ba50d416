using Adapter.Contracts.Telemetry;
using Adapter.Host.Tests.Flow;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Mapping;

public sealed class PositionTests : IDisposable
{
    private readonly FlowBench _bench = new();

    public PositionTests() => _bench.Destinations[1] = _bench.Destinations[1] with { Subscribes = ["*", "POSITION"] };

    [Fact]
    public async Task Positions_go_to_those_alone_who_ask_for_them_by_name()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Road), Position(2, where: Road));

        Positions("transportation").ShouldBe([Key(1), Key(2)]);
        Positions("manifest").ShouldBeEmpty();
        var message = _bench.Store.Messages.First(m => m.DecisionKey == Key(1));
        (message.Decision.Kind, message.Decision.IsAlarm, message.Source.Event.Position, message.Source.Event.ObservedAt).ShouldBe(("POSITION", false, Road, At(1)));
        _bench.Store.Messages.Where(m => m.Destination.Name == "transportation").Select(m => m.Number).ShouldBe([1, 2, 3, 4], "they are numbered with the rest");
    }

    [Fact]
    public async Task Of_positions_that_come_together_the_newest_is_told()
    {
        await _bench.RegisterAsync(Journey());
        _bench.Receive(Position(1, where: Road));
        _bench.Receive(Position(3, where: Road));
        _bench.Receive(Position(2, where: Road));
        await _bench.RunAsync();

        Positions().ShouldBe([Key(3)]);
    }

    [Fact]
    public async Task A_position_older_than_what_was_told_is_no_news()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(5, where: Road), Position(4, where: Border, cloudMinute: 6), Position(7, where: Road));

        Positions().ShouldBe([Key(5), Key(7)]);
        _bench.Told("transportation").ShouldAllBe(key => !key.StartsWith('-') && !key.Contains("correction"));
    }

    [Fact]
    public async Task A_guess_at_a_place_and_a_closed_journey_are_not_told()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Road, fix: FixKind.Approximate), Position(2, where: null, fix: FixKind.None), Position(3, where: Road));
        await _bench.CloseAsync("J-1", At(4));
        await _bench.TakeAsync(Position(5, where: Road));

        Positions().ShouldBe([Key(3)]);
    }

    [Fact]
    public async Task Each_lock_of_a_journey_has_its_own_newest_place()
    {
        await _bench.RegisterAsync(Journey(locks: [TheLock, OtherLock]));
        _bench.Receive(Position(2, where: Road));
        _bench.Receive(Position(1, where: Border, of: OtherLock));
        await _bench.RunAsync();

        Positions().ShouldBe([Key(1, OtherLock), Key(2)]);
    }

    public void Dispose() => _bench.Dispose();

    private static string Key(double minute, LockId? of = null) => $"position/{of ?? TheLock}/{At(minute).ToUnixTimeMilliseconds()}";

    private IReadOnlyList<string> Positions(string destination = "transportation") => [.. _bench.Told(destination).Where(key => key.StartsWith("position/", StringComparison.Ordinal))];
}
