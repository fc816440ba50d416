using System.Globalization;
using System.Text;
using Adapter.Benchmarks.Peers;

namespace Adapter.Benchmarks.Load;

/// <summary>Reports of fixed length, each with another lock or time, written without allocating.</summary>
/// <remarks>
/// Positions: 50 locks per connection, each 30 s further with every turn. Alarms: each lock reports a rope cut, then a low battery and
/// so on with hours between, so that every alarm is an episode of its own and leads to one message.
/// </remarks>
internal sealed class Reports : IRequestBodies
{
    private const int LocksOfPositions = 50;
    private const int AlarmsPerLock = 4;
    private static readonly string[] AlarmCodes = ["10", "12", "17", " 9"];

    private readonly byte[] _template;
    private readonly int _lock;
    private readonly int[] _times;
    private readonly int _code;
    private readonly int _id;
    private readonly int _connection;
    private readonly DateTimeOffset _from;
    private long _next;

    /// <param name="first">Number of the first report: a later stretch of load goes on where the last one ended.</param>
    public Reports(string kind, int connection, int first)
    {
        (_connection, _next) = (connection, first);
        var text = kind == "alarm"
            ? """{"FGUID":"########","FAssetID":"0000000000","FDataType":@@,"FStartTime":"2000-01-01T00:00:00","FEndTime":null,"FStartLongitude":39.631,"FStartLatitude":-4.037,"FStartSpeed":0,"FStartMileage":16}"""
            : """{"assetId":"0000000000","longitude":113.916965,"latitude":22.58107,"speed":42,"direction":90,"mileage":16,"gpsTime":"2000-01-01T00:00:00Z","recvTime":"2000-01-01T00:00:00.964Z","locType":1,"cellSignal":19,"gnssSignal":6,"cells":"460,0,9383,220792647","battery":100,"voltage":"0.0","statusJson":"{\"lockBar\":-1,\"lockRope\":0,\"lockStatus\":0}","expandInfo":"{\"angle\":\"null\",\"backBattery\":\"null\",\"fuels\":\"-1,-1,-1\",\"humidity\":\"0\",\"lux\":\"0.0\",\"networkType\":\"0\",\"pressure\":\"0.0\",\"reportType\":\"0\",\"temperature\":\"-1000.0\"}"}""";
        _template = Encoding.ASCII.GetBytes(text);
        _lock = text.IndexOf("0000000000", StringComparison.Ordinal);
        _code = text.IndexOf("@@", StringComparison.Ordinal);
        _id = text.IndexOf("########", StringComparison.Ordinal);
        var times = new List<int>();
        for (var at = text.IndexOf("2000-01-01T", StringComparison.Ordinal); at >= 0; at = text.IndexOf("2000-01-01T", at + 1, StringComparison.Ordinal))
        {
            times.Add(at);
        }

        _times = [.. times];
        // Whole days, so that two loads of one bench agree; inside the memory of copies.
        _from = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(-20);
    }

    public int Length => _template.Length;

    public string Head => $"Content-Type: application/json\r\n{HostPeer.SecretHeader}: {HostPeer.Secret}\r\n";

    public void Next(Span<byte> target)
    {
        var n = _next++;
        _template.CopyTo(target);
        var (lockNumber, step, period) = _code < 0
            ? (n % LocksOfPositions, n / LocksOfPositions, TimeSpan.FromSeconds(30))
            : (n / AlarmsPerLock, n % AlarmsPerLock, TimeSpan.FromHours(3));
        ((_connection * 10_000_000L) + lockNumber + 1_000_000_000).TryFormat(target[_lock..], out _, "D10", CultureInfo.InvariantCulture);
        var at = _from + (step * period);
        foreach (var time in _times)
        {
            at.TryFormat(target[time..], out _, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        }

        if (_code >= 0)
        {
            Encoding.ASCII.GetBytes(AlarmCodes[step], target[_code..]);
            // Eight digits of base 36 would be tighter; eight of hexadecimal are enough for a bench.
            (((uint)_connection << 24) + (uint)n).TryFormat(target[_id..], out _, "x8", CultureInfo.InvariantCulture);
        }
    }
}
