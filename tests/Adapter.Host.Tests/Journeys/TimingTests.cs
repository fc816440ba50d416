using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;

namespace Adapter.Host.Tests.Journeys;

public class TimingTests
{
    private static readonly DateTimeOffset Received = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly JourneyOptions _options = new();

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(-30 * 24 * 60)]
    public void A_believable_clock_tells_when_it_happened(double minutes) =>
        Of(Received.AddMinutes(minutes)).ShouldNotBeNull().ShouldSatisfyAllConditions(t => t.At.ShouldBe(Received.AddMinutes(minutes)), t => t.ClockSuspect.ShouldBeFalse());

    [Fact]
    public void A_clock_that_runs_ahead_is_suspect_and_the_receive_time_counts() =>
        Of(Received.AddMinutes(6)).ShouldNotBeNull().ShouldSatisfyAllConditions(t => t.At.ShouldBe(Received), t => t.ClockSuspect.ShouldBeTrue());

    [Fact]
    public void An_unset_clock_never_loses_an_alarm() => Of(null, ReportRoute.Alarm)!.ClockSuspect.ShouldBeTrue();

    [Fact]
    public void An_alarm_from_long_ago_counts_when_it_is_received() => Of(Received.AddDays(-31), ReportRoute.Alarm)!.At.ShouldBe(Received);

    [Fact]
    public void A_position_older_than_the_memory_of_copies_is_evidence_only() => Of(Received.AddDays(-31)).ShouldBeNull();

    [Theory]
    [InlineData(10, false)]
    [InlineData(11, true)]
    public void Late_is_how_long_the_cloud_waited_for_it(double minutes, bool late)
    {
        var report = Story.Position(0) with { DeviceTime = Received.AddHours(-2), CloudTime = Received.AddHours(-2).AddMinutes(minutes) };

        Timing.Of(report, Received, _options)!.Late.ShouldBe(late);
    }

    private Timing? Of(DateTimeOffset? told, ReportRoute route = ReportRoute.Location) =>
        Timing.Of(Story.Position(0) with { DeviceTime = told, CloudTime = null, Route = route }, Received, _options);
}
