using System.Text.Json;
using System.Text.Json.Serialization;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>An observation as a short row: lock, time, receipt (both in Unix milliseconds), marks, entry, and where it has one its place.</summary>
/// <remarks>One report is the end of many stretches, and the state is written with every batch: by names it was three times as long. States written so are read as well.</remarks>
internal sealed class SightingJson : JsonConverter<Sighting>
{
    private const int Late = 1;
    private const int ClockSuspect = 2;

    public override Sighting Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return ReadNamed(ref reader);
        }

        reader.Read();
        var @lock = reader.GetString() is { } id ? LockId.Parse(id) : null;
        reader.Read();
        var at = UnixTime.Of(reader.GetDecimal());
        reader.Read();
        var receivedAt = UnixTime.Of(reader.GetDecimal());
        reader.Read();
        var marks = reader.GetInt32();
        reader.Read();
        var entry = reader.GetInt64();
        GeoPoint? where = null;
        if (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            var latitude = reader.GetDouble();
            reader.Read();
            where = new GeoPoint(latitude, reader.GetDouble());
            reader.Read();
        }

        return new Sighting(@lock, at, receivedAt, (marks & Late) != 0, (marks & ClockSuspect) != 0, where, entry);
    }

    public override void Write(Utf8JsonWriter writer, Sighting value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Lock?.Value);
        writer.WriteNumberValue(UnixTime.MillisecondsOf(value.At));
        writer.WriteNumberValue(UnixTime.MillisecondsOf(value.ReceivedAt));
        writer.WriteNumberValue((value.Late ? Late : 0) + (value.ClockSuspect ? ClockSuspect : 0));
        writer.WriteNumberValue(value.Entry);
        if (value.Where is { } where)
        {
            writer.WriteNumberValue(where.Latitude);
            writer.WriteNumberValue(where.Longitude);
        }

        writer.WriteEndArray();
    }

    private static Sighting ReadNamed(ref Utf8JsonReader reader)
    {
        using var row = JsonDocument.ParseValue(ref reader);
        var named = row.RootElement;
        return new Sighting(
            named.TryGetProperty("lock", out var @lock) && @lock.GetString() is { } id ? LockId.Parse(id) : null,
            named.GetProperty("at").GetDateTimeOffset(), named.GetProperty("receivedAt").GetDateTimeOffset(),
            named.GetProperty("late").GetBoolean(), named.GetProperty("clockSuspect").GetBoolean(),
            named.TryGetProperty("where", out var where) && where.ValueKind == JsonValueKind.Object
                ? new GeoPoint(where.GetProperty("latitude").GetDouble(), where.GetProperty("longitude").GetDouble())
                : null,
            named.GetProperty("entry").GetInt64());
    }

    /// <summary>Moments as milliseconds since 1970; what is finer stands behind the point.</summary>
    private static class UnixTime
    {
        public static decimal MillisecondsOf(DateTimeOffset at) => (decimal)(at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;

        public static DateTimeOffset Of(decimal milliseconds) => DateTimeOffset.UnixEpoch.AddTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond));
    }
}
