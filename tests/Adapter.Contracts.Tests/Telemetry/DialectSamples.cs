using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

/// <summary>A record of each dialect, as its source is documented or seen to write it.</summary>
internal static class DialectSamples
{
    public static readonly TelemetryRoute SdkLocation = new("gateway", ReportRoute.Location, CodeSpace: null, "jt-sdk");
    public static readonly TelemetryRoute SdkEvent = new("gateway", ReportRoute.Event, "web-event", "jt-sdk");
    public static readonly TelemetryRoute Asc = new("cloud-trips", ReportRoute.Location, CodeSpace: null, "asc");
    public static readonly TelemetryRoute TeraTrack = new("teratrack", ReportRoute.Location, CodeSpace: null, "teratrack");
    public static readonly TelemetryRoute TraccarPosition = new("traccar", ReportRoute.Location, CodeSpace: null, "traccar");
    public static readonly TelemetryRoute TraccarEvent = new("traccar", ReportRoute.Event, "web-event", "traccar");

    public const string SdkLocationMessage = """
        { "DeviceID":"8000620011", "MsgType":"Location", "ReplyMsg":"(P69,0,139)", "DataBody":{
            "ProtocolType":25, "DeviceType":1, "DataType":2, "DataLength":52, "GpsTime":"2021-03-26T16:00Z", "Latitude":-22.5, "Longitude":36.25,
            "LocationType":1, "Speed":41, "Direction":90, "Mileage":120, "GpsSignal":9, "GSMSignal":22, "Alarm":-1, "AlarmArea":0, "Battery":83,
            "LockStatus":0, "LockRope":0, "BackCover":1, "MCC":640, "MNC":2, "LAC":10, "CELLID":77, "IMEI":"0f0f0f0f0f0f0f0f", "Awaken":1, "Index":139 } }
        """;

    public const string SdkLockReport = """
        { "DeviceID":"8000620011", "MsgType":"P45", "ReplyMsg":"(P69,0,7)", "DataBody":{
            "DateTime":"2021-03-26T16:00:05Z", "Latitude":-22.5, "Longitude":36.25, "LocationType":1, "Speed":0, "Direction":90, "Event":4, "Status":1,
            "UnlockFenceID":-1, "RFIDNo":"0000000000", "PsdErrorTimes":0, "Index":7, "Mileage":7 } }
        """;

    public const string SdkSensor = """
        { "DeviceID":"8000620011", "MsgType":"WLNET5", "ReplyMsg":"(P69,0,9)", "DataBody":{
            "GpsTime":"2021-03-26T16:00:30Z", "Latitude":-22.5, "Longitude":36.25, "LocationType":1, "Speed":0, "Direction":0, "SensorID":"7090000012",
            "LockStatus":0, "LockRope":0, "LockTimes":14, "Index":9, "Voltage":"3.60", "Power":77, "RSSI":60, "DateTime":"2021-03-26T16:00:10Z",
            "SensorType":4, "Temperature":-1000.0, "Humidity":0, "Event":4 } }
        """;

    public const string AscTrackRow = """
        { "ContainerNo":"MSKU1234565", "AssetID":"8022300001", "TripID":"BOC-A-12242021-0001", "Battery":90, "Latitude":14.5, "Longitude":120.75, "LocationType":1,
          "LockStatus":0, "GPSTime":"2021-12-20T06:08:36", "RecvTime":"2021-12-22T08:16:37", "Speed":12, "Direction":3, "Mileage":17, "GPSSignal":8, "GSMSignal":20 }
        """;

    public const string TeraTrackRecord = """
        { "MDeviceID":"022028C9", "DiviceType":"1", "DataType":"1", "DataLength":"69", "DateTime":"2022-03-09 10:48:24", "Latitude":"6.7712", "Longitude":"39.23841",
          "LatitudeState":"0", "LongitudeState":"1", "Speed":"12", "Mileage":"1200", "FenceAlarm":"0", "AreaAlarmID":"0", "LockCutOff":"0", "SealTampered":"0",
          "MessageAck":"1", "LockRope":"1", "LockStatus":"1", "LockOpen":"0", "PasswordError":"0", "CardNo":"60000644", "IllegalCard":"0", "LowPower":"0",
          "UnCoverBack":"0", "CoverStatus":"1", "LockStuck":"0", "Power":"79", "GSM":"16", "IMEI":"860922043595280", "Index":"20",
          "Slave":[{ "SDeviceId":"1", "SPower":"80", "SLockCutOff":"0", "SLockRope":"1" }] }
        """;

    public const string TraccarPositionMessage = """
        { "position":{ "id":394607, "attributes":{ "status":8416, "batteryLevel":83, "blocked":true, "odometer":120500, "sat":9, "distance":15.4, "totalDistance":900.1 },
            "deviceId":10, "protocol":"jt600", "serverTime":"2021-10-06T07:54:45.120+00:00", "deviceTime":"2021-10-06T07:54:43.000+00:00",
            "fixTime":"2021-10-06T07:54:43.000+00:00", "outdated":false, "valid":true, "latitude":-4.037, "longitude":39.631, "altitude":0.0, "speed":10.0, "course":270.0,
            "address":null, "accuracy":0.0, "network":null, "geofenceIds":null },
          "device":{ "id":10, "name":"JO 12-34567", "uniqueId":"8000620011", "status":"online", "lastUpdate":"2021-10-06T07:54:45.000+00:00", "positionId":394606, "attributes":{} } }
        """;

    public const string TraccarAlarm = """
        { "event":{ "id":25183, "attributes":{ "alarm":"powerCut" }, "deviceId":10, "type":"alarm", "eventTime":"2021-10-06T07:54:43.000+00:00", "positionId":394607,
            "geofenceId":0, "maintenanceId":0 },
          "position":{ "id":394607, "attributes":{ "alarm":"powerCut", "status":8360, "batteryLevel":83, "blocked":true }, "deviceId":10, "protocol":"jt600",
            "serverTime":"2021-10-06T07:54:45.120+00:00", "deviceTime":"2021-10-06T07:54:43.000+00:00", "fixTime":"2021-10-06T07:54:43.000+00:00", "outdated":false,
            "valid":true, "latitude":-4.037, "longitude":39.631, "altitude":0.0, "speed":10.0, "course":270.0 },
          "device":{ "id":10, "name":"JO 12-34567", "uniqueId":"8000620011", "status":"online", "lastUpdate":"2021-10-06T07:54:45.000+00:00", "attributes":{} } }
        """;

    /// <summary>Every dialect with a valid record of it, for tests that hold for all.</summary>
    public static IReadOnlyList<(TelemetryRoute Route, string Record)> All { get; } =
    [
        (Samples.Location, Samples.LocationPush), (Samples.Alarm, Samples.AlarmRow), (SdkLocation, SdkLocationMessage), (SdkEvent, SdkLockReport),
        (SdkEvent, SdkSensor), (Asc, AscTrackRow), (TeraTrack, TeraTrackRecord), (TraccarPosition, TraccarPositionMessage), (TraccarEvent, TraccarAlarm),
    ];
}
