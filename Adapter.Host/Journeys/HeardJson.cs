using System.Text.Json;
using System.Text.Json.Serialization;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>Reports as one text: each as its difference from the one before in numbers of seven bits a byte, about fifteen bytes a report, since the state is written with every batch.</summary>
/// <remarks>Places are kept to a centimetre, times to a tenth of a microsecond.</remarks>
internal sealed class HeardJson : JsonConverter<Heard>
{
    private const double Degree = 1e7;
    private const int Late = 1 << 6;
    private const int ClockSuspect = 1 << 7;
    private const int Placed = 1 << 8;
    private const int WholeMilliseconds = 1 << 9;

    public override Heard Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("What was heard of a lock is not in the form of this program. Was it written by a newer one?");
        }

        reader.Read();
        var @lock = reader.GetString() is { } id ? LockId.Parse(id) : null;
        reader.Read();
        ReadOnlySpan<byte> packed = reader.GetBytesFromBase64();
        reader.Read();

        var reports = new List<HeardReport>();
        var (at, delay, entry, latitude, longitude) = (0L, 0L, 0L, 0L, 0L);
        while (!packed.IsEmpty)
        {
            var marks = (int)Next(ref packed);
            var unit = (marks & WholeMilliseconds) != 0 ? TimeSpan.TicksPerMillisecond : 1;
            at += Next(ref packed) * unit;
            delay += Next(ref packed) * unit;
            entry += Next(ref packed);
            GeoPoint? where = null;
            if ((marks & Placed) != 0)
            {
                latitude += Next(ref packed);
                longitude += Next(ref packed);
                where = new GeoPoint(latitude / Degree, longitude / Degree);
            }

            reports.Add(new HeardReport(
                new Sighting(@lock, Moment(at), Moment(at + delay), (marks & Late) != 0, (marks & ClockSuspect) != 0, where, entry), (Aspects)(marks & (Late - 1))));
        }

        return new Heard(reports);
    }

    public override void Write(Utf8JsonWriter writer, Heard value, JsonSerializerOptions options)
    {
        var packed = new List<byte>(value.Reports.Count * 16);
        var (at, delay, entry, latitude, longitude) = (0L, 0L, 0L, 0L, 0L);
        foreach (var (seen, of) in value.Reports)
        {
            var (now, nowDelay) = (seen.At.UtcTicks, seen.ReceivedAt.UtcTicks - seen.At.UtcTicks);
            var (sinceLast, longer) = (now - at, nowDelay - delay);
            var whole = sinceLast % TimeSpan.TicksPerMillisecond == 0 && longer % TimeSpan.TicksPerMillisecond == 0;
            var unit = whole ? TimeSpan.TicksPerMillisecond : 1;
            Add(packed, (int)of + (seen.Late ? Late : 0) + (seen.ClockSuspect ? ClockSuspect : 0) + (seen.Where is null ? 0 : Placed) + (whole ? WholeMilliseconds : 0));
            Add(packed, sinceLast / unit);
            Add(packed, longer / unit);
            Add(packed, seen.Entry - entry);
            (at, delay, entry) = (now, nowDelay, seen.Entry);
            if (seen.Where is { } where)
            {
                var (north, east) = ((long)Math.Round(where.Latitude * Degree), (long)Math.Round(where.Longitude * Degree));
                Add(packed, north - latitude);
                Add(packed, east - longitude);
                (latitude, longitude) = (north, east);
            }
        }

        writer.WriteStartArray();
        writer.WriteStringValue(value.Reports is [var first, ..] ? first.Seen.Lock?.Value : null);
        writer.WriteBase64StringValue(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(packed));
        writer.WriteEndArray();
    }

    private static DateTimeOffset Moment(long ticks) => new(ticks, TimeSpan.Zero);

    /// <summary>Small numbers of either sign come out short.</summary>
    private static void Add(List<byte> packed, long number)
    {
        var rest = (ulong)((number << 1) ^ (number >> 63));
        for (; rest >= 0x80; rest >>= 7)
        {
            packed.Add((byte)(rest | 0x80));
        }

        packed.Add((byte)rest);
    }

    private static long Next(ref ReadOnlySpan<byte> packed)
    {
        var (rest, shift) = (0UL, 0);
        while (true)
        {
            if (packed.IsEmpty || shift > 63)
            {
                throw new JsonException("What was heard of a lock is cut short.");
            }

            var part = packed[0];
            packed = packed[1..];
            rest |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return (long)(rest >> 1) ^ -(long)(rest & 1);
            }

            shift += 7;
        }
    }
}
