using Adapter.Contracts.Telemetry;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

public sealed class AttachmentTests : IDisposable
{
    private readonly FlowBench _bench = new();

    [Fact]
    public async Task Reports_since_the_last_seal_come_with_the_lock_marked_late()
    {
        await _bench.TakeAsync(
            Position(0), Position(5, locked: false, rope: false), Position(10), Position(20));

        await _bench.RegisterAsync(Journey(), At(60));

        _bench.Store.Bindings.ShouldHaveSingleItem().StartsAt.ShouldBe(At(10));
        var seal = _bench.Journey().Episodes.ShouldHaveSingleItem();
        (seal.First.At, seal.First.Late, seal.Evidence.Count).ShouldBe((At(10), true, 1));
        _bench.Store.Messages.ShouldAllBe(m => m.Source.Event.IsLate);
        _bench.Told().ShouldBe(["seal/episode-1"]);
    }

    [Fact]
    public async Task A_message_names_the_entry_that_led_to_it_which_for_attached_reports_is_the_registration()
    {
        await _bench.TakeAsync(Position(10));
        await _bench.RegisterAsync(Journey(), At(60));

        _bench.Store.Messages.Select(m => m.Entry).Distinct().ShouldBe([2L]);
    }

    [Fact]
    public async Task Nothing_older_than_a_day_comes_with_the_lock()
    {
        await _bench.TakeAsync(Position(0), Position(60), Position(120));

        await _bench.RegisterAsync(Journey(), At(24 * 60).AddMinutes(60));

        _bench.Store.Bindings.ShouldHaveSingleItem().StartsAt.ShouldBe(At(60));
        _bench.Journey().Episodes.ShouldHaveSingleItem().First.At.ShouldBe(At(60));
    }

    [Fact]
    public async Task A_lock_that_is_open_brings_nothing_and_is_bound_from_its_registration()
    {
        await _bench.TakeAsync(Position(10), Row(15, LockEventKind.Vibration), Position(20, locked: false, rope: false), Row(21, LockEventKind.Vibration));

        await _bench.RegisterAsync(Journey(), At(60));

        _bench.Store.Bindings.ShouldHaveSingleItem().StartsAt.ShouldBe(At(60));
        _bench.Journey().Episodes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lock_that_its_own_message_says_was_opened_brings_nothing()
    {
        await _bench.TakeAsync(Position(10), Row(20, LockEventKind.Unseal, route: ReportRoute.Event));

        await _bench.RegisterAsync(Journey(), At(60));

        _bench.Journey().Episodes.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_journey_was_given_is_not_given_to_the_next()
    {
        await _bench.TakeAsync(Position(10), Row(20, LockEventKind.RopeCut));
        await _bench.RegisterAsync(Journey("J-1"), At(60));
        await _bench.CloseAsync("J-1", At(70));
        await _bench.RegisterAsync(Journey("J-2"), At(80));

        _bench.Journey("J-2").Episodes.ShouldBeEmpty();
        _bench.Store.Bindings.Select(b => b.StartsAt).ShouldBe([At(10), At(80)]);
    }

    [Fact]
    public async Task An_alarm_of_an_unbound_lock_goes_only_to_those_who_asked_for_such_alarms()
    {
        await _bench.TakeAsync(Position(10), Row(20, LockEventKind.RopeCut));

        _bench.Told("manifest").ShouldBeEmpty();
        _bench.Told("transportation").ShouldBe(["rope-cut/episode-1"]);
        _bench.Store.Messages.ShouldHaveSingleItem().Subject.ToString().ShouldBe("lock:8022300001");
    }

    [Fact]
    public async Task Who_heard_of_an_alarm_in_the_lock_s_lane_does_not_hear_it_again_in_the_journey_s()
    {
        await _bench.TakeAsync(Position(10), Row(20, LockEventKind.RopeCut));

        await _bench.RegisterAsync(Journey(), At(60));

        _bench.Told("manifest").ShouldBe(["seal/episode-1", "rope-cut/episode-1"]);
        _bench.Store.Messages.Where(m => m.Destination.Name == "transportation").Select(m => $"{m.Subject} {m.DecisionKey}")
            .ShouldBe(["lock:8022300001 rope-cut/episode-1", "journey:J-1 seal/episode-1"]);
    }

    [Fact]
    public async Task A_position_older_than_the_horizon_changes_nothing_and_is_not_kept_for_a_journey()
    {
        _bench.Receive(Position(0, rope: false), At(31 * 24 * 60));
        await _bench.RunAsync();

        _bench.Store.Find(Adapter.Host.Journeys.Subject.Of(TheLock)).ShouldBeNull();
    }

    public void Dispose() => _bench.Dispose();
}
