using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;
using static Adapter.Contracts.Telemetry.LockEventKind;

namespace Adapter.Contracts.Tests.Telemetry;

/// <summary>The tables say what the table of neutral kinds says, entry by entry, written down here a second time; null stands for a state.</summary>
public sealed class CodeTableTests
{
    private static readonly Dictionary<string, Dictionary<string, LockEventKind?>> Expected = new(StringComparer.Ordinal)
    {
        ["sdk-alarm"] = Codes(
            (1, RopeCut), (2, Vibration), (3, LongUnlocked), (4, WrongPassword), (5, IllegalCard), (6, LowBattery), (7, CoverOpen), (8, MotorStuck),
            (9, FenceEnter), (10, FenceExit)),
        ["sdk-event"] = Codes(
            (0, Seal), (1, Unseal), (2, CoverOpen), (3, Unseal), (4, RopeCut), (5, Unknown), (6, Unknown), (7, Unknown), (8, RopePulled), (9, Unseal),
            (10, Unknown), (14, SignalLost), (15, Unknown), (16, Unknown), (17, LowBattery), (18, CoverOpen), (19, CoverOpen), (20, RopePulled),
            (21, RopeInserted), (22, Unknown), (30, Unknown)),
        ["p45"] = Codes((1, Unseal), (2, IllegalCard), (3, Unknown), (4, Unseal), (5, Seal), (6, Unseal), (7, Unseal)),
        ["web-alarm"] = Codes(
            (1, Overspeed), (2, Unknown), (3, LongStop), (4, Unknown), (5, SignalLost), (6, LowBattery), (7, Unknown), (8, UnsealOutsideArea),
            (9, IllegalCard), (10, RopeCut), (11, LongUnlocked), (12, WrongPassword), (13, Vibration), (14, FenceEnter), (15, FenceExit), (16, LowBattery),
            (17, CoverOpen), (18, MotorStuck), (19, Unknown), (20, Unknown), (21, Unknown), (24, FenceEnter), (25, FenceExit), (26, RouteDeviation),
            (27, Unknown), (28, Unknown), (29, Unknown), (30, Unknown), (31, Jamming), (32, Unknown), (33, Unknown), (34, Unknown), (35, MotorStuck),
            (36, IllegalArea), (37, CoverOpen), (38, Unknown), (40, Unknown)),
        ["web-event"] = Codes(
            (1, Unknown), (2, Unknown), (3, Unknown), (4, Unknown), (5, Unseal), (6, Seal), (7, Unknown), (8, Unknown), (9, Unknown), (10, Unknown),
            (11, LongUnlocked), (12, SignalLost), (13, Unknown), (14, Unknown)),
        ["sdk-alarm-or-wake-up"] = Codes(
            (0, Unknown), (1, Unknown), (2, Unknown), (3, Unknown), (4, Unknown), (5, Unknown), (6, Unknown), (7, Unknown), (8, Unknown), (9, Unknown),
            (10, FenceExit), (15, Unknown)),
        ["sdk-message"] = Codes(("@JT", Unknown), ("P22", Unknown), ("P43", Unknown), ("P52", Unknown)),
        ["wake-up"] = Codes(
            (0, Unknown), (1, Unknown), (2, Unknown), (3, Unknown), (4, Unknown), (5, Unknown), (6, Unknown), (7, Unknown), (8, Unknown), (9, Unknown),
            (15, Unknown)),
        ["status-word"] = Codes(
            (0, null), (1, FenceEnter), (2, FenceExit), (3, RopeCut), (4, Vibration), (5, null), (6, null), (7, null), (8, LongUnlocked), (9, WrongPassword),
            (10, IllegalCard), (11, LowBattery), (12, CoverOpen), (13, null), (14, MotorStuck), (15, Unknown)),
        ["unlock-method"] = Codes((1, Unknown), (2, Unknown), (3, Unknown)),
        ["gnss-gateway"] = Codes(
            (19, LongStop), (20, Unknown), (23, RouteDeviation), (31, Unknown), (640, RopeCut), (641, Vibration), (642, LongUnlocked), (643, WrongPassword),
            (644, IllegalCard), (645, LowBattery), (646, CoverOpen), (647, MotorStuck), (648, FenceEnter), (649, FenceExit), (657, FenceEnter), (658, FenceExit),
            (659, Unknown), (660, Overdue), (661, Unknown)),
        ["traccar-alarm"] = Codes(
            ("geofenceEnter", FenceEnter), ("geofenceExit", FenceExit), ("powerCut", RopeCut), ("vibration", Vibration), ("lowBattery", LowBattery),
            ("fault", MotorStuck), ("tampering", CoverOpen), ("overspeed", Overspeed), ("jamming", Jamming)),
        ["traccar-event"] = Codes(
            ("alarm", Unknown), ("geofenceEnter", FenceEnter), ("geofenceExit", FenceExit), ("geofenceCrossed", Unknown), ("deviceOnline", DeviceOnline),
            ("deviceOffline", SignalLost), ("deviceUnknown", Unknown), ("deviceInactive", SignalLost), ("deviceMoving", Unknown), ("deviceStopped", Unknown),
            ("deviceOverspeed", Overspeed), ("commandResult", Unknown), ("queuedCommandSent", Unknown), ("maintenance", Unknown), ("driverChanged", Unknown),
            ("ignitionOn", Unknown), ("ignitionOff", Unknown), ("deviceFuelDrop", Unknown), ("deviceFuelIncrease", Unknown), ("textMessage", Unknown),
            ("media", Unknown)),
        ["teratrack"] = Codes(
            ("FenceAlarm", Unknown), ("LockCutOff", RopeCut), ("SealTampered", CoverOpen), ("SealTempered", CoverOpen), ("LockOpen", Unknown),
            ("PasswordError", WrongPassword), ("IllegalCard", IllegalCard), ("LowPower", LowBattery), ("UnCoverBack", CoverOpen), ("LockStuck", MotorStuck)),
        ["ggps-padlock"] = Codes(
            ("0", Unknown), ("1", Unknown), ("2", Seal), ("3", Seal), ("4", Unseal), ("5", Seal), ("6", Unseal), ("7", Seal), ("8", Unseal), ("9", Seal),
            ("A", Unseal), ("B", IllegalCard), ("C", IllegalCard), ("D", Unknown), ("E", UnsealRefused), ("F", RopeCut), ("10", CoverOpen), ("11", RopeCut),
            ("12", LowBattery), ("13", WrongPassword), ("14", Seal), ("17", LowBattery), ("18", MotorStuck)),
        ["push-status"] = new(StringComparer.Ordinal)
        {
            ["0"] = SignalLost,
            ["false"] = SignalLost,
            ["offline"] = SignalLost,
            ["1"] = DeviceOnline,
            ["true"] = DeviceOnline,
            ["online"] = DeviceOnline,
        },
    };

    public static TheoryData<string> Spaces => [.. Expected.Keys];

    [Theory]
    [MemberData(nameof(Spaces))]
    public void Every_code_maps_to_its_neutral_kind(string space)
    {
        foreach (var (code, kind) in Expected[space])
        {
            var events = Samples.Read($$"""{"assetId":"1","FDataType":"{{code}}"}""", new TelemetryRoute("s", ReportRoute.Event, space)).Report.Events;
            ReportedEvent[] expected = kind is { } told
                ? [new ReportedEvent(told, new SourceCode(space, code), Level: false)]
                : [new ReportedEvent(Unknown, new SourceCode(space, "none"), Level: false)]; // Of a state there is nothing to tell.
            events.ShouldBe(expected, $"{space} {code}");
        }
    }

    [Fact]
    public void The_shipped_tables_hold_these_codes_and_no_others()
    {
        var spaces = JsonDocument.Parse(CodesJson()).RootElement.GetProperty("codeSpaces").EnumerateObject()
            .ToDictionary(s => s.Name, s => s.Value.GetProperty("codes").EnumerateObject().Select(c => c.Name).ToArray(), StringComparer.Ordinal);

        spaces.Keys.ShouldBe(Expected.Keys, ignoreOrder: true);
        TelemetryTables.BuiltIn.CodeSpaces.ShouldBe(Expected.Keys, ignoreOrder: true);
        foreach (var (space, codes) in spaces)
        {
            codes.ShouldBe(Expected[space].Keys, ignoreOrder: true, space);
        }

        foreach (var space in JsonDocument.Parse(CodesJson()).RootElement.GetProperty("codeSpaces").EnumerateObject())
        {
            space.Value.GetProperty("source").GetString().ShouldNotBeNullOrWhiteSpace(space.Name);
            space.Value.GetProperty("codes").EnumerateObject().ShouldAllBe(code => code.Value.GetProperty("means").GetString() != "", space.Name);
        }
    }

    private static Stream CodesJson() => typeof(TelemetryTables).Assembly.GetManifestResourceStream("Telemetry/codes.json").ShouldNotBeNull();

    private static Dictionary<string, LockEventKind?> Codes(params (int Code, LockEventKind? Kind)[] codes) =>
        codes.ToDictionary(c => $"{c.Code}", c => c.Kind, StringComparer.Ordinal);

    private static Dictionary<string, LockEventKind?> Codes(params (string Code, LockEventKind? Kind)[] codes) =>
        codes.ToDictionary(c => c.Code, c => c.Kind, StringComparer.Ordinal);
}
