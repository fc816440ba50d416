using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Adapter.TestKit.Stories;

/// <summary>Writes frames as the cloud pushes them, with the bad habits that one lock and its route through the cloud have.</summary>
/// <remarks>The same frame gives the same text each time but for its time of receipt, so that a copy is a copy.</remarks>
internal sealed class WireDirt(TrueStory story, SeededRandom random)
{
    // Locations and events of the lock use the codes of the SDK, rows those of the web platform, commands those of the P45 frame.
    private static readonly Dictionary<string, int> SdkAlarms = new(StringComparer.Ordinal)
    {
        [Kinds.RopeCut] = 1,
        [Kinds.LongUnlocked] = 3,
        [Kinds.WrongPassword] = 4,
        [Kinds.IllegalCard] = 5,
        [Kinds.LowBattery] = 6,
        [Kinds.CoverOpen] = 7,
    };

    private static readonly Dictionary<string, int> WebAlarms = new(StringComparer.Ordinal)
    {
        [Kinds.RopeCut] = 10,
        [Kinds.LongUnlocked] = 11,
        [Kinds.WrongPassword] = 12,
        [Kinds.IllegalCard] = 9,
        [Kinds.LowBattery] = 6,
        [Kinds.CoverOpen] = 17,
    };

    private static readonly Dictionary<string, int> WebEvents = new(StringComparer.Ordinal) { [Kinds.Unseal] = 5, [Kinds.Seal] = 6, [Kinds.LongUnlocked] = 11 };

    private static readonly JsonSerializerOptions AsTheCloudWrites = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly bool _numbersAsText = random.Chance(20);
    private readonly bool _statusAsObject = random.Chance(20);
    private readonly bool _otherNames = random.Chance(25);
    private readonly bool _misspelt = random.Chance(25);
    private readonly bool _sentinels = random.Chance(30);
    private readonly bool _unknownCodes = random.Chance(25);
    private readonly bool _sparse = random.Chance(20);
    private readonly bool _knowsAlarms = random.Chance(70);
    private readonly int _timeForm = random.Next(0, 6);

    public string Text(Frame frame) =>
        (frame.Route == FrameRoute.Location ? Position(frame) : Row(frame)).ToJsonString(AsTheCloudWrites);

    private JsonObject Position(Frame frame)
    {
        var noFix = frame.Fix == FixQuality.None;
        var json = new JsonObject { [_otherNames ? "AssetID" : "assetId"] = story.Lock };
        json[_otherNames ? "Lon" : "longitude"] = Number(noFix ? 0 : frame.Place.Longitude);
        json[_otherNames ? "Lat" : "latitude"] = Number(noFix ? 0 : frame.Place.Latitude);
        json[_otherNames ? "FGPSTime" : "gpsTime"] = frame.ClockUnset ? "2000-01-01T00:00:00Z" : Time(frame.At);
        json["recvTime"] = frame.SentAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        json["locType"] = Number(frame.Fix switch { FixQuality.Satellite => 1, FixQuality.BaseStation => frame.At.Second % 2 == 0 ? 2 : 3, _ => 0 });
        if (!_sparse)
        {
            json["speed"] = Number(_sentinels ? -1 : 40);
            json["direction"] = Number(_sentinels ? -1000 : 120);
            json["mileage"] = Number(_sentinels ? -1000 : 4200 + (frame.At.Hour * 60) + frame.At.Minute);
            json[_misspelt ? "cellSingal" : "cellSignal"] = Number(19);
            json["cells"] = "639,2,4101,220792647";
            json[_misspelt ? "batery" : "battery"] = Number(_sentinels ? 255 : 80);
            json["voltage"] = "0.0";
            json["expandInfo"] = """{"angle":"null","backBattery":"null","humidity":"0","reportType":"0","temperature":"-1000.0"}""";
        }

        var codes = frame.Flags.Select(kind => SdkAlarms[kind]).Concat(_unknownCodes && frame.At.Minute % 3 == 0 ? [77] : []).ToList();
        if (codes.Count > 0 || _knowsAlarms)
        {
            json["alarm"] = codes switch
            {
                [] => Number(-1),
                [var one] => Number(one),
                _ when _statusAsObject => new JsonArray([.. codes.Select(code => (JsonNode)code)]),
                _ => string.Join(',', codes),
            };
        }

        var status = new JsonObject { ["lockBar"] = -1, ["lockRope"] = Number(frame.RopeIn ? 0 : 1), ["lockStatus"] = Number(frame.Locked ? 0 : 1) };
        if (frame.CoverClosed is { } closed)
        {
            status["backCover"] = Number(closed ? 1 : 0);
        }

        json["statusJson"] = _statusAsObject ? status : status.ToJsonString(AsTheCloudWrites);
        if (_misspelt)
        {
            json["gpsTme"] = "garbage";
            json["lockStaus"] = 1;
        }

        return json;
    }

    private JsonObject Row(Frame frame)
    {
        var json = new JsonObject { ["FAssetID"] = story.Lock, ["FSubAssetID"] = _sentinels ? "null" : "" };
        if (frame.RowId is not null)
        {
            json["FGUID"] = frame.RowId;
        }

        json["FStartTime"] = Time(frame.At);
        json["FEndTime"] = frame.EndedAt is { } end ? Time(end) : null;
        json["FRecvTime"] = frame.SentAt.ToString("yyyy-MM-dd' 'HH:mm:ss", CultureInfo.InvariantCulture);
        if (!_sparse)
        {
            json["FStartLongitude"] = Number(frame.Place.Longitude);
            json["FStartLatitude"] = Number(frame.Place.Latitude);
            json["FStartSpeed"] = Number(_sentinels ? -1 : 0);
        }

        switch (frame.Route)
        {
            case FrameRoute.Command:
                Command(json, frame.Kind!);
                break;
            case FrameRoute.Event:
                json[_otherNames ? "eventType" : "FDataType"] = Number(WebEvents[frame.Kind!]);
                break;
            default:
                json[_otherNames ? "alarmType" : "FDataType"] = Number(WebAlarms[frame.Kind!]);
                break;
        }

        return json;
    }

    /// <summary>Event sources of the P45 frame: a swipe or a word that did not open the lock is a refusal.</summary>
    private void Command(JsonObject json, string kind)
    {
        var (code, verification) = kind switch
        {
            Kinds.Seal => (5, "98"),
            Kinds.Unseal => (1, "1"),
            Kinds.IllegalCard => (2, "0"),
            Kinds.UnsealRefused => (4, "0"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No event source tells of this."),
        };
        json["FInsType"] = Number(code);
        json["verification"] = verification;
    }

    private JsonNode Number(double value) => _numbersAsText ? value.ToString(CultureInfo.InvariantCulture) : value;

    private string Time(DateTimeOffset at) => at.ToString(
        _timeForm switch
        {
            0 => "yyyy-MM-dd'T'HH:mm:ss",
            1 => "yyyy-MM-dd' 'HH:mm:ss",
            2 => at.Second == 0 ? "yyyy-MM-dd'T'HH:mm'Z'" : "yyyy-MM-dd'T'HH:mm:ss'Z'",
            3 => "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'",
            4 => "yyyy-MM-dd'T'HH:mm:ss.f",
            _ => "yyyy-MM-dd'T'HH:mm:ss'Z'",
        }, CultureInfo.InvariantCulture);
}
