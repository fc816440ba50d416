using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Rehearsal;

/// <summary>Writes what one lock reports as Joint Cloud pushes it.</summary>
/// <remarks>
/// The location push is documented, and its field order kept. Alarms and events take the row shape of the OpenAPI with the
/// code space of the web platform; their pushes are not documented. 0 means locked and rope in.
/// </remarks>
internal sealed class DemoReports(string lockNumber)
{
    private const int OdometerKm = 48_210;

    private static readonly JsonSerializerOptions AsJointCloudWrites = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(JsonNode json) => json.ToJsonString(AsJointCloudWrites);

    public JsonObject Location(DemoMoment moment, bool locked, bool ropeIn, DateTimeOffset? receivedAt = null)
    {
        var state = $$"""{"lockBar":-1,"lockRope":{{(ropeIn ? 0 : 1)}},"lockStatus":{{(locked ? 0 : 1)}}}""";
        return new JsonObject
        {
            ["assetId"] = lockNumber,
            ["longitude"] = moment.Point.Longitude,
            ["latitude"] = moment.Point.Latitude,
            ["speed"] = moment.SpeedKmh,
            ["direction"] = moment.Heading,
            ["mileage"] = OdometerKm + (long)moment.Km,
            ["gpsTime"] = Time(moment.At, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
            ["recvTime"] = Received(receivedAt ?? moment.At.AddMilliseconds(964)),
            ["locType"] = 1,
            ["cellSignal"] = 19,
            ["gnssSignal"] = 9,
            ["cells"] = "639,2,4101,220792647",
            ["battery"] = 100 - (int)(moment.Km / 30),
            ["voltage"] = "0.0",
            ["statusJson"] = state,
            ["expandInfo"] =
                """{"angle":"null","backBattery":"null","fuels":"-1,-1,-1","humidity":"0","lux":"0.0","networkType":"0","pressure":"0.0","reportType":"0","temperature":"-1000.0"}""",
        };
    }

    /// <summary>An alarm or event row; an alarm that still lasts has no <paramref name="end"/>.</summary>
    public JsonObject Row(int dataType, DemoMoment start, DemoMoment? end)
    {
        var row = new JsonObject
        {
            ["FGUID"] = GuidOf($"{dataType} at {Time(start.At, "O")}"),
            ["FVehicleGUID"] = GuidOf("vehicle"),
            ["FVehicleName"] = lockNumber,
            ["FAssetGUID"] = GuidOf("asset"),
            ["FAssetID"] = lockNumber,
            ["FSubAssetID"] = "",
            ["FDataType"] = dataType,
        };
        Add(row, "Start", start);
        row["FEndTime"] = null;
        if (end is not null)
        {
            Add(row, "End", end);
        }

        row["FKeepSeconds"] = end is null ? 0 : (long)(end.At - start.At).TotalSeconds;
        row["FKeepDistance"] = end is null ? 0 : (long)(end.Km - start.Km);
        return row;
    }

    /// <summary>The same record with another time of receipt, as the cloud repeats it.</summary>
    public static JsonObject ReceivedAgain(JsonObject record, DateTimeOffset receivedAt)
    {
        var again = record.DeepClone().AsObject();
        again["recvTime"] = Received(receivedAt);
        return again;
    }

    /// <summary>When the cloud has the record: the receive time of a position, the end or else the start of a row.</summary>
    public static DateTimeOffset KnownToCloudAt(JsonObject record) => DateTimeOffset.Parse(
        (record["recvTime"] ?? record["FEndTime"] ?? record["FStartTime"])!.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>The rows carry no zone; they are in UTC.</summary>
    private static void Add(JsonObject row, string end, DemoMoment moment)
    {
        row[$"F{end}Time"] = Time(moment.At, "yyyy-MM-dd'T'HH:mm:ss");
        row[$"F{end}Longitude"] = moment.Point.Longitude;
        row[$"F{end}Latitude"] = moment.Point.Latitude;
        row[$"F{end}Speed"] = moment.SpeedKmh;
        row[$"F{end}Mileage"] = OdometerKm + (long)moment.Km;
    }

    private static string Received(DateTimeOffset at) => Time(at, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    private static string Time(DateTimeOffset at, string format) => at.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>The same record has the same id in each run of the demo with the same start.</summary>
    private string GuidOf(string what) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{lockNumber} {what}")).AsSpan(0, 16)).ToString();
}

/// <summary>Where the lock is at one moment, in whole seconds.</summary>
internal sealed record DemoMoment(DateTimeOffset At, double Km, GeoPoint Point, int SpeedKmh, int Heading);
