using System.Runtime.InteropServices;
using System.Text.Json;

namespace Adapter.Mappings.Telemetry;

/// <summary>One spelling for the same record: properties in ordinal order at every level, no blanks, values as they were written.</summary>
internal static class CanonicalJson
{
    private static readonly Comparison<Member> ByNameThenOrder = static (a, b) =>
        a.RawName.SequenceCompareTo(b.RawName) is not 0 and var byName ? byName : a.Order.CompareTo(b.Order);

    /// <summary>The properties in ordinal order of their bytes; of a repeated name only the last, as JSON parsers have it.</summary>
    public static Member[] Sort(JsonElement value)
    {
        var members = new Member[value.GetPropertyCount()];
        var count = 0;
        foreach (var property in value.EnumerateObject())
        {
            members[count] = new Member(property, count, Meaning: null);
            count++;
        }

        members.AsSpan().Sort(ByNameThenOrder);
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (i + 1 == count || !members[i].RawName.SequenceEqual(members[i + 1].RawName))
            {
                members[kept++] = members[i];
            }
        }

        return kept == count ? members : members[..kept];
    }

    /// <summary>Writes the canonical form; it never needs more room than the bytes the value was parsed from.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Write(JsonElement value, Span<byte> target)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return WriteObject(Sort(value), static _ => true, target);
            case JsonValueKind.Array:
                var at = 0;
                target[at++] = (byte)'[';
                foreach (var item in value.EnumerateArray())
                {
                    at += Comma(at, target[at..]);
                    at += Write(item, target[at..]);
                }

                target[at++] = (byte)']';
                return at;
            default:
                var raw = JsonMarshal.GetRawUtf8Value(value);
                raw.CopyTo(target);
                return raw.Length;
        }
    }

    /// <summary>Writes an object from sorted members, leaving out those that <paramref name="counts"/> refuses, inside objects with names of their own too.</summary>
    public static int WriteObject(ReadOnlySpan<Member> members, Func<NameMeaning, bool> counts, Span<byte> target)
    {
        var at = 0;
        target[at++] = (byte)'{';
        foreach (ref readonly var member in members)
        {
            if (member.Meaning is { } meaning && !counts(meaning))
            {
                continue;
            }

            at += Comma(at, target[at..]);
            var name = member.RawName;
            target[at++] = (byte)'"';
            name.CopyTo(target[at..]);
            at += name.Length;
            target[at++] = (byte)'"';
            target[at++] = (byte)':';
            at += member is { Meaning.Inner: { } names, Property.Value.ValueKind: JsonValueKind.Object }
                ? WriteObject(names.Sorted(member.Property.Value), counts, target[at..])
                : Write(member.Property.Value, target[at..]);
        }

        target[at++] = (byte)'}';
        return at;
    }

    private static int Comma(int at, Span<byte> target)
    {
        if (at == 1)
        {
            return 0;
        }

        target[0] = (byte)',';
        return 1;
    }
}

/// <summary>A property of a record.</summary>
/// <param name="Order">Place in the record as it was written.</param>
/// <param name="Meaning">What its name stands for; null where it stands for nothing.</param>
internal readonly record struct Member(JsonProperty Property, int Order, NameMeaning? Meaning)
{
    /// <summary>The name as written, escapes and all.</summary>
    public ReadOnlySpan<byte> RawName => JsonMarshal.GetRawUtf8PropertyName(Property);
}
