using System.Text.Json;
using System.Text.Json.Serialization;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys.Geography;

/// <summary>A trace as plain numbers, each fix as its difference from the one before: about twelve bytes a fix, since the state is written with every batch.</summary>
internal sealed class RouteTraceJson : JsonConverter<RouteTrace>
{
    private const int PerFix = 4;
    private const int PerStretch = 5;
    private const int PerJump = 6;

    public override RouteTrace Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var (seconds, fixes, stays, deviations, jumps) = (RouteTrace.FinestSeconds, new List<TraceFix>(), new List<Stretch>(), new List<Stretch>(), new List<Jump>());
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (name == "every")
            {
                seconds = reader.GetInt32();
                continue;
            }

            var numbers = Numbers(ref reader);
            switch (name)
            {
                case "fixes":
                    ReadFixes(numbers, fixes);
                    break;
                case "stays":
                    stays.AddRange(numbers.Chunk(PerStretch).Select(StretchOf));
                    break;
                case "deviations":
                    deviations.AddRange(numbers.Chunk(PerStretch).Select(StretchOf));
                    break;
                case "jumps":
                    jumps.AddRange(numbers.Chunk(PerJump).Select(n => new Jump(Time(n[0]), Place(n[1], n[2]), Time(n[3]), Place(n[4], n[5]))));
                    break;
                default:
                    throw new JsonException($"A trace has no '{name}'. Was it written by a newer program?");
            }
        }

        return new RouteTrace(seconds, fixes) { Stays = stays, Deviations = deviations, Jumps = jumps };
    }

    public override void Write(Utf8JsonWriter writer, RouteTrace value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("every", value.StretchSeconds);
        writer.WriteStartArray("fixes");
        var before = default(TraceFix);
        foreach (var fix in value.Fixes)
        {
            writer.WriteNumberValue(fix.Second - before.Second);
            writer.WriteNumberValue(fix.Latitude5 - before.Latitude5);
            writer.WriteNumberValue(fix.Longitude5 - before.Longitude5);
            writer.WriteNumberValue(fix.OffRoute);
            before = fix;
        }

        writer.WriteEndArray();
        Write(writer, "stays", value.Stays.SelectMany(Flat));
        Write(writer, "deviations", value.Deviations.SelectMany(Flat));
        Write(writer, "jumps", value.Jumps.SelectMany(j => (long[])[Second(j.From), Degrees(j.Start.Latitude), Degrees(j.Start.Longitude), Second(j.To), Degrees(j.End.Latitude), Degrees(j.End.Longitude)]));
        writer.WriteEndObject();
    }

    private static void ReadFixes(List<long> numbers, List<TraceFix> fixes)
    {
        var before = default(TraceFix);
        foreach (var n in numbers.Chunk(PerFix))
        {
            before = new TraceFix(before.Second + n[0], before.Latitude5 + (int)n[1], before.Longitude5 + (int)n[2], (int)n[3]);
            fixes.Add(before);
        }
    }

    private static List<long> Numbers(ref Utf8JsonReader reader)
    {
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            numbers.Add(reader.GetInt64());
        }

        return numbers;
    }

    private static void Write(Utf8JsonWriter writer, string name, IEnumerable<long> numbers)
    {
        using var each = numbers.GetEnumerator();
        if (!each.MoveNext())
        {
            return;
        }

        writer.WriteStartArray(name);
        do
        {
            writer.WriteNumberValue(each.Current);
        }
        while (each.MoveNext());
        writer.WriteEndArray();
    }

    private static IEnumerable<long> Flat(Stretch stretch) =>
        [Second(stretch.From), Second(stretch.To), Degrees(stretch.Where.Latitude), Degrees(stretch.Where.Longitude), (long)stretch.Metres];

    private static Stretch StretchOf(long[] n) => new(Time(n[0]), Time(n[1]), Place(n[2], n[3]), n[4]);

    private static long Second(DateTimeOffset at) => at.ToUnixTimeSeconds();

    private static DateTimeOffset Time(long second) => DateTimeOffset.FromUnixTimeSeconds(second);

    private static long Degrees(double degrees) => (long)Math.Round(degrees * 1e5);

    private static GeoPoint Place(long latitude, long longitude) => new(latitude / 1e5, longitude / 1e5);
}
