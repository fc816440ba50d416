using System.Buffers;
using System.Collections.Frozen;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Adapter.Mappings.Telemetry;

/// <summary>Finds passwords in a record and replaces them before anything is stored.</summary>
/// <remarks>
/// By property name at any depth, in JSON that is written inside a string too, and by the lock's own frames that carry a
/// password (P43, P52). Only the values change: the rest of the record keeps its bytes.
/// </remarks>
internal sealed class SecretFields(IEnumerable<string> names, IEnumerable<string> frames)
{
    public const string Mark = "***";

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _names =
        names.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly SearchValues<string> _traces = SearchValues.Create([.. names, .. frames], StringComparison.OrdinalIgnoreCase);

    private readonly (string Text, byte[] Bytes)[] _frames = [.. frames.Select(frame => (frame, Encoding.UTF8.GetBytes(frame)))];

    public bool Holds(JsonElement value) => Find(value, path: "", cuts: null, source: default);

    /// <returns>The record with every secret replaced, and where they were.</returns>
    public (byte[] Body, IReadOnlyList<string> Elided) Elide(JsonElement value)
    {
        var cuts = new List<Cut>();
        var source = JsonMarshal.GetRawUtf8Value(value);
        Find(value, path: "", cuts, source);
        using var body = new MemoryStream(source.Length + 16);
        var written = 0;
        foreach (var cut in cuts)
        {
            body.Write(source[written..cut.Start]);
            body.Write(cut.Replacement);
            written = cut.Start + cut.Length;
        }

        body.Write(source[written..]);
        return (body.ToArray(), [.. cuts.SelectMany(cut => cut.Paths).Distinct(StringComparer.Ordinal)]);
    }

    private bool Find(JsonElement element, string path, List<Cut>? cuts, ReadOnlySpan<byte> source)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var any = false;
                foreach (var property in element.EnumerateObject())
                {
                    any |= FindIn(property, path, cuts, source);
                    if (any && cuts is null)
                    {
                        return true;
                    }
                }

                return any;
            case JsonValueKind.Array:
                any = false;
                foreach (var item in element.EnumerateArray())
                {
                    any |= Find(item, path, cuts, source);
                }

                return any;
            case JsonValueKind.String:
                return FindInText(element, path, cuts, source);
            default:
                return false;
        }
    }

    private bool FindIn(JsonProperty property, string path, List<Cut>? cuts, ReadOnlySpan<byte> source)
    {
        Span<char> buffer = stackalloc char[PropertyName.Longest];
        var name = PropertyName.Read(JsonMarshal.GetRawUtf8PropertyName(property), property, buffer);
        var isSecret = _names.Contains(name) && !IsHarmless(property.Value);
        if (isSecret)
        {
            cuts?.Add(Cut.Of(property.Value, source, JsonSerializer.SerializeToUtf8Bytes(Mark), [$"{path}{name}"]));
            return true;
        }

        return property.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.String
            && Find(property.Value, cuts is null ? "" : $"{path}{name}.", cuts, source);
    }

    private bool FindInText(JsonElement element, string path, List<Cut>? cuts, ReadOnlySpan<byte> source)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        if (!raw.ContainsAny("{[\\"u8) && !HoldsFrame(raw))
        {
            return false;
        }

        if (WireValue.Text(element) is not { } text || !MayHold(text))
        {
            return false;
        }

        if (WireValue.EmbeddedJson(text) is { } embedded && Holds(embedded))
        {
            if (cuts is not null)
            {
                var (body, elided) = Elide(embedded);
                cuts.Add(Cut.Of(element, source, Quote(Encoding.UTF8.GetString(body)), [.. elided.Select(inner => path + inner)]));
            }

            return true;
        }

        var hidden = HideFrames(text);
        if (hidden == text)
        {
            return false;
        }

        cuts?.Add(Cut.Of(element, source, Quote(hidden), [path.TrimEnd('.')]));
        return true;
    }

    /// <summary>
    /// For text that no parser reads: blanks the run of letters and digits behind each name of a secret and each frame. It hides too much
    /// rather than too little.
    /// </summary>
    public ReadOnlyMemory<byte> Blank(ReadOnlyMemory<byte> text)
    {
        var hidden = Encoding.UTF8.GetString(text.Span);
        foreach (var name in _names.Set.Concat(_frames.Select(f => f.Item1)))
        {
            for (var at = hidden.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = hidden.IndexOf(name, at + name.Length, StringComparison.OrdinalIgnoreCase))
            {
                var start = at + name.Length;
                while (start < hidden.Length && !char.IsLetterOrDigit(hidden[start]))
                {
                    start++;
                }

                var end = start;
                while (end < hidden.Length && char.IsLetterOrDigit(hidden[end]))
                {
                    end++;
                }

                hidden = string.Concat(hidden.AsSpan(0, start), end > start ? Mark : "", hidden.AsSpan(end));
            }
        }

        return Encoding.UTF8.GetBytes(hidden);
    }

    private bool HoldsFrame(ReadOnlySpan<byte> raw)
    {
        foreach (var (_, frame) in _frames)
        {
            if (raw.IndexOf(frame) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Spares parsing the JSON in a string that names no secret. An escape in it may hide a name, so it counts as one.</summary>
    private bool MayHold(string text) => text.Contains('\\') || text.AsSpan().ContainsAny(_traces);

    /// <summary>Replaces the argument that follows each frame's beginning: <c>(P43,888888)</c> becomes <c>(P43,***)</c>.</summary>
    private string HideFrames(string text)
    {
        foreach (var (frame, _) in _frames)
        {
            for (var at = text.IndexOf(frame, StringComparison.Ordinal); at >= 0; at = text.IndexOf(frame, at + frame.Length, StringComparison.Ordinal))
            {
                var start = at + frame.Length;
                var end = text.AsSpan(start).IndexOfAny(',', ')') is >= 0 and var length ? start + length : text.Length;
                text = end == start ? text : $"{text.AsSpan(0, start)}{Mark}{text.AsSpan(end)}";
            }
        }

        return text;
    }

    private static bool IsHarmless(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => JsonMarshal.GetRawUtf8Value(value) is { Length: 2 } or [(byte)'"', (byte)'*', (byte)'*', (byte)'*', (byte)'"'],
        _ => false,
    };

    private static byte[] Quote(string text) => [(byte)'"', .. JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];

    private readonly record struct Cut(int Start, int Length, byte[] Replacement, string[] Paths)
    {
        public static Cut Of(JsonElement value, ReadOnlySpan<byte> source, byte[] replacement, string[] paths)
        {
            var raw = JsonMarshal.GetRawUtf8Value(value);
            source.Overlaps(raw, out var start);
            return new Cut(start, raw.Length, replacement, paths);
        }
    }
}
