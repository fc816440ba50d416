using System.Text;
using System.Text.Json.Nodes;
using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

/// <summary>Records as Joint Cloud writes them, and one reader for all tests.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset ReceivedAt = new(2022, 9, 1, 9, 0, 0, TimeSpan.Zero);

    public static readonly TelemetryRoute Location = new("jointcloud", ReportRoute.Location, CodeSpace: null);
    public static readonly TelemetryRoute Alarm = new("jointcloud", ReportRoute.Alarm, "web-alarm");

    /// <summary>The documented example of the location push.</summary>
    public const string LocationPush = """
        { "assetId":"8022300001", "longitude":113.916965, "latitude":22.58107, "speed":0, "direction":0,
          "mileage":16, "gpsTime":"2022-09-01T08:59:56Z", "recvTime":"2022-09-01T08:59:56.964Z",
          "locType":1, "cellSignal":19, "gnssSignal":6, "cells":"460,0,9383,220792647",
          "battery":100, "voltage":"0.0",
          "statusJson":"{\"lockBar\":-1,\"lockRope\":0,\"lockStatus\":0}",
          "expandInfo":"{\"angle\":\"null\",\"backBattery\":\"null\",\"fuels\":\"-1,-1,-1\",\"humidity\":\"0\",\"lux\":\"0.0\",\"networkType\":\"0\",\"pressure\":\"0.0\",\"reportType\":\"0\",\"temperature\":\"-1000.0\"}" }
        """;

    /// <summary>An alarm row of the report API: times without Z, an interval that is still open.</summary>
    public const string AlarmRow = """
        { "FGUID":"6b1f0c52-7f0e-4b5c-9a7c-0d7d5e0a1c11", "FVehicleGUID":"v-1", "FVehicleName":"JO 12-34567", "FAssetGUID":"a-1",
          "FAssetID":"8022300001", "FSubAssetID":"", "FDataType":10, "FCurrentStatus":1,
          "FStartTime":"2022-09-01T10:15:30", "FEndTime":null,
          "FStartLongitude":36.5, "FStartLatitude":32.25, "FStartSpeed":41, "FStartMileage":120,
          "FKeepSeconds":0, "FKeepDistance":0, "FRecvTime":"2022-09-01T10:15:33.1234567" }
        """;

    private static readonly TelemetryReader Reader = TelemetryReader.Create(TelemetryTables.BuiltIn);

    public static ReadElement ReadAny(string json, TelemetryRoute? route = null, DateTimeOffset? receivedAt = null, TelemetryReader? reader = null) =>
        (reader ?? Reader).Identify(route ?? Location, Encoding.UTF8.GetBytes(json), receivedAt ?? ReceivedAt);

    /// <summary>Takes the record in and reads its stored body, as the host does.</summary>
    public static TakenRecord Read(string json, TelemetryRoute? route = null, DateTimeOffset? receivedAt = null, TelemetryReader? reader = null) =>
        TakenRecord.Of(reader ?? Reader, route ?? Location, ReadAny(json, route, receivedAt, reader).ShouldBeOfType<ReadElement.Read>());

    public static string Text(TakenRecord taken) => Encoding.UTF8.GetString(taken.Body.Span);

    /// <summary>The sample with some properties set; a value is JSON, null removes the property.</summary>
    public static string With(this string sample, params (string Name, string? Json)[] changes)
    {
        var record = JsonNode.Parse(sample)!.AsObject();
        foreach (var (name, json) in changes)
        {
            if (json is null)
            {
                record.Remove(name).ShouldBeTrue($"the sample has no '{name}' to remove");
            }
            else
            {
                record[name] = JsonNode.Parse(json);
            }
        }

        return record.ToJsonString();
    }
}

/// <summary>A record as it was taken in, with what its stored body says.</summary>
internal sealed record TakenRecord(LockReport Report, RecordIdentity Identity, ReadOnlyMemory<byte> Body, IReadOnlyList<string> Elided)
{
    public static TakenRecord Of(TelemetryReader reader, TelemetryRoute route, ReadElement.Read read) =>
        new(reader.Report(route, read.Body), read.Identity, read.Body, read.Elided);
}
