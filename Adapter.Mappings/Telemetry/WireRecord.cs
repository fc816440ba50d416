using System.Runtime.InteropServices;
using System.Text.Json;

namespace Adapter.Mappings.Telemetry;

/// <summary>One record with its properties in ordinal order and its known fields found.</summary>
/// <remarks>
/// A property that is written twice counts with its last value. Of several names of one field, the one listed first that
/// holds a value is used; all of this without regard to the order in which the source happens to write.
/// </remarks>
internal sealed class WireRecord
{
    private static readonly int Fields = Enum.GetValues<WireField>().Length;

    private readonly JsonElement[] _values = new JsonElement[Fields];
    private readonly int[] _ranks = new int[Fields];
    private readonly Member[] _members;

    private WireRecord(Member[] members) => _members = members;

    /// <summary>Whether the record has a property that its source may change later.</summary>
    public bool HasFilledInLater { get; private set; }

    /// <summary>Properties in ordinal order, each name once.</summary>
    public ReadOnlySpan<Member> Members => _members;

    public static WireRecord Of(JsonElement root, FieldNames names)
    {
        var record = new WireRecord(CanonicalJson.Sort(root));
        foreach (ref var member in record._members.AsSpan())
        {
            member = member with { Meaning = names.MeaningOf(member) };
            record.HasFilledInLater |= member.Meaning.IsFilledInLater;
            record.Take(member.Meaning, member.Property.Value, outer: true);
        }

        // Fields inside statusJson and its like come after, so that the record's own always win.
        foreach (var member in record._members)
        {
            if (member.Meaning.IsEmbedded)
            {
                record.TakeEmbedded(member.Property.Value, names);
            }
        }

        return record;
    }

    public JsonElement this[WireField field] => _values[(int)field];

    public string? Text(WireField field) => WireValue.Text(this[field]);

    public double? Number(WireField field) => WireValue.Number(this[field]);

    private void TakeEmbedded(JsonElement value, FieldNames names)
    {
        var holder = value.ValueKind == JsonValueKind.String && WireValue.Text(value) is { } text ? WireValue.EmbeddedJson(text) : value;
        if (holder is not { ValueKind: JsonValueKind.Object } inner)
        {
            return;
        }

        foreach (var member in CanonicalJson.Sort(inner))
        {
            Take(names.MeaningOf(member), member.Property.Value, outer: false);
        }
    }

    private void Take(NameMeaning meaning, JsonElement value, bool outer)
    {
        if (meaning.Field is not { } field || value.ValueKind is JsonValueKind.Null or JsonValueKind.Object || SaysNothing(value))
        {
            return;
        }

        var rank = meaning.Rank + (outer ? 1 : 1 + short.MaxValue);
        ref var best = ref _ranks[(int)field];
        if (best == 0 || rank <= best)
        {
            best = rank;
            _values[(int)field] = value;
        }
    }

    /// <summary>Compared as written: text that cannot be decoded says something, if nothing readable.</summary>
    private static bool SaysNothing(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && JsonMarshal.GetRawUtf8Value(value) is var raw && (raw.SequenceEqual("\"\""u8) || raw.SequenceEqual("\"null\""u8));
}
