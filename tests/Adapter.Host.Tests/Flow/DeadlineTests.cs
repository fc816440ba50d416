using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

public sealed class DeadlineTests : IDisposable
{
    private readonly FlowBench _bench = new();

    [Fact]
    public async Task Goods_that_are_not_there_by_the_time_limit_are_overdue_and_that_is_told_once()
    {
        await UnderWayAsync(limit: 600);

        await _bench.PassAsync(At(599));
        var before = _bench.Journey().Findings.Any(f => f.Code == "journey.overdue");
        await _bench.PassAsync(At(600));
        await _bench.PassAsync(At(700));

        before.ShouldBeFalse();
        _bench.Journey().Fired.Count(f => f.Kind == Adapter.Host.Journeys.Facts.DeadlineKind.TimeLimit).ShouldBe(1, "it passes once");
        _bench.Journey().NextDue.ShouldBeNull();
        var finding = _bench.Journey().Findings.Single(f => f.Code == "journey.overdue");
        (finding.Severity, finding.State).ShouldBe((Severity.Critical, FindingState.Open));
        finding.Text.ShouldBe("The goods are due at UGMLB001 by 2026-05-04 16:00 UTC, and nobody has seen them arrive by then.");
        _bench.Store.Messages.Where(m => m.Destination.Name == "manifest" && m.Decision.Kind == "OVERDUE").ShouldHaveSingleItem().Decision.Seen.At.ShouldBe(At(600));
    }

    [Fact]
    public async Task A_late_report_of_an_arrival_in_time_explains_it_and_is_a_withdrawal_of_what_was_told()
    {
        await UnderWayAsync(limit: 600);
        await _bench.PassAsync(At(601));

        await _bench.TakeAsync(Position(590, where: Border, cloudMinute: 640));

        _bench.Journey().Findings.Single(f => f.Code == "journey.overdue").State.ShouldBe(FindingState.Explained);
        var withdrawal = _bench.Store.Messages.Last(m => m.Destination.Name == "manifest" && m.Decision.Kind == "OVERDUE");
        (withdrawal.Source.Message.IsWithdrawal, withdrawal.Source.Event.Finding!.State).ShouldBe((true, "Explained"));
        withdrawal.Corrects.ShouldBe(_bench.Store.Messages.First(m => m.Destination.Name == "manifest" && m.Decision.Kind == "OVERDUE").Id);
    }

    [Fact]
    public async Task An_arrival_after_the_limit_leaves_it_overdue()
    {
        await UnderWayAsync(limit: 600);
        await _bench.PassAsync(At(601));

        await _bench.TakeAsync(Position(620, where: Border));

        _bench.Journey().Findings.Single(f => f.Code == "journey.overdue").State.ShouldBe(FindingState.Open);
    }

    [Fact]
    public async Task A_limit_that_is_extended_takes_it_back_until_the_new_one_passes()
    {
        await UnderWayAsync(limit: 600);
        await _bench.PassAsync(At(601));

        await _bench.ActAsync(
            EntryKind.Amendment, Operations.AmendMovement, new AmendMovementRequest { MovementId = "J-1", Reason = "bridge closed", TimeLimit = At(900) }, At(610));
        var extended = _bench.Journey().Findings.Single(f => f.Code == "journey.overdue").State;
        await _bench.PassAsync(At(901));

        extended.ShouldBe(FindingState.Explained);
        var again = _bench.Journey().Findings.Single(f => f.Code == "journey.overdue");
        (again.State, again.Seen!.At).ShouldBe((FindingState.Open, At(900)));
        _bench.Store.Messages.Where(m => m.Destination.Name == "manifest" && m.Decision.Kind == "OVERDUE").Select(m => m.Source.Message.IsWithdrawal).ShouldBe([false, true, false]);
    }

    [Fact]
    public async Task Goods_that_arrived_in_time_are_never_overdue()
    {
        await UnderWayAsync(limit: 600);
        await _bench.TakeAsync(Position(500, where: Border));
        _bench.Journey().NextDue.ShouldBeNull("nobody waits for goods that are there");

        await _bench.PassAsync(At(2000));

        _bench.Journey().Findings.ShouldBeEmpty();
        _bench.Journey().NextDue.ShouldBeNull();
    }

    [Fact]
    public async Task A_lock_that_falls_silent_on_the_road_is_lost_after_half_an_hour()
    {
        await UnderWayAsync();

        await _bench.PassAsync(At(89));
        var early = _bench.Journey().Findings.Count;
        await _bench.PassAsync(At(91));
        await _bench.PassAsync(At(300));

        early.ShouldBe(0);
        var finding = _bench.Journey().Findings.ShouldHaveSingleItem();
        (finding.Code, finding.Kind).ShouldBe(("telemetry.signal-lost", "SIGNAL_LOST"));
        _bench.Told().Count(key => key.StartsWith("finding/telemetry.signal-lost/8022300001", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_lock_that_is_silent_before_its_goods_have_left_is_not_lost()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port));

        await _bench.PassAsync(At(600));

        _bench.Journey().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_parked_lock_may_be_silent_for_two_hours()
    {
        await UnderWayAsync();
        await _bench.TakeAsync(Position(70, where: Road) with { Motion = new Motion(0, null, null) });

        await _bench.PassAsync(At(185));
        _bench.Journey().Findings.ShouldBeEmpty();
        await _bench.PassAsync(At(191));

        _bench.Journey().Findings.ShouldHaveSingleItem().Code.ShouldBe("telemetry.signal-lost");
    }

    [Theory]
    [InlineData(5, " Its battery was at 5 %, so it may be in deep sleep.")]
    [InlineData(6, "")]
    [InlineData(null, "")]
    public async Task A_lock_that_fell_silent_with_an_empty_battery_may_be_in_deep_sleep_whatever_it_says_when_it_is_awake_again(int? percent, string sentence)
    {
        var expected = $"Lock 8022300001 is to report all the way, but nothing came from 2026-05-04 07:10 to 2026-05-04 07:40 UTC.{sentence}";
        await UnderWayAsync();
        await _bench.TakeAsync(Position(70, where: Road) with { Power = new Power(percent, Charging: null) });

        await _bench.PassAsync(At(101));
        var asleep = _bench.Journey().Findings.ShouldHaveSingleItem().Text;
        // A charger wakes it; what was lost stays lost, and why.
        await _bench.TakeAsync(Position(150, where: Road) with { Power = new Power(percent is 5 ? 40 : 3, Charging: null) });

        asleep.ShouldBe(expected);
        var awake = _bench.Journey().Findings.ShouldHaveSingleItem();
        (awake.State, awake.Text).ShouldBe((FindingState.Open, expected));
    }

    [Fact]
    public async Task Buffered_reports_explain_a_silence_and_a_report_from_after_it_does_not()
    {
        await UnderWayAsync();
        await _bench.PassAsync(At(91));

        await _bench.TakeAsync(Position(120, where: Road), Position(59, where: Road, cloudMinute: 121));
        var stillLost = _bench.Journey().Findings.Single().State;
        await _bench.TakeAsync(Position(75, where: Road, cloudMinute: 121));

        stillLost.ShouldBe(FindingState.Open);
        _bench.Journey().Findings.Single().State.ShouldBe(FindingState.Explained);
    }

    [Fact]
    public async Task Goods_that_turn_out_to_have_arrived_before_the_silence_were_not_lost()
    {
        await UnderWayAsync();
        // The last word before the silence has no place, and the arrival before it is heard of afterwards.
        await _bench.TakeAsync(Position(80, where: null, fix: FixKind.None));
        await _bench.PassAsync(At(111));
        var lost = _bench.Journey().Findings.ShouldHaveSingleItem().State;

        await _bench.TakeAsync(Position(70, where: Border, cloudMinute: 130));

        (lost, _bench.Journey().Findings.ShouldHaveSingleItem().State).ShouldBe((FindingState.Open, FindingState.Explained));
        _bench.Store.Messages.Last(m => m.Decision.Kind == "SIGNAL_LOST").Source.Message.IsWithdrawal.ShouldBeTrue();
    }

    [Fact]
    public async Task A_second_silence_is_a_second_finding()
    {
        await UnderWayAsync();
        await _bench.PassAsync(At(91));
        await _bench.TakeAsync(Position(120, where: Road));

        await _bench.PassAsync(At(160));

        _bench.Journey().Findings.Count(f => f.Code == "telemetry.signal-lost").ShouldBe(2);
    }

    [Fact]
    public async Task A_suspended_or_closed_journey_waits_for_nothing()
    {
        await UnderWayAsync(limit: 600);
        await _bench.ActAsync(
            EntryKind.Amendment, Operations.AmendMovement, new AmendMovementRequest { MovementId = "J-1", Reason = "strike at the border", Change = MovementChange.Suspend }, At(70));

        await _bench.PassAsync(At(900));
        _bench.Journey().Findings.ShouldBeEmpty();
        await _bench.ActAsync(
            EntryKind.Amendment, Operations.AmendMovement, new AmendMovementRequest { MovementId = "J-1", Reason = "over", Change = MovementChange.Resume }, At(901));
        await _bench.PassAsync(At(902));

        _bench.Journey().Findings.ShouldContain(f => f.Code == "journey.overdue");
    }

    [Fact]
    public async Task A_late_entry_of_the_clock_finds_nothing_due_that_was_heard_of_before_it()
    {
        await UnderWayAsync();
        // The clock looked at minute 91; a report was journalled just before its entry.
        _bench.Receive(Position(90, where: Road));
        await _bench.PassAsync(At(91));

        _bench.Journey().Findings.ShouldBeEmpty();
    }

    public void Dispose() => _bench.Dispose();

    private async Task UnderWayAsync(double? limit = null)
    {
        await _bench.RegisterAsync(Journey() with { TimeLimit = limit is { } minute ? At(minute) : null });
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road));
    }
}
