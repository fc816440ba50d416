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
    private readonly ushort[] _ranks = new ushort[Fields];
    private readonly Member[] _members;
    private List<(int Tell, string Name, JsonElement Value)>? _told;

    private WireRecord(Member[] members) => _members = members;

    /// <summary>Whether the record has a property that its source may change later.</summary>
    public bool HasFilledInLater { get; private set; }

    /// <summary>Properties in ordinal order, each name once.</summary>
    public ReadOnlySpan<Member> Members => _members;

    public static WireRecord Of(JsonElement root, FieldNames names)
    {
        var record = new WireRecord(names.Sorted(root));
        record.Take(record._members, names, outer: true);
        return record;
    }

    public JsonElement this[WireField field] => _values[(int)field];

    public bool Has(WireField field) => _ranks[(int)field] != 0;

    public string? Text(WireField field) => WireValue.Text(this[field]);

    public double? Number(WireField field) => WireValue.Number(this[field]);

    /// <summary>The further codes of a dialect, by place in its list of them, each with the name of its property.</summary>
    public IEnumerable<(string Name, JsonElement Value)> Told(int tell) => _told is null ? [] : _told.Where(t => t.Tell == tell).Select(t => (t.Name, t.Value));

    /// <summary>Takes what a field says as not said.</summary>
    public void Ignore(WireField field)
    {
        _values[(int)field] = default;
        _ranks[(int)field] = 0;
    }

    private void Take(ReadOnlySpan<Member> members, FieldNames names, bool outer)
    {
        foreach (ref readonly var member in members)
        {
            if (member.Meaning is not { } meaning)
            {
                continue;
            }

            HasFilledInLater |= outer && meaning.IsFilledInLater;
            Take(meaning, member.Property.Value, outer);
            if (meaning.Tell is { } tell)
            {
                (_told ??= []).Add((tell, member.Property.Name, member.Property.Value));
            }

            if (meaning.Inner is { } inner && Holder(member.Property.Value) is { } own)
            {
                Take(inner.Sorted(own), inner, outer);
            }
            else if (outer && meaning.IsEmbedded && Holder(member.Property.Value) is { } embedded)
            {
                // Ranked behind, so that the record's own fields always win.
                Take(names.Sorted(embedded), names, outer: false);
            }
        }
    }

    private static JsonElement? Holder(JsonElement value)
    {
        var holder = value.ValueKind == JsonValueKind.String && WireValue.Text(value) is { } text ? WireValue.EmbeddedJson(text) : value;
        return holder is { ValueKind: JsonValueKind.Object } ? holder : null;
    }

    private void Take(NameMeaning meaning, JsonElement value, bool outer)
    {
        if (meaning.Field is not { } field || value.ValueKind is JsonValueKind.Null or JsonValueKind.Object || SaysNothing(value))
        {
            return;
        }

        var rank = (ushort)(meaning.Rank + (outer ? 1 : 1 + short.MaxValue));
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
