using System.Text;
using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;
using Adapter.TestKit;

namespace Adapter.Contracts.Tests.Telemetry;

/// <summary>Valid records of every dialect, spoilt at random from a fixed seed.</summary>
public sealed class FuzzTests
{
    private const int Rounds = 1000;
    private const string Secret = "482913";

    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "1", "-1", "255", "-0.0", "1e999", "-1e-999", "1000000000000000000000", "9223372036854775808", "-1000.0", "\"\"", "\" \"", "\"null\"",
        "\"NaN\"", "\"-Infinity\"", "\"1e999\"", "\"0x10\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"\\u202e1\"", "\"\\ufeff8022300001\"", "[]", "{}", "[[[]]]",
        "[1,\"2\",null,{}]", "\"1,2,,3\"", "\"2000-01-01T00:00Z\"", "\"2126-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+14:00\"", "\"9999-12-31T23:59:59.9999999-14:00\"",
        "\"2022-02-31 25:61\"", "\"{\\\"lockStatus\\\":1,\\\"pwd\\\":\\\"482913\\\"}\"", "\"{\\\"a\\\":\"", "\"[{}]\"", "\"(P43,482913)\"", "{\"password\":\"482913\"}", "65535", "\"8416\"",
        "{\"attributes\":{\"status\":8416,\"alarm\":\"powerCut\"}}", "\"\\\\u0028P52,3,482913)\"", "91", "181", "\"MsgType\"", "\"P45\"", "\"Location\"", "\"WLNET5\"",
    ];

    private static readonly string[] Names =
        ["assetId", "MsgType", "DataBody", "position", "attributes", "event", "device", "uniqueId", "status", "Alarm", "Awaken", "SensorType", "gpsTime", "a.b", "", "\\ud800", "P\\u0077d", "expandInfo"];

    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(300)]
    public void A_spoilt_record_is_read_or_unreadable_and_its_stored_body_reads_the_same(ulong seed)
    {
        var random = new SeededRandom(seed);
        int read = 0, unreadable = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (route, record) = DialectSamples.All[random.Next(0, DialectSamples.All.Count)];
            var bytes = Spoil(record, random);
            switch (Reader.Identify(route, bytes, Samples.ReceivedAt))
            {
                case ReadElement.Read first:
                    read++;
                    var stored = first.Body.ToArray();
                    var again = Reader.Identify(route, stored, Samples.ReceivedAt).ShouldBeOfType<ReadElement.Read>(Told(bytes));
                    again.Identity.ShouldBe(first.Identity, Told(bytes));
                    again.Elided.ShouldBeEmpty(Told(bytes));
                    var report = Reader.Report(route, stored);
                    report.Lock.ShouldBe(first.Identity.Lock, Told(bytes));
                    report.Route.ShouldBe(first.Identity.Route, Told(bytes));
                    ((report.DeviceTime ?? report.CloudTime ?? Samples.ReceivedAt).ToUnixTimeSeconds()).ShouldBe(first.Identity.ReportSecond, Told(bytes));
                    report.SourceMessageId.ShouldBe(first.Identity.SourceId, Told(bytes));
                    Plausible(report, Told(bytes));
                    break;
                case ReadElement.Unreadable bad:
                    unreadable++;
                    bad.Reason.ShouldNotBeNullOrWhiteSpace();
                    bad.Reason.ShouldNotContain(Secret);
                    Reader.Identify(route, bad.Body.ToArray(), Samples.ReceivedAt).ShouldBeOfType<ReadElement.Unreadable>(Told(bytes));
                    break;
                case var other:
                    throw new InvalidOperationException($"{other} for {Told(bytes)}");
            }
        }

        // Neither all good nor all bad, or the test would look at one side only.
        read.ShouldBeGreaterThan(Rounds / 2);
        unreadable.ShouldBeGreaterThan(Rounds / 50);
    }

    private static TelemetryReader Reader { get; } = TelemetryReader.Create(TelemetryTables.BuiltIn);

    private static void Plausible(LockReport report, string told)
    {
        if (report.Position is { } place)
        {
            Math.Abs(place.Latitude).ShouldBeLessThanOrEqualTo(90, told);
            Math.Abs(place.Longitude).ShouldBeLessThanOrEqualTo(180, told);
        }

        (report.Power.BatteryPercent is null or (>= 0 and <= 100)).ShouldBeTrue(told);
        (report.DeviceTime?.Year is null or (> 2000 and < 2101)).ShouldBeTrue(told);
        report.Events.ShouldAllBe(e => e.Code.Code.Length <= 64 && !e.Code.Code.Any(char.IsControl), told);
        report.Events.Count.ShouldBeLessThan(80, told);
    }

    private static byte[] Spoil(string record, SeededRandom random)
    {
        var text = record;
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            text = SpoilProperty(text, random);
        }

        var bytes = Encoding.UTF8.GetBytes(text);
        if (random.Next(0, 12) == 0)
        {
            var at = random.Next(0, bytes.Length);
            switch (random.Next(0, 3))
            {
                case 0:
                    bytes[at] = (byte)random.Next(0, 256);
                    break;
                case 1:
                    bytes = bytes[..at];
                    break;
                default:
                    bytes = [.. bytes[..at], (byte)random.Next(0, 256), .. bytes[at..]];
                    break;
            }
        }

        return bytes;
    }

    /// <summary>Replaces, adds, repeats or removes a property somewhere; as text, because a node cannot hold what is not proper text.</summary>
    private static string SpoilProperty(string text, SeededRandom random)
    {
        using var document = Parsed(text);
        if (document is null)
        {
            return text;
        }

        var places = new List<(int Start, int Length)>();
        Collect(document.RootElement, places);
        var value = Values[random.Next(0, Values.Length)];
        if (places.Count == 0 || random.Next(0, 4) == 0)
        {
            var open = places.Count == 0 || random.Next(0, 2) == 0 ? text.IndexOf('{', StringComparison.Ordinal) : text.LastIndexOf('{');
            return text.Insert(open + 1, $"\"{Names[random.Next(0, Names.Length)]}\":{value}{(text[(open + 1)..].TrimStart()[0] == '}' ? "" : ",")}");
        }

        var (start, length) = places[random.Next(0, places.Count)];
        return text.Remove(start, length).Insert(start, value);

        void Collect(JsonElement element, List<(int, int)> found)
        {
            foreach (var property in element.EnumerateObject())
            {
                var raw = property.Value.GetRawText();
                // Values are long enough to be found by their text most of the time; a wrong one is as good.
                var at = text.IndexOf(raw, StringComparison.Ordinal);
                if (at >= 0)
                {
                    found.Add((at, raw.Length));
                }

                if (property.Value.ValueKind == JsonValueKind.Object)
                {
                    Collect(property.Value, found);
                }
            }
        }
    }

    private static JsonDocument? Parsed(string text)
    {
        try
        {
            return JsonDocument.Parse(text) is { RootElement.ValueKind: JsonValueKind.Object } document ? document : null;
        }
        catch (JsonException)
        {
            return null; // Spoilt enough already.
        }
    }

    private static string Told(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
