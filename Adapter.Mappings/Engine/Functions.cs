using System.Collections.Frozen;
using System.Globalization;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

namespace Adapter.Mappings.Engine;

/// <summary>One argument a function takes. Empty <paramref name="Kinds"/> means any kind.</summary>
internal sealed record Parameter(string Name, params ShapeKind[] Kinds)
{
    /// <summary>Largest number it takes.</summary>
    public int Most { get; init; } = Functions.MaxText;
}

/// <param name="Repeats">The last parameter may come any number of times.</param>
/// <param name="NullIn">False where a null argument makes the result null without calling.</param>
internal sealed record Function(string Name, Shape Result, IReadOnlyList<Parameter> Parameters, Func<object?[], object?> Apply, bool Repeats = false, bool NullIn = false)
{
    /// <summary>What a result looks like, where all look alike: shows at once whether a schema's type can take it.</summary>
    public string? Sample { get; init; }

    public string Signature => $"{Name}({string.Join(", ", Parameters.Select(p => p.Name))}{(Repeats ? ", …" : "")})";
}

/// <summary>The functions whose result kind does not depend on their arguments. The others are in <see cref="ExpressionCompiler"/>.</summary>
/// <remarks>All are pure and bounded: a value that grows beyond <see cref="MaxText"/> characters is an error of its row, never cut.</remarks>
internal static class Functions
{
    public const int MaxText = 4000;

    /// <summary>Widest padding.</summary>
    public const int MaxWidth = 64;

    /// <summary>Most decimal places.</summary>
    public const int MaxDecimals = 15;

    private static readonly string[] FixedFormats = [.. Enumerable.Range(0, MaxDecimals + 1).Select(decimals => string.Create(CultureInfo.InvariantCulture, $"F{decimals}"))];

    private static readonly Parameter Text = new("text", ShapeKind.Text);
    private static readonly Parameter Number = new("number", ShapeKind.Number);
    private static readonly Parameter Decimals = new("decimals", ShapeKind.Number) { Most = MaxDecimals };
    private static readonly Parameter Time = new("time", ShapeKind.Instant);
    private static readonly Parameter Scalar = new("value", ShapeKind.Text, ShapeKind.Number, ShapeKind.Boolean);

    public static FrozenDictionary<string, Function> All { get; } = new Function[]
    {
        new("datetime304", Shape.Text, [Time], a => Instant(a[0], "yyyyMMddHHmmss'Z'")) { Sample = "20260302061530Z" },
        new("datetime203", Shape.Text, [Time], a => Instant(a[0], "yyyyMMddHHmm")) { Sample = "202603020615" },
        new("datetime204", Shape.Text, [Time], a => Instant(a[0], "yyyyMMddHHmmss")) { Sample = "20260302061530" },
        new("date102", Shape.Text, [Time], a => Instant(a[0], "yyyyMMdd")) { Sample = "20260302" },
        new("xsdatetime", Shape.Text, [Time], a => Instant(a[0], "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'")) { Sample = "2026-03-02T06:15:30Z" },
        new("utcdatetime", Shape.Text, [Time], a => Instant(a[0], "yyyy-MM-dd'T'HH:mm:ss")) { Sample = "2026-03-02T06:15:30" },
        new("xsdate", Shape.Text, [Time], a => Instant(a[0], "yyyy-MM-dd")) { Sample = "2026-03-02" },
        new("xstime", Shape.Text, [Time], a => Instant(a[0], "HH:mm:ss'Z'")) { Sample = "06:15:30Z" },
        new("instant", Shape.Instant, [Text], a => WireInstant.Read((string)a[0]!)),
        new("upper", Shape.Text, [Text], a => ((string)a[0]!).ToUpperInvariant()),
        new("lower", Shape.Text, [Text], a => ((string)a[0]!).ToLowerInvariant()),
        new("trim", Shape.Text, [Text], a => ((string)a[0]!).Trim()),
        new("truncate", Shape.Text, [Text, new("length", ShapeKind.Number)], a => Cut((string)a[0]!, 0, Whole(a[1]))),
        new("substring", Shape.Text, [Text, new("from", ShapeKind.Number), new("length", ShapeKind.Number)], a => Cut((string)a[0]!, Whole(a[1]) - 1, Whole(a[2]))),
        new("replace", Shape.Text, [Text, new("what", ShapeKind.Text), new("with", ShapeKind.Text)], a => Replace((string)a[0]!, (string)a[1]!, (string)a[2]!)),
        new("padleft", Shape.Text, [Scalar, new("length", ShapeKind.Number) { Most = MaxWidth }, new("with", ShapeKind.Text)], a => PadLeft(AsText(a[0])!, Whole(a[1]), (string)a[2]!)),
        new("concat", Shape.Text, [Scalar], Concat, Repeats: true, NullIn: true),
        new("text", Shape.Text, [Scalar], a => AsText(a[0])),
        new("fixed", Shape.Text, [Number, Decimals], a => Fixed((decimal)a[0]!, Whole(a[1]))),
        new("signed", Shape.Text, [Number, Decimals], a => Signed((decimal)a[0]!, Whole(a[1]))),
        new("length", Shape.Number, [Text], a => (decimal)((string)a[0]!).Length),
        new("startswith", Shape.Boolean, [Text, new("start", ShapeKind.Text)], a => ((string)a[0]!).StartsWith((string)a[1]!, StringComparison.Ordinal)),
        new("contains", Shape.Boolean, [Text, new("part", ShapeKind.Text)], a => ((string)a[0]!).Contains((string)a[1]!, StringComparison.Ordinal)),
        new("count", Shape.Number, [new("list", ShapeKind.List)], a => (decimal)(((IReadOnlyList<object>?)a[0])?.Count ?? 0), NullIn: true),
        new("exists", Shape.Boolean, [new("value")], a => Exists(a[0]), NullIn: true),
        new("position", Shape.Text, [new("place", ShapeKind.Record)], a => Position(a[0])),
    }.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>The one way a value becomes characters, whatever the culture of the machine.</summary>
    public static string? AsText(object? value) => value switch
    {
        null => null,
        string text => text,
        bool truth => truth ? "true" : "false",
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        DateTimeOffset time => Instant(time, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"),
        IReadOnlyList<object> list => string.Create(CultureInfo.InvariantCulture, $"{list.Count} items"),
        _ => value.ToString(),
    };

    private static bool Exists(object? value) => value switch
    {
        null => false,
        string text => !string.IsNullOrWhiteSpace(text),
        IReadOnlyList<object> list => list.Count > 0,
        _ => true,
    };

    private static string Instant(object? value, string format) =>
        ((DateTimeOffset)value!).UtcDateTime.ToString(format, CultureInfo.InvariantCulture);

    private static int Whole(object? value) => (int)Math.Clamp(decimal.Truncate((decimal)value!), -MaxText, MaxText);

    internal static string Cut(string text, int from, int length)
    {
        from = Math.Clamp(from, 0, text.Length);
        var end = Math.Clamp(from + length, from, text.Length);
        // Half a character would be no character at all.
        if (end > from && end < text.Length && char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        return text[from..end];
    }

    private static string Replace(string text, string what, string with)
    {
        var replaced = what.Length == 0 ? text : text.Replace(what, with, StringComparison.Ordinal);
        return Bounded(replaced);
    }

    private static string PadLeft(string text, int length, string with) =>
        with.Length == 0 ? text : text.PadLeft(Math.Clamp(length, 0, MaxWidth), with[0]);

    private static string? Concat(object?[] parts) =>
        parts.All(p => p is null) ? null : Bounded(string.Concat(parts.Select(AsText)));

    /// <exception cref="ValueTooLongException">Nested calls cannot grow a text without end.</exception>
    private static string Bounded(string text) => text.Length <= MaxText ? text : throw new ValueTooLongException(text.Length);

    private static string Fixed(decimal number, int decimals)
    {
        decimals = Math.Clamp(decimals, 0, MaxDecimals);
        var rounded = Math.Round(number, decimals, MidpointRounding.AwayFromZero);
        return (rounded == 0 ? 0m : rounded).ToString(FixedFormats[decimals], CultureInfo.InvariantCulture);
    }

    private static string Signed(decimal number, int decimals)
    {
        var text = Fixed(number, decimals);
        return text[0] == '-' ? text : '+' + text;
    }

    private static string? Position(object? place) => place switch
    {
        EventInfo e => Position(e.Position),
        Office office => Position(office.Position),
        GeoPoint point => string.Create(
            CultureInfo.InvariantCulture,
            $"{Math.Abs(point.Latitude):F5} {(point.Latitude < 0 ? 'S' : 'N')} {Math.Abs(point.Longitude):F5} {(point.Longitude < 0 ? 'W' : 'E')}"),
        _ => null,
    };
}
