using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;

namespace Adapter.Host.Tests.Journeys;

public class TimingTests
{
    private static readonly DateTimeOffset Received = Reports.Start;
    private static readonly JourneyOptions Options = new();

    [Theory]
    [InlineData(0)]
    [InlineData(5)]                 // the lock's clock may be ahead by five minutes
    [InlineData(-30 * 24 * 60)]     // and its flash may be a month old
    public void A_time_inside_the_window_is_believed(double minutes)
    {
        var timing = Of(Received.AddMinutes(minutes)).ShouldNotBeNull();

        timing.At.ShouldBe(Received.AddMinutes(minutes));
        timing.ClockSuspect.ShouldBeFalse();
    }

    [Fact]
    public void A_time_further_ahead_than_the_tolerance_gives_way_to_the_receive_time_and_is_marked()
    {
        var timing = Of(Received.AddMinutes(5).AddSeconds(1)).ShouldNotBeNull();

        timing.ShouldBe(new Timing(Received, Received, ClockSuspect: true, Late: false));
    }

    [Fact]
    public void A_lock_without_a_time_is_placed_at_the_receive_time_and_marked() =>
        Of(null).ShouldBe(new Timing(Received, Received, ClockSuspect: true, Late: false));

    [Fact]
    public void A_position_older_than_the_horizon_is_evidence_only() => Of(Received - Options.Horizon - TimeSpan.FromSeconds(1)).ShouldBeNull();

    [Theory]
    [InlineData(ReportRoute.Alarm)]
    [InlineData(ReportRoute.Event)]
    public void An_alarm_with_an_impossible_time_takes_effect_when_it_is_received(ReportRoute route) =>
        Of(Received - Options.Horizon - TimeSpan.FromSeconds(1), route: route).ShouldBe(new Timing(Received, Received, ClockSuspect: true, Late: false));

    [Fact]
    public void Late_is_what_the_cloud_had_more_than_ten_minutes_after_it_happened()
    {
        Of(Received.AddMinutes(-60), cloud: Received.AddMinutes(-50)).ShouldNotBeNull().Late.ShouldBeFalse();
        Of(Received.AddMinutes(-60), cloud: Received.AddMinutes(-50).AddSeconds(1)).ShouldNotBeNull().Late.ShouldBeTrue();
    }

    [Fact]
    public void Where_the_cloud_gives_no_time_ours_decides_what_is_late()
    {
        Of(Received.AddMinutes(-10)).ShouldNotBeNull().Late.ShouldBeFalse();
        Of(Received.AddMinutes(-11)).ShouldNotBeNull().Late.ShouldBeTrue();
    }

    private static Timing? Of(DateTimeOffset? device, DateTimeOffset? cloud = null, ReportRoute route = ReportRoute.Location) =>
        Timing.Of(Reports.Position(0) with { DeviceTime = device, CloudTime = cloud, Route = route }, Received, Options);
}
