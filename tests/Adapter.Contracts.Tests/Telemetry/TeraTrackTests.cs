using Adapter.Contracts.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

public sealed class TeraTrackTests
{
    [Fact]
    public void A_record_of_strings_is_read_in_full()
    {
        var report = Samples.Read(DialectSamples.TeraTrackRecord, DialectSamples.TeraTrack).Report;

        report.Lock.Value.ShouldBe("022028C9");
        report.DeviceTime.ShouldBe(new DateTimeOffset(2022, 3, 9, 10, 48, 24, TimeSpan.Zero));
        report.CloudTime.ShouldBeNull();
        report.Position.ShouldBe(new GeoPoint(-6.7712, 39.23841));
        report.Fix.ShouldBe(FixKind.Approximate); // It does not say how it was found.
        report.State.ShouldBe(new SealState(true, true, true));
        report.Motion.ShouldBe(new Motion(12, null, 1200));
        report.Power.ShouldBe(new Power(79, null));
        report.Events.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1", "1", 6.7712, 39.23841)]
    [InlineData("0", "0", -6.7712, -39.23841)]
    [InlineData("", "null", 6.7712, 39.23841)]
    public void North_and_east_are_states_of_their_own(string latitudeState, string longitudeState, double latitude, double longitude) =>
        Samples.Read(DialectSamples.TeraTrackRecord.With(("LatitudeState", $"\"{latitudeState}\""), ("LongitudeState", $"\"{longitudeState}\"")), DialectSamples.TeraTrack)
            .Report.Position.ShouldBe(new GeoPoint(latitude, longitude));

    [Theory]
    [InlineData("LockCutOff", LockEventKind.RopeCut)]
    [InlineData("SealTampered", LockEventKind.CoverOpen)]
    [InlineData("SealTempered", LockEventKind.CoverOpen)]
    [InlineData("UnCoverBack", LockEventKind.CoverOpen)]
    [InlineData("PasswordError", LockEventKind.WrongPassword)]
    [InlineData("IllegalCard", LockEventKind.IllegalCard)]
    [InlineData("LowPower", LockEventKind.LowBattery)]
    [InlineData("LockStuck", LockEventKind.MotorStuck)]
    [InlineData("LockOpen", LockEventKind.Unknown)]
    [InlineData("FenceAlarm", LockEventKind.Unknown)]
    public void A_raised_flag_is_an_event_under_its_name(string flag, LockEventKind expected) =>
        Samples.Read(DialectSamples.TeraTrackRecord.With((flag, "\"1\"")), DialectSamples.TeraTrack).Report.Events
            .ShouldBe([new ReportedEvent(expected, new SourceCode("teratrack", flag), Level: true)]);

    [Fact]
    public void Several_flags_are_several_events_and_one_kind_is_told_once() =>
        Samples.Read(DialectSamples.TeraTrackRecord.With(("LockCutOff", "\"1\""), ("UnCoverBack", "1"), ("SealTempered", "true")), DialectSamples.TeraTrack).Report.Events
            .Select(e => e.Kind).ShouldBe([LockEventKind.RopeCut, LockEventKind.CoverOpen], ignoreOrder: true);

    [Fact]
    public void What_its_slaves_say_is_kept_in_the_body_and_read_for_none_of_them()
    {
        var read = Samples.Read(DialectSamples.TeraTrackRecord.With(("Slave", """[{"SDeviceId":"1","SLockCutOff":"1"}]""")), DialectSamples.TeraTrack);

        read.Report.Events.ShouldBeEmpty();
        Samples.Text(read).ShouldContain("SLockCutOff");
    }
}
