using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

public sealed class TraccarTests
{
    private static readonly DateTimeOffset At = new(2021, 10, 6, 7, 54, 43, TimeSpan.Zero);

    [Fact]
    public void A_forwarded_position_is_read_in_full()
    {
        var report = Samples.Read(DialectSamples.TraccarPositionMessage, DialectSamples.TraccarPosition).Report;

        report.Lock.Value.ShouldBe("8000620011");
        report.Route.ShouldBe(ReportRoute.Location);
        report.DeviceTime.ShouldBe(At);
        report.CloudTime.ShouldBe(At.AddMilliseconds(2120));
        report.Position.ShouldBe(new GeoPoint(-4.037, 39.631));
        report.Fix.ShouldBe(FixKind.Satellite);
        report.State.ShouldBe(new SealState(true, true, true));
        report.Motion.SpeedKmh.ShouldNotBeNull().ShouldBe(18.52, tolerance: 1e-9);
        report.Motion.HeadingDegrees.ShouldBe(270);
        report.Motion.MileageKm.ShouldBe(120.5);
        report.Power.ShouldBe(new Power(83, null));
        report.Events.ShouldBeEmpty();
        report.SourceMessageId.ShouldBeNull();
    }

    [Fact]
    public void An_alarm_told_by_the_event_by_a_word_and_by_a_bit_is_one_event()
    {
        var report = Samples.Read(DialectSamples.TraccarAlarm, DialectSamples.TraccarEvent).Report;

        report.Events.ShouldBe([new ReportedEvent(LockEventKind.RopeCut, new SourceCode("traccar-alarm", "powerCut"), Level: false)]);
        report.Route.ShouldBe(ReportRoute.Event);
        report.DeviceTime.ShouldBe(At);
        report.SourceMessageId.ShouldBe("25183");
        report.Position.ShouldBe(new GeoPoint(-4.037, 39.631));
        report.State.ShouldBe(new SealState(true, false, true));
    }

    [Theory]
    [InlineData(1, LockEventKind.FenceEnter)]
    [InlineData(2, LockEventKind.FenceExit)]
    [InlineData(3, LockEventKind.RopeCut)]
    [InlineData(4, LockEventKind.Vibration)]
    [InlineData(8, LockEventKind.LongUnlocked)]
    [InlineData(9, LockEventKind.WrongPassword)]
    [InlineData(10, LockEventKind.IllegalCard)]
    [InlineData(11, LockEventKind.LowBattery)]
    [InlineData(12, LockEventKind.CoverOpen)]
    [InlineData(14, LockEventKind.MotorStuck)]
    [InlineData(15, LockEventKind.Unknown)]
    public void A_raised_bit_is_a_flag_even_where_Traccar_has_no_word_for_it(int bit, LockEventKind expected) =>
        Position($"\"status\":{0x20E0 | 1 << bit}").Events.ShouldBe([new ReportedEvent(expected, new SourceCode("status-word", $"{bit}"), Level: true)]);

    [Fact]
    public void Words_come_first_and_bits_add_what_the_words_leave_out() =>
        Position($"\"alarm\":\"powerCut, lowBattery,sos\",\"status\":{0x20C0 | 1 << 3 | 1 << 9 | 1 << 11 | 1 << 12}").Events.ShouldBe(
        [
            new ReportedEvent(LockEventKind.RopeCut, new SourceCode("traccar-alarm", "powerCut"), Level: true),
            new ReportedEvent(LockEventKind.LowBattery, new SourceCode("traccar-alarm", "lowBattery"), Level: true),
            new ReportedEvent(LockEventKind.Unknown, new SourceCode("traccar-alarm", "sos"), Level: true),
            new ReportedEvent(LockEventKind.WrongPassword, new SourceCode("status-word", "9"), Level: true),
            new ReportedEvent(LockEventKind.CoverOpen, new SourceCode("status-word", "12"), Level: true),
        ]);

    [Fact]
    public void States_and_the_wish_for_an_acknowledgement_are_no_events() => Position($"\"status\":{0x20E1}").Events.ShouldBeEmpty();

    [Fact]
    public void The_status_of_another_protocol_is_not_a_status_word()
    {
        var report = Position("\"status\":65535", ("protocol", "\"osmand\""));

        report.Events.ShouldBeEmpty();
        report.State.ShouldBe(SealState.NotReported);
    }

    [Theory]
    [InlineData("-2")]
    [InlineData("65536")]
    [InlineData("1.5")]
    [InlineData("\"parked\"")]
    public void A_status_that_is_no_word_of_sixteen_bits_is_kept_as_unknown(string status) =>
        Position($"\"status\":{status}").Events.ShouldBe([new ReportedEvent(LockEventKind.Unknown, new SourceCode("status-word", status.Trim('"')), Level: true)]);

    [Fact]
    public void The_time_is_that_of_the_report_because_a_place_may_be_hours_older()
    {
        var report = Position("\"status\":8416", ("fixTime", "\"2021-10-06T03:00:00.000+00:00\""));

        report.DeviceTime.ShouldBe(At);
        report.Fix.ShouldBe(FixKind.None);
        report.Position.ShouldNotBeNull();
    }

    [Fact]
    public void Without_the_time_of_the_report_that_of_the_fix_has_to_do() =>
        Position("\"status\":8416", ("deviceTime", "null")).DeviceTime.ShouldBe(At);

    [Fact]
    public void An_offset_is_taken_into_account() =>
        Position("\"status\":8416", ("deviceTime", "\"2021-10-06T10:54:43.000+03:00\""), ("fixTime", "\"2021-10-06T10:54:43+0300\"")).ShouldSatisfyAllConditions(
            report => report.DeviceTime.ShouldBe(At), report => report.Fix.ShouldBe(FixKind.Satellite));

    [Theory]
    [InlineData("valid", "false", FixKind.None)]
    [InlineData("valid", "\"true\"", FixKind.Satellite)]
    [InlineData("valid", "null", FixKind.Approximate)]
    [InlineData("outdated", "true", FixKind.None)]
    public void Only_a_valid_fix_of_now_decides_anything_about_areas(string name, string value, FixKind expected) =>
        Position("\"status\":8416", (name, value)).Fix.ShouldBe(expected);

    [Fact]
    public void A_position_from_a_base_station_is_approximate() => Position($"\"status\":{0x20E1}").Fix.ShouldBe(FixKind.Approximate);

    [Theory]
    [InlineData("\"batteryLevel\":55", 55, null)]
    [InlineData("\"charge\":true", null, true)]
    [InlineData("\"charge\":true,\"batteryLevel\":55", 55, true)]
    [InlineData("\"charge\":false", null, false)]
    public void A_battery_has_a_level_or_charges(string attributes, int? percent, bool? charging) => Position(attributes).Power.ShouldBe(new Power(percent, charging));

    [Theory]
    [InlineData("1", LockEventKind.Unseal)]
    [InlineData("2", LockEventKind.IllegalCard)]
    [InlineData("5", LockEventKind.Seal)]
    public void A_lock_report_that_comes_as_a_position_is_an_event(string source, LockEventKind expected)
    {
        // As a position without flags it would end every alarm that the lock has raised.
        var report = Position($"\"eventSource\":{source},\"driverUniqueId\":\"0012345678\"");

        report.Route.ShouldBe(ReportRoute.Event);
        report.Events.ShouldBe([new ReportedEvent(expected, new SourceCode("p45", source), Level: false)]);
    }

    [Theory]
    [InlineData("deviceOnline", LockEventKind.DeviceOnline)]
    [InlineData("deviceOffline", LockEventKind.SignalLost)]
    [InlineData("deviceMoving", LockEventKind.Unknown)]
    [InlineData("somethingNew", LockEventKind.Unknown)]
    [InlineData("alarm", LockEventKind.Unknown)]
    public void An_event_without_an_alarm_word_is_told_by_its_type(string type, LockEventKind expected)
    {
        var report = Samples.Read(
            $$"""{"event":{"id":43334,"attributes":{},"deviceId":10,"type":"{{type}}","eventTime":"2021-10-06T07:54:43.000+00:00","positionId":0},"device":{"uniqueId":"8000620011"} }""",
            DialectSamples.TraccarEvent).Report;

        report.Events.ShouldBe([new ReportedEvent(expected, new SourceCode("traccar-event", type), Level: false)]);
        report.DeviceTime.ShouldBe(At);
        report.Position.ShouldBeNull();
    }

    [Fact]
    public void A_position_of_another_moment_says_nothing_of_the_moment_of_the_event()
    {
        var report = Samples.Read(DialectSamples.TraccarAlarm.Replace(
            "\"deviceTime\":\"2021-10-06T07:54:43", "\"deviceTime\":\"2021-10-06T07:50:00", StringComparison.Ordinal), DialectSamples.TraccarEvent).Report;

        report.Events.ShouldHaveSingleItem().Code.ShouldBe(new SourceCode("traccar-alarm", "powerCut"));
        report.DeviceTime.ShouldBe(At);
        report.Position.ShouldBeNull();
        report.Fix.ShouldBe(FixKind.None);
        report.State.ShouldBe(SealState.NotReported);
        report.Power.ShouldBe(new Power(null, null));
    }

    [Theory]
    [InlineData("\"620011\"", "jt600", "0000620011")]
    [InlineData("620011", "jt600", "0000620011")]
    [InlineData("\"8000620011\"", "jt600", "8000620011")]
    [InlineData("\"837303000034\"", "jt600", "837303000034")]
    [InlineData("\"LOCK-7\"", "jt600", "LOCK-7")]
    [InlineData("\"620011\"", "teratrack", "620011")]
    [InlineData("\"620011\"", null, "0000620011")] // An event without a position names no protocol.
    public void Zeros_that_binary_frames_lose_are_put_back(string written, string? protocol, string expected) =>
        Samples.Read($$"""{"position":{"protocol":{{(protocol is null ? "null" : $"\"{protocol}\"")}} },"device":{"uniqueId":{{written}} } }""", DialectSamples.TraccarPosition)
            .Report.Lock.Value.ShouldBe(expected);

    [Fact]
    public void A_record_that_Traccar_keeps_and_sends_anew_is_a_copy()
    {
        var first = Samples.Read(DialectSamples.TraccarPositionMessage, DialectSamples.TraccarPosition).Identity;
        var again = DialectSamples.TraccarPositionMessage
            .Replace("\"id\":394607", "\"id\":394999", StringComparison.Ordinal)
            .Replace("07:54:45.120", "08:10:00.500", StringComparison.Ordinal)
            .Replace("\"totalDistance\":900.1", "\"totalDistance\":933.7", StringComparison.Ordinal)
            .Replace("\"lastUpdate\":\"2021-10-06T07:54:45", "\"lastUpdate\":\"2021-10-06T08:10:00", StringComparison.Ordinal);

        Samples.Read(again, DialectSamples.TraccarPosition).Identity.ShouldBe(first);
        Samples.Read(again.Replace("\"batteryLevel\":83", "\"batteryLevel\":82", StringComparison.Ordinal), DialectSamples.TraccarPosition).Identity.ContentHash
            .ShouldNotBe(first.ContentHash);
    }

    [Fact]
    public void Two_events_that_Traccar_did_not_store_are_two() =>
        Samples.Read(DialectSamples.TraccarAlarm.Replace("25183", "0", StringComparison.Ordinal), DialectSamples.TraccarEvent).Identity.SourceId.ShouldBeNull();

    [Theory]
    [InlineData("""{"position":{"latitude":1,"longitude":2}}""")]
    [InlineData("""{"position":[],"device":7}""")]
    [InlineData("""{"uniqueId":"8000620011"}""")]
    public void A_record_without_a_device_is_unreadable(string record) =>
        Samples.ReadAny(record, DialectSamples.TraccarPosition).ShouldBeOfType<ReadElement.Unreadable>().Reason.ShouldContain("names no lock");

    private static LockReport Position(string attributes, params (string Name, string Json)[] changes)
    {
        var position = """
            { "id":1, "protocol":"jt600", "serverTime":"2021-10-06T07:54:45.120+00:00", "deviceTime":"2021-10-06T07:54:43.000+00:00",
              "fixTime":"2021-10-06T07:54:43.000+00:00", "outdated":false, "valid":true, "latitude":-4.037, "longitude":39.631, "speed":0, "course":0 }
            """.With([("attributes", $"{{{attributes}}}"), .. changes.Select(c => (c.Name, (string?)c.Json))]);
        return Samples.Read($$"""{"position":{{position}},"device":{"uniqueId":"8000620011"} }""", DialectSamples.TraccarPosition).Report;
    }
}
