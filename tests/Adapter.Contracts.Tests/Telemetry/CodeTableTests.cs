using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;
using static Adapter.Contracts.Telemetry.LockEventKind;

namespace Adapter.Contracts.Tests.Telemetry;

/// <summary>The tables say what the table of neutral kinds says, entry by entry, written down here a second time.</summary>
public sealed class CodeTableTests
{
    private static readonly Dictionary<string, Dictionary<string, LockEventKind>> Expected = new(StringComparer.Ordinal)
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
            events.ShouldBe([new ReportedEvent(kind, new SourceCode(space, code), Level: false)], $"{space} {code}");
        }
    }

    [Fact]
    public void The_shipped_tables_hold_these_codes_and_no_others()
    {
        using var stream = typeof(TelemetryTables).Assembly.GetManifestResourceStream("Telemetry/codes.json").ShouldNotBeNull();
        var spaces = JsonDocument.Parse(stream).RootElement.GetProperty("codeSpaces").EnumerateObject()
            .ToDictionary(s => s.Name, s => s.Value.GetProperty("codes").EnumerateObject().Select(c => c.Name).ToArray(), StringComparer.Ordinal);

        spaces.Keys.ShouldBe(Expected.Keys, ignoreOrder: true);
        TelemetryTables.BuiltIn.CodeSpaces.ShouldBe(Expected.Keys, ignoreOrder: true);
        foreach (var (space, codes) in spaces)
        {
            codes.ShouldBe(Expected[space].Keys, ignoreOrder: true, space);
        }
    }

    private static Dictionary<string, LockEventKind> Codes(params (int Code, LockEventKind Kind)[] codes) =>
        codes.ToDictionary(c => $"{c.Code}", c => c.Kind, StringComparer.Ordinal);
}
