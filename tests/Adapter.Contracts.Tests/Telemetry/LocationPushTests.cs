using Adapter.Contracts.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

public sealed class LocationPushTests
{
    [Fact]
    public void The_documented_example_is_read_in_full()
    {
        var report = Samples.Read(Samples.LocationPush).Report;

        report.Lock.Value.ShouldBe("8022300001");
        report.SubLock.ShouldBeNull();
        report.Route.ShouldBe(ReportRoute.Location);
        report.DeviceTime.ShouldBe(new DateTimeOffset(2022, 9, 1, 8, 59, 56, TimeSpan.Zero));
        report.CloudTime.ShouldBe(new DateTimeOffset(2022, 9, 1, 8, 59, 56, 964, TimeSpan.Zero));
        report.EndedAt.ShouldBeNull();
        report.Position.ShouldBe(new GeoPoint(22.58107, 113.916965));
        report.Fix.ShouldBe(FixKind.Satellite);
        report.State.ShouldBe(new SealState(Locked: true, RopeInserted: true, CoverClosed: null));
        report.Motion.ShouldBe(new Motion(0, 0, 16));
        report.Power.ShouldBe(new Power(100, null));
        report.Events.ShouldBeEmpty();
        report.SourceMessageId.ShouldBeNull();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(-1, null)]
    [InlineData(2, null)]
    public void Zero_is_locked_and_rope_in_and_minus_one_is_not_fitted(int written, bool? expected)
    {
        Status($$"""{"lockBar":-1,"lockRope":-1,"lockStatus":{{written}}}""").ShouldBe(new SealState(expected, null, null));
        Status($$"""{"lockBar":-1,"lockRope":{{written}},"lockStatus":-1}""").ShouldBe(new SealState(null, expected, null));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    [InlineData(-1, null)]
    public void The_back_cover_is_not_reversed(int written, bool? closed) =>
        Status($$"""{"backCover":"{{written}}"}""").ShouldBe(new SealState(null, null, closed));

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{ broken")]
    [InlineData("[0,0]")]
    public void A_status_that_is_absent_or_broken_is_not_reported(string status)
    {
        Status(status).ShouldBe(SealState.NotReported);
        Samples.Read(Samples.LocationPush.With(("statusJson", null))).Report.State.ShouldBe(SealState.NotReported);
    }

    [Fact]
    public void A_status_written_as_an_object_reads_like_one_in_a_string() =>
        Samples.Read(Samples.LocationPush.With(("statusJson", """{"lockRope":1,"lockStatus":0}"""))).Report.State.ShouldBe(new SealState(true, false, null));

    [Fact]
    public void A_field_of_the_record_wins_over_one_inside_it() =>
        Samples.Read(Samples.LocationPush.With(("FLockStatus", "1"))).Report.State.Locked.ShouldBe(false);

    [Theory]
    [InlineData("0", FixKind.None)]
    [InlineData("1", FixKind.Satellite)]
    [InlineData("\"1\"", FixKind.Satellite)]
    [InlineData("2", FixKind.Approximate)]
    [InlineData("3", FixKind.Approximate)]
    [InlineData("\"null\"", FixKind.Approximate)]
    public void Only_type_one_is_a_satellite_fix(string locType, FixKind expected) =>
        Samples.Read(Samples.LocationPush.With(("locType", locType))).Report.Fix.ShouldBe(expected);

    [Fact]
    public void Zero_zero_is_no_position_and_no_fix()
    {
        var report = Samples.Read(Samples.LocationPush.With(("longitude", "0"), ("latitude", "0.0"))).Report;

        report.Position.ShouldBeNull();
        report.Fix.ShouldBe(FixKind.None);
    }

    [Theory]
    [InlineData("100", 100, null)]
    [InlineData("\"55\"", 55, null)]
    [InlineData("255", null, true)]
    [InlineData("-1", null, null)]
    [InlineData("101", null, null)]
    [InlineData("\"null\"", null, null)]
    public void A_battery_of_255_is_charging_and_other_impossible_charges_are_unknown(string battery, int? percent, bool? charging) =>
        Samples.Read(Samples.LocationPush.With(("battery", battery))).Report.Power.ShouldBe(new Power(percent, charging));

    [Theory]
    [InlineData("-1000.0")]
    [InlineData("\"-1000.0\"")]
    [InlineData("\"null\"")]
    [InlineData("\"NaN\"")]
    [InlineData("1e999")]
    [InlineData("-1")]
    [InlineData("true")]
    [InlineData("[41]")]
    public void A_speed_heading_or_mileage_that_cannot_be_one_is_unknown(string value) =>
        Samples.Read(Samples.LocationPush.With(("speed", value), ("direction", value), ("mileage", value))).Report.Motion.ShouldBe(new Motion(null, null, null));

    [Fact]
    public void Numbers_in_strings_are_numbers()
    {
        var report = Samples.Read(Samples.LocationPush.With(("latitude", "\"-22.5\""), ("longitude", "\"1.25E1\""), ("speed", "\" 41.5 \""))).Report;

        report.Position.ShouldBe(new GeoPoint(-22.5, 12.5));
        report.Motion.SpeedKmh.ShouldBe(41.5);
    }

    [Theory]
    [InlineData("2022-09-01T08:59:56Z", "2022-09-01T08:59:56.0000000")]
    [InlineData("2022-09-01T08:59:56", "2022-09-01T08:59:56.0000000")]
    [InlineData("2022-09-01 08:59:56", "2022-09-01T08:59:56.0000000")]
    [InlineData("2022-09-01T08:59Z", "2022-09-01T08:59:00.0000000")]
    [InlineData("2022-09-01T08:59", "2022-09-01T08:59:00.0000000")]
    [InlineData("2022-09-01T08:59:56.9Z", "2022-09-01T08:59:56.9000000")]
    [InlineData("2022-09-01T08:59:56.964", "2022-09-01T08:59:56.9640000")]
    [InlineData("2022-09-01T08:59:56.9641234Z", "2022-09-01T08:59:56.9641234")]
    [InlineData("2022-09-01T08:59:56.964123456Z", "2022-09-01T08:59:56.9641234")]
    [InlineData("2022-09-01T11:59:56+03:00", "2022-09-01T08:59:56.0000000")]
    [InlineData("2001-01-01T00:00:00Z", "2001-01-01T00:00:00.0000000")]
    public void A_time_is_utc_whatever_parts_it_leaves_out(string written, string utc)
    {
        var time = Samples.Read(Samples.LocationPush.With(("gpsTime", $"\"{written}\""))).Report.DeviceTime.ShouldNotBeNull();

        time.Offset.ShouldBe(TimeSpan.Zero);
        time.DateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", System.Globalization.CultureInfo.InvariantCulture).ShouldBe(utc);
    }

    [Theory]
    [InlineData("\"2000-01-01T00:00Z\"")]
    [InlineData("\"2000-12-31T23:59:59Z\"")]
    [InlineData("\"2100-01-01T00:00:00Z\"")]
    [InlineData("\"0001-01-01T00:00:00\"")]
    [InlineData("\"yesterday\"")]
    [InlineData("\"null\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("1662022796")]
    public void A_clock_that_is_unset_or_unreadable_is_no_device_time(string gpsTime)
    {
        var read = Samples.Read(Samples.LocationPush.With(("gpsTime", gpsTime)));

        read.Report.DeviceTime.ShouldBeNull();
        read.Report.CloudTime.ShouldNotBeNull();
    }

    [Fact]
    public void An_alarm_on_a_position_is_a_flag_that_stays_raised()
    {
        var route = Samples.Location with { CodeSpace = "sdk-alarm" };

        Samples.Read(Samples.LocationPush.With(("alarm", "1")), route).Report.Events
            .ShouldBe([new ReportedEvent(LockEventKind.RopeCut, new SourceCode("sdk-alarm", "1"), Level: true)]);
        Samples.Read(Samples.LocationPush.With(("alarm", "-1")), route).Report.Events.ShouldBeEmpty();
        Samples.Read(Samples.LocationPush.With(("alarm", "[1,6,1]")), route).Report.Events.Select(e => e.Kind)
            .ShouldBe([LockEventKind.RopeCut, LockEventKind.LowBattery]);
        Samples.Read(Samples.LocationPush.With(("alarm", "\"1, 6\"")), route).Report.Events.Select(e => e.Kind)
            .ShouldBe([LockEventKind.RopeCut, LockEventKind.LowBattery]);
    }

    [Fact]
    public void The_lock_number_keeps_its_leading_zeros_and_may_be_written_as_a_number()
    {
        Samples.Read(Samples.LocationPush.With(("assetId", "\"0022300001\""))).Report.Lock.Value.ShouldBe("0022300001");
        Samples.Read(Samples.LocationPush.With(("assetId", "8022300001"))).Report.Lock.Value.ShouldBe("8022300001");
    }

    private static SealState Status(string status) =>
        Samples.Read(Samples.LocationPush.With(("statusJson", System.Text.Json.JsonSerializer.Serialize(status)))).Report.State;
}
