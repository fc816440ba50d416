using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

public sealed class MessageRowTests
{
    [Fact]
    public void An_alarm_row_is_read_in_full()
    {
        var report = Samples.Read(Samples.AlarmRow, Samples.Alarm).Report;

        report.Lock.Value.ShouldBe("8022300001");
        report.SubLock.ShouldBeNull();
        report.Route.ShouldBe(ReportRoute.Alarm);
        report.DeviceTime.ShouldBe(new DateTimeOffset(2022, 9, 1, 10, 15, 30, TimeSpan.Zero));
        report.CloudTime.ShouldBe(new DateTimeOffset(2022, 9, 1, 10, 15, 33, TimeSpan.Zero).AddTicks(1234567));
        report.EndedAt.ShouldBeNull();
        report.Position.ShouldBe(new GeoPoint(32.25, 36.5));
        report.Motion.ShouldBe(new Motion(41, null, 120));
        report.State.ShouldBe(SealState.NotReported);
        report.Events.ShouldBe([new ReportedEvent(LockEventKind.RopeCut, new SourceCode("web-alarm", "10"), Level: false)]);
        report.SourceMessageId.ShouldBe("6b1f0c52-7f0e-4b5c-9a7c-0d7d5e0a1c11");
    }

    [Fact]
    public void A_row_that_does_not_say_how_it_was_located_decides_nothing_about_areas() =>
        Samples.Read(Samples.AlarmRow, Samples.Alarm).Report.Fix.ShouldBe(FixKind.Approximate);

    [Fact]
    public void An_ended_alarm_tells_its_end() =>
        Samples.Read(Samples.AlarmRow.With(("FEndTime", "\"2022-09-01T10:20:00\"")), Samples.Alarm).Report.EndedAt
            .ShouldBe(new DateTimeOffset(2022, 9, 1, 10, 20, 0, TimeSpan.Zero));

    [Fact]
    public void Camel_case_names_and_other_letter_case_read_the_same()
    {
        const string row = """
            { "guid":"g-1", "ASSETID":"8022300001", "subAssetId":"12", "dataType":"17", "startTime":"2022-09-01 10:15",
              "startLon":"36.5", "startLat":"32.25", "lockStatus":"1" }
            """;

        var report = Samples.Read(row, Samples.Alarm).Report;

        report.SourceMessageId.ShouldBe("g-1");
        report.SubLock.ShouldBe("12");
        report.DeviceTime.ShouldBe(new DateTimeOffset(2022, 9, 1, 10, 15, 0, TimeSpan.Zero));
        report.Position.ShouldBe(new GeoPoint(32.25, 36.5));
        report.State.Locked.ShouldBe(false);
        report.Events.ShouldHaveSingleItem().Kind.ShouldBe(LockEventKind.CoverOpen);
    }

    [Theory]
    [InlineData("42")]
    [InlineData("\"42\"")]
    [InlineData("\"42 \"")]
    public void A_code_that_no_table_knows_is_kept_as_unknown(string code) =>
        Samples.Read(Samples.AlarmRow.With(("FDataType", code)), Samples.Alarm).Report.Events
            .ShouldBe([new ReportedEvent(LockEventKind.Unknown, new SourceCode("web-alarm", "42"), Level: false)]);

    [Fact]
    public void A_route_without_a_code_space_reads_every_code_as_unknown() =>
        Samples.Read(Samples.AlarmRow, Samples.Alarm with { CodeSpace = null }).Report.Events
            .ShouldBe([new ReportedEvent(LockEventKind.Unknown, new SourceCode("jointcloud-alarm", "10"), Level: false)]);

    [Theory]
    [InlineData(ReportRoute.Alarm)]
    [InlineData(ReportRoute.Event)]
    [InlineData(ReportRoute.Status)]
    [InlineData(ReportRoute.Command)]
    public void A_record_with_nothing_recognisable_is_one_unknown_event(ReportRoute route) =>
        Samples.Read("""{"assetId":"8022300001","what":"is this"}""", new TelemetryRoute("jointcloud", route, "web-alarm")).Report.Events
            .ShouldBe([new ReportedEvent(LockEventKind.Unknown, new SourceCode("web-alarm", "none"), Level: false)]);

    [Theory]
    [InlineData("\"offline\"", LockEventKind.SignalLost)]
    [InlineData("\"Online\"", LockEventKind.DeviceOnline)]
    [InlineData("true", LockEventKind.DeviceOnline)]
    [InlineData("0", LockEventKind.SignalLost)]
    public void A_status_record_tells_whether_the_lock_is_reachable(string status, LockEventKind expected) =>
        Samples.Read($$"""{"assetId":"8022300001","status":{{status}}}""", new TelemetryRoute("jointcloud", ReportRoute.Status, "push-status"))
            .Report.Events.ShouldHaveSingleItem().Kind.ShouldBe(expected);

    [Theory]
    [InlineData(1, "\"verification\":0", LockEventKind.UnsealRefused)]
    [InlineData(1, "\"verification\":\"99\"", LockEventKind.UnsealRefused)]
    [InlineData(1, "\"verification\":98", LockEventKind.Unseal)]
    [InlineData(1, "\"verification\":10", LockEventKind.Unseal)]
    [InlineData(1, "\"Status\":0", LockEventKind.Unseal)] // The SDK always writes 0 for a card.
    [InlineData(7, "\"Status\":0", LockEventKind.Unseal)] // And never writes one for Bluetooth: its 0 is the initial value.
    [InlineData(4, "\"Status\":0", LockEventKind.UnsealRefused)]
    [InlineData(4, "\"Status\":1", LockEventKind.Unseal)]
    [InlineData(6, "\"Status\":3", LockEventKind.UnsealRefused)]
    [InlineData(6, "\"verification\":99", LockEventKind.UnsealRefused)]
    [InlineData(7, "\"pwdOk\":0", LockEventKind.UnsealRefused)]
    [InlineData(7, "\"pwdOk\":1", LockEventKind.Unseal)]
    [InlineData(5, "\"verification\":0", LockEventKind.Seal)]
    [InlineData(2, "\"verification\":0", LockEventKind.IllegalCard)]
    public void The_verification_of_a_lock_report_decides_whether_it_was_refused(int source, string verification, LockEventKind expected)
    {
        var record = $$"""{"DeviceID":"8022300001","MsgType":"P45","DataBody":{"DateTime":"2021-03-26T16:00Z","Event":{{source}},{{verification}} } }""";

        var report = Samples.Read(record, new TelemetryRoute("gateway", ReportRoute.Event, "p45")).Report;

        report.Events.ShouldBe([new ReportedEvent(expected, new SourceCode("p45", $"{source}"), Level: false)]);
        report.DeviceTime.ShouldBe(new DateTimeOffset(2021, 3, 26, 16, 0, 0, TimeSpan.Zero));
    }
}
