using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

/// <summary>Kinds of dirt that sources are known to send. All of it is read, and says no more than it can.</summary>
public sealed class DirtTests
{
    /// <summary>What is dirty, the property and the JSON it is set to (none removes it), and what is read from it.</summary>
    private static readonly (string Dirt, string Property, string? Json, Func<LockReport, object?> Reads, object? Expected)[] Rows =
    [
        ("a missing position", "latitude", null, r => r.Position, null),
        ("a missing time", "gpsTime", null, r => r.DeviceTime, null),
        ("a missing state", "statusJson", null, r => r.State, SealState.NotReported),
        ("a misspelt key", "lattitude", "1.5", r => r.Position, new GeoPoint(22.58107, 113.916965)),
        ("a key in other letter case", "GPSTIME", "\"2022-09-01T08:00:00Z\"", r => r.DeviceTime!.Value.Hour, 8),
        ("a number as a string", "latitude", "\"-12.5\"", r => r.Position!.Latitude, -12.5),
        ("a number with blanks", "speed", "\" 41.5\\t\"", r => r.Motion.SpeedKmh, 41.5),
        ("a number with a comma", "speed", "\"41,5\"", r => r.Motion.SpeedKmh, null),
        ("a number in hexadecimal", "speed", "\"0x29\"", r => r.Motion.SpeedKmh, null),
        ("JSON inside a string", "statusJson", """ "{\"lockRope\":\"1\",\"lockStatus\":\"0\"}" """, r => r.State, new SealState(true, false, null)),
        ("broken JSON inside a string", "statusJson", """ "{\"lockRope\":1" """, r => r.State, SealState.NotReported),
        ("JSON that is not in a string", "statusJson", """{"lockRope":1,"lockStatus":0}""", r => r.State, new SealState(true, false, null)),
        ("-1 for not fitted", "statusJson", """ "{\"lockRope\":-1,\"lockStatus\":-1}" """, r => r.State, SealState.NotReported),
        ("-1 for a battery", "battery", "-1", r => r.Power, new Power(null, null)),
        ("-1000.0 for not measured", "speed", "-1000.0", r => r.Motion.SpeedKmh, null),
        ("-1000.0 as a string", "direction", "\"-1000.0\"", r => r.Motion.HeadingDegrees, null),
        ("the text null", "mileage", "\"null\"", r => r.Motion.MileageKm, null),
        ("the text null as a time", "gpsTime", "\"null\"", r => r.DeviceTime, null),
        ("255 for charging", "battery", "255", r => r.Power, new Power(null, true)),
        ("255 for charging as a string", "battery", "\"255\"", r => r.Power, new Power(null, true)),
        ("the clock that was never set", "gpsTime", "\"2000-01-01T00:00Z\"", r => r.DeviceTime, null),
        ("a clock a century ahead", "gpsTime", "\"2126-09-01T08:59:56Z\"", r => r.DeviceTime, null),
        ("the 31st of February", "gpsTime", "\"2022-02-31T08:59:56Z\"", r => r.DeviceTime, null),
        ("a time as a number", "gpsTime", "1662022796", r => r.DeviceTime, null),
        ("a time with blanks around it", "gpsTime", "\" 2022-09-01T08:59:56Z \"", r => r.DeviceTime, At()),
        ("a time without zone", "gpsTime", "\"2022-09-01T08:59:56\"", r => r.DeviceTime, At()),
        ("a time with an offset", "gpsTime", "\"2022-09-01T11:59:56+03:00\"", r => r.DeviceTime, At()),
        ("a time without seconds", "gpsTime", "\"2022-09-01T08:59Z\"", r => r.DeviceTime, At().AddSeconds(-56)),
        ("a time with a blank for the T", "gpsTime", "\"2022-09-01 08:59:56\"", r => r.DeviceTime, At()),
        ("no fraction but its point", "gpsTime", "\"2022-09-01T08:59:56.Z\"", r => r.DeviceTime, At()),
        ("a time and something more", "gpsTime", "\"2022-09-01T08:59:56Z GMT\"", r => r.DeviceTime, null),
        ("latitude 91", "latitude", "91", r => (r.Position, r.Fix), (null as GeoPoint, FixKind.None)),
        ("longitude 181", "longitude", "181", r => (r.Position, r.Fix), (null as GeoPoint, FixKind.None)),
        ("NaN as text", "latitude", "\"NaN\"", r => r.Position, null),
        ("infinity as text", "longitude", "\"-Infinity\"", r => r.Position, null),
        ("1e999 as a number", "latitude", "1e999", r => r.Position, null),
        ("1e999 as text", "latitude", "\"1e999\"", r => r.Position, null),
        ("minus zero", "speed", "-0.0", r => r.Motion.SpeedKmh is 0, true),
        ("the last known place without a fix", "locType", "0", r => (r.Position, r.Fix), (new GeoPoint(22.58107, 113.916965), FixKind.None)),
        ("a base station's place", "locType", "2", r => r.Fix, FixKind.Approximate),
        ("a place by means unheard of", "locType", "\"beidou\"", r => r.Fix, FixKind.Approximate),
        ("half a surrogate pair", "voltage", "\"\\ud800\"", r => r.Lock.Value, "8022300001"),
        ("control characters", "voltage", "\"\\u0000\\u0007\\u001f\"", r => r.Lock.Value, "8022300001"),
        ("a mark that turns the line round", "voltage", "\"\\u202e100\"", r => r.Lock.Value, "8022300001"),
        ("a mark that turns the lock number round", "assetId", "\"\\u202e8022300001\"", r => r.Lock.Value, "8022300001"),
        ("a byte order mark before the lock number", "assetId", "\"\\ufeff8022300001\"", r => r.Lock.Value, "8022300001"),
        ("a lock number as a number", "assetId", "8022300001", r => r.Lock.Value, "8022300001"),
        ("half a surrogate pair as a sub-lock", "subAssetId", "\"\\udc00\"", r => r.SubLock, null),
        ("a control character in a sub-lock", "subAssetId", "\"1\\u0000\"", r => r.SubLock, null),
        ("several codes in a text", "alarm", "\"1, 6,,99\"", r => Codes(r), "1 6 99"),
        ("several codes in an array", "alarm", "[1,\"6\",[99,null],{}]", r => Codes(r), "1 6 99"),
        ("one code many times", "alarm", "\"1,1,1\"", r => Codes(r), "1"),
        ("no code written as -1", "alarm", "-1", r => Codes(r), ""),
        ("a code that no table has", "alarm", "\"316\"", r => r.Events.Single(), new ReportedEvent(LockEventKind.Unknown, new SourceCode("sdk-alarm", "316"), Level: true)),
        ("control characters in a code", "alarm", "\"1\\u0000\\u202e2\"", r => Codes(r), "1\uFFFD\uFFFD2"),
        ("half a surrogate pair as a code", "alarm", "\"\\ud800\"", r => Codes(r), ""),
        ("a pair across the longest code's end", "alarm", $"\"{new string('x', 63)}\\ud83d\\ude00\"", r => Codes(r), new string('x', 63)),
        ("a code as long as a page", "alarm", $"\"{new string('7', 4000)}\"", r => Codes(r).Length, 64),
        ("an object for a code", "alarm", "{\"code\":1}", r => Codes(r), ""),
    ];

    public static TheoryData<string> Names => [.. Rows.Select(r => r.Dirt)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Dirt_is_read_for_what_it_can_say(string dirt)
    {
        var (_, property, json, reads, expected) = Rows.Single(r => r.Dirt == dirt);
        // Put in as text: a parsed node would clean up what it cannot hold.
        var record = $"{{{string.Join(',', JsonNode.Parse(Samples.LocationPush)!.AsObject()
            .Where(p => !p.Key.Equals(property, StringComparison.OrdinalIgnoreCase))
            .Select(p => $"{JsonSerializer.Serialize(p.Key)}:{p.Value!.ToJsonString()}")
            .Concat(json is null ? [] : [$"{JsonSerializer.Serialize(property)}:{json}"]))}}}";

        var read = Samples.Read(record, Samples.Location with { CodeSpace = "sdk-alarm" });

        reads(read.Report).ShouldBe(expected);
        Samples.Read(Samples.Text(read), Samples.Location with { CodeSpace = "sdk-alarm" }).Identity.ShouldBe(read.Identity);
    }

    [Fact]
    public void Each_kind_of_dirt_has_a_name_of_its_own() => Rows.Select(r => r.Dirt).ShouldBeUnique();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void A_fraction_may_have_any_length(int digits)
    {
        var fraction = digits == 0 ? "" : "." + "123456789"[..digits];
        foreach (var zone in (string[])["", "Z", "+00:00", "+0000"])
        {
            var expected = At().AddTicks(digits == 0 ? 0 : long.Parse("123456789"[..Math.Min(digits, 7)].PadRight(7, '0'), CultureInfo.InvariantCulture));

            Samples.Read(Samples.LocationPush.With(("gpsTime", $"\"2022-09-01T08:59:56{fraction}{zone}\""))).Report.DeviceTime.ShouldBe(expected, $"{fraction}{zone}");
            Samples.Read(Samples.LocationPush.With(("gpsTime", $"\"2022-09-01 08:59:56{fraction}{zone}\""))).Report.DeviceTime.ShouldBe(expected, $"{fraction}{zone}");
        }
    }

    [Fact]
    public void Zero_zero_is_no_place_in_any_dialect()
    {
        foreach (var (route, record) in DialectSamples.All)
        {
            var nowhere = Regex.Replace(
                record, "\"(?<name>F?(Start)?(Latitude|Longitude))\" *: *\"?-?[0-9.]+\"?", "\"${name}\":0", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
                TimeSpan.FromSeconds(1));
            nowhere.ShouldNotBe(record);

            var report = Samples.Read(nowhere, route).Report;

            report.Position.ShouldBeNull(route.Dialect);
            report.Fix.ShouldBe(FixKind.None, route.Dialect);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void An_octant_is_not_taken_for_degrees(int octant)
    {
        var row = DialectSamples.AscTrackRow.With(("Direction", $"{octant}"));

        Samples.Read(row, DialectSamples.Asc).Report.Motion.ShouldBe(new Motion(12, null, 17));
        Samples.Read(row, DialectSamples.Asc with { Dialect = TelemetryTables.DefaultDialect }).Report.Motion.HeadingDegrees.ShouldBe(octant);
    }

    [Fact]
    public void A_late_row_of_the_trip_interface_keeps_both_times()
    {
        var report = Samples.Read(DialectSamples.AscTrackRow, DialectSamples.Asc).Report;

        report.DeviceTime.ShouldBe(new DateTimeOffset(2021, 12, 20, 6, 8, 36, TimeSpan.Zero));
        report.CloudTime.ShouldBe(new DateTimeOffset(2021, 12, 22, 8, 16, 37, TimeSpan.Zero));
    }

    [Fact]
    public void Of_a_key_written_twice_the_last_counts_at_every_level()
    {
        Samples.Read("""{"assetId":"1","speed":10,"speed":20,"statusJson":"{\"lockStatus\":0,\"lockStatus\":1}"}""").Report
            .ShouldSatisfyAllConditions(r => r.Motion.SpeedKmh.ShouldBe(20), r => r.State.Locked.ShouldBe(false));
        Samples.Read("""{"position":{"attributes":{"alarm":"vibration","alarm":"powerCut"}},"device":{"uniqueId":"x1","uniqueId":"x2"}}""", DialectSamples.TraccarPosition).Report
            .ShouldSatisfyAllConditions(r => r.Lock.Value.ShouldBe("x2"), r => Codes(r).ShouldBe("powerCut"));
    }

    private static DateTimeOffset At() => new(2022, 9, 1, 8, 59, 56, TimeSpan.Zero);

    private static string Codes(LockReport report) => string.Join(' ', report.Events.Select(e => e.Code.Code));
}
