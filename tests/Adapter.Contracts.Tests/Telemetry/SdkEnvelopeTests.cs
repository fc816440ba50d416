using System.Text.Json;
using Adapter.Contracts.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

/// <summary>The envelope of Jointech's SDK, with the defects of the copy that is public.</summary>
public sealed class SdkEnvelopeTests
{
    private const string Secret = "482913";

    [Fact]
    public void A_location_is_read_in_full()
    {
        var report = Samples.Read(DialectSamples.SdkLocationMessage, DialectSamples.SdkLocation).Report;

        report.Lock.Value.ShouldBe("8000620011");
        report.Route.ShouldBe(ReportRoute.Location);
        report.DeviceTime.ShouldBe(new DateTimeOffset(2021, 3, 26, 16, 0, 0, TimeSpan.Zero));
        report.Position.ShouldBe(new GeoPoint(-22.5, 36.25));
        report.Fix.ShouldBe(FixKind.Satellite);
        report.State.ShouldBe(new SealState(true, true, true));
        report.Motion.ShouldBe(new Motion(41, 90, 120));
        report.Power.ShouldBe(new Power(83, null));
        report.Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, LockEventKind.RopeCut)]
    [InlineData(4, LockEventKind.WrongPassword)]
    [InlineData(7, LockEventKind.CoverOpen)]
    [InlineData(10, LockEventKind.FenceExit)]
    public void An_alarm_is_a_flag_in_the_space_of_the_sdk_whatever_the_route(int alarm, LockEventKind expected)
    {
        var message = Body(DialectSamples.SdkLocationMessage, ("Alarm", $"{alarm}"));
        foreach (var route in Enum.GetValues<ReportRoute>())
        {
            var report = Samples.Read(message, DialectSamples.SdkLocation with { Route = route, CodeSpace = "web-alarm" }).Report;

            report.Events.ShouldBe([new ReportedEvent(expected, new SourceCode("sdk-alarm", $"{alarm}"), Level: true)]);
            report.Route.ShouldBe(ReportRoute.Location);
        }
    }

    [Theory]
    [InlineData(1)] // Woken by its timer, every half hour; or a rope cut.
    [InlineData(3)]
    [InlineData(15)]
    public void An_alarm_that_may_be_the_wake_up_source_is_kept_and_raises_nothing(int alarm) =>
        Samples.Read(Body(DialectSamples.SdkLocationMessage, ("Alarm", $"{alarm}"), ("Awaken", "0")), DialectSamples.SdkLocation).Report.Events
            .ShouldBe([new ReportedEvent(LockEventKind.Unknown, new SourceCode("sdk-alarm-or-wake-up", $"{alarm}"), Level: true)]);

    [Fact]
    public void No_wake_up_source_is_ten() =>
        Samples.Read(Body(DialectSamples.SdkLocationMessage, ("Alarm", "10"), ("Awaken", "0")), DialectSamples.SdkLocation).Report.Events
            .ShouldHaveSingleItem().Kind.ShouldBe(LockEventKind.FenceExit);

    [Theory]
    [InlineData(1, 0, LockEventKind.Unseal)] // For a card the SDK never says whether it was allowed.
    [InlineData(2, 0, LockEventKind.IllegalCard)]
    [InlineData(3, 0, LockEventKind.Unknown)]
    [InlineData(4, 0, LockEventKind.UnsealRefused)]
    [InlineData(4, 1, LockEventKind.Unseal)]
    [InlineData(5, 0, LockEventKind.Seal)]
    [InlineData(6, 0, LockEventKind.UnsealRefused)]
    [InlineData(6, 1, LockEventKind.Unseal)]
    [InlineData(6, 3, LockEventKind.UnsealRefused)]
    [InlineData(7, 0, LockEventKind.Unseal)] // Nor for Bluetooth.
    public void A_lock_report_is_an_event_of_its_own_whatever_the_route(int source, int status, LockEventKind expected)
    {
        var message = Body(DialectSamples.SdkLockReport, ("Event", $"{source}"), ("Status", $"{status}"));
        foreach (var route in Enum.GetValues<ReportRoute>())
        {
            var report = Samples.Read(message, DialectSamples.SdkEvent with { Route = route }).Report;

            report.Events.ShouldBe([new ReportedEvent(expected, new SourceCode("p45", $"{source}"), Level: false)]);
            report.Route.ShouldBe(ReportRoute.Event);
            report.DeviceTime.ShouldBe(new DateTimeOffset(2021, 3, 26, 16, 0, 5, TimeSpan.Zero));
        }
    }

    [Fact]
    public void The_mileage_of_a_lock_report_is_its_serial_and_not_read() =>
        Samples.Read(DialectSamples.SdkLockReport, DialectSamples.SdkEvent).Report.Motion.ShouldBe(new Motion(0, 90, null));

    [Fact]
    public void A_lock_report_without_a_fix_has_none() =>
        Samples.Read(Body(DialectSamples.SdkLockReport, ("LocationType", "0")), DialectSamples.SdkEvent).Report.Fix.ShouldBe(FixKind.None);

    [Fact]
    public void A_sub_lock_reports_under_its_own_number_and_time()
    {
        var report = Samples.Read(DialectSamples.SdkSensor, DialectSamples.SdkEvent).Report;

        report.Lock.Value.ShouldBe("8000620011");
        report.SubLock.ShouldBe("7090000012");
        report.DeviceTime.ShouldBe(new DateTimeOffset(2021, 3, 26, 16, 0, 10, TimeSpan.Zero));
        report.State.ShouldBe(new SealState(true, true, null));
        report.Power.ShouldBe(new Power(77, null));
        report.Events.ShouldBe([new ReportedEvent(LockEventKind.RopeCut, new SourceCode("sdk-event", "4"), Level: false)]);
    }

    [Fact]
    public void A_thermometer_is_no_open_lock()
    {
        // The SDK takes the lock bits of a thermometer from -1.
        var report = Samples.Read(
            Body(DialectSamples.SdkSensor, ("SensorType", "1"), ("LockStatus", "1"), ("LockRope", "1"), ("Event", "-1"), ("Temperature", "9999.9")), DialectSamples.SdkEvent).Report;

        report.State.ShouldBe(SealState.NotReported);
        report.Events.ShouldBe([new ReportedEvent(LockEventKind.Unknown, new SourceCode("sdk-event", "none"), Level: false)]);
    }

    [Theory]
    [InlineData("P43")]
    [InlineData("@JT")]
    [InlineData("P999")]
    public void Another_message_is_kept_as_unknown_under_its_type(string type)
    {
        var report = Samples.Read($$"""{"DeviceID":"8000620011","MsgType":"{{type}}","DataBody":"(8000620011,{{type}},1,0)"}""", DialectSamples.SdkLocation).Report;

        report.Events.ShouldBe([new ReportedEvent(LockEventKind.Unknown, new SourceCode("sdk-message", type), Level: false)]);
        report.Route.ShouldBe(ReportRoute.Event);
    }

    [Theory]
    [InlineData("(8000620011,P52,2,482913)", "(P52,2,482913)", "DataBody", "ReplyMsg")]
    [InlineData("P52,2,482913", null, "DataBody")]
    [InlineData("(8000620011,P43,0)", "(P44,1,482913)", "ReplyMsg")]
    public void Passwords_leave_the_body_and_the_reply_before_anything_is_stored(string body, string? reply, params string[] elided)
    {
        var read = Samples.Read(
            $$"""{"DeviceID":"8000620011","MsgType":"P52","DataBody":{{JsonSerializer.Serialize(body)}},"ReplyMsg":{{JsonSerializer.Serialize(reply)}} }""", DialectSamples.SdkEvent);

        Samples.Text(read).ShouldNotContain(Secret);
        read.Elided.ShouldBe(elided);
        read.Report.ToString().ShouldNotContain(Secret);
    }

    [Fact]
    public void The_card_number_goes_no_further_than_the_body() =>
        JsonSerializer.Serialize(Samples.Read(Body(DialectSamples.SdkLockReport, ("RFIDNo", "\"0012345678\"")), DialectSamples.SdkEvent).Report).ShouldNotContain("12345678");

    [Fact]
    public void The_envelope_is_known_on_the_routes_of_the_cloud_too() =>
        Samples.Read(DialectSamples.SdkLockReport, Samples.Location).Report.Events.ShouldHaveSingleItem().Code.ShouldBe(new SourceCode("p45", "4"));

    private static string Body(string message, params (string Name, string Json)[] changes)
    {
        var body = JsonDocument.Parse(message).RootElement.GetProperty("DataBody").GetRawText();
        return message.With(("DataBody", body.With([.. changes.Select(c => (c.Name, (string?)c.Json))])));
    }
}
