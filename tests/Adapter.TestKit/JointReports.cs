using System.Globalization;

namespace Adapter.TestKit;

/// <summary>Single reports as Joint Cloud pushes them.</summary>
internal static class JointReports
{
    public const string Location = "/intake/jointech/location";
    public const string Alarm = "/intake/jointech/alarm";

    /// <summary>The documented location push with some values of one's own.</summary>
    public static string Position(string lockNumber, DateTimeOffset at, double latitude = -4.037, double longitude = 39.631, bool locked = true, int mileage = 16)
    {
        var time = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $$"""
            { "assetId":"{{lockNumber}}", "longitude":{{longitude}}, "latitude":{{latitude}}, "speed":0, "direction":0,
              "mileage":{{mileage}}, "gpsTime":"{{time}}", "recvTime":"{{time}}",
              "locType":1, "cellSignal":19, "gnssSignal":6, "cells":"460,0,9383,220792647",
              "battery":100, "voltage":"0.0",
              "statusJson":"{\"lockBar\":-1,\"lockRope\":{{(locked ? 0 : 1)}},\"lockStatus\":{{(locked ? 0 : 1)}}}",
              "expandInfo":"{\"angle\":\"null\",\"backBattery\":\"null\",\"reportType\":\"0\",\"temperature\":\"-1000.0\"}" }
            """);
    }

    /// <summary>An alarm row in the shape of the OpenAPI.</summary>
    public static string AlarmRow(string lockNumber, int code, DateTimeOffset at, string? id = null)
    {
        var time = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return $$"""
            { "FGUID":"{{id ?? Guid.NewGuid().ToString()}}", "FAssetID":"{{lockNumber}}", "FSubAssetID":"", "FDataType":{{code.ToString(CultureInfo.InvariantCulture)}},
              "FStartTime":"{{time}}", "FEndTime":null, "FStartLongitude":39.631, "FStartLatitude":-4.037, "FStartSpeed":0, "FStartMileage":16 }
            """;
    }
}
