using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Adapter.Contracts.Telemetry;

namespace Adapter.Mappings.Telemetry;

/// <summary>The alias table of one route: what a property name stands for.</summary>
internal sealed class FieldNames
{
    private readonly FrozenDictionary<string, NameMeaning>.AlternateLookup<ReadOnlySpan<char>> _meanings;

    private FieldNames(Dictionary<string, NameMeaning> meanings) =>
        _meanings = meanings.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <exception cref="FormatException">A field is not known, or one name is listed for two fields.</exception>
    public static FieldNames For(ReportRoute route, DialectDocument dialect)
    {
        var meanings = new Dictionary<string, NameMeaning>(StringComparer.OrdinalIgnoreCase);
        foreach (var (field, names) in dialect.Fields)
        {
            Add(meanings, FieldOf("fields", field), names, field);
        }

        // A code's names come last and win: what is a verification elsewhere ("Status") is the code itself on the status route.
        var codes = dialect.Codes.GetValueOrDefault(TelemetryTables.CamelCase(route.ToString()), []);
        foreach (var name in codes)
        {
            meanings.Remove(name);
        }

        Add(meanings, WireField.Code, codes, "codes");
        Mark(meanings, dialect.Embedded, meaning => meaning with { IsEmbedded = true });
        Mark(meanings, dialect.FilledInLater, meaning => meaning with { IsFilledInLater = true });
        Mark(meanings, dialect.NotContent, meaning => meaning with { IsContent = false });
        var tells = dialect.Tells ?? [];
        for (var tell = 0; tell < tells.Length; tell++)
        {
            var told = tell;
            Mark(meanings, tells[tell].Names, meaning => meaning with { Tell = told });
        }

        return Tree([.. meanings.Select(m => (m.Key, m.Value))]);
    }

    public static WireField FieldOf(string section, string name)
    {
        string[] known = [.. Enum.GetValues<WireField>().Where(f => f != WireField.Code).Select(f => TelemetryTables.CamelCase(f.ToString()))];
        TelemetryTables.RejectUnknown(section, [name], known);
        return Enum.Parse<WireField>(name, ignoreCase: true);
    }

    /// <summary>The object's properties in ordinal order, each with what its name stands for.</summary>
    public Member[] Sorted(JsonElement value)
    {
        var members = CanonicalJson.Sort(value);
        foreach (ref var member in members.AsSpan())
        {
            member = member with { Meaning = MeaningOf(member) };
        }

        return members;
    }

    private NameMeaning? MeaningOf(Member member)
    {
        Span<char> buffer = stackalloc char[PropertyName.Longest];
        return _meanings.TryGetValue(PropertyName.Read(member.RawName, member.Property, buffer), out var meaning) ? meaning : null;
    }

    /// <summary>A name with points is a path: <c>position.fixTime</c> is the property <c>fixTime</c> of the object <c>position</c>.</summary>
    private static FieldNames Tree(IReadOnlyCollection<(string Path, NameMeaning Meaning)> named)
    {
        var names = new Dictionary<string, NameMeaning>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in named.GroupBy(n => n.Path.Split('.', 2)[0], StringComparer.OrdinalIgnoreCase))
        {
            var own = group.FirstOrDefault(n => n.Path.Length == group.Key.Length).Meaning ?? new NameMeaning();
            (string, NameMeaning)[] inner = [.. group.Where(n => n.Path.Length > group.Key.Length).Select(n => (n.Path[(group.Key.Length + 1)..], n.Meaning))];
            names[group.Key] = inner.Length == 0 ? own : own with { Inner = Tree(inner) };
        }

        return new FieldNames(names);
    }

    private static void Mark(Dictionary<string, NameMeaning> meanings, string[]? names, Func<NameMeaning, NameMeaning> mark)
    {
        foreach (var name in names ?? [])
        {
            meanings[name] = mark(meanings.GetValueOrDefault(name) ?? new NameMeaning());
        }
    }

    private static void Add(Dictionary<string, NameMeaning> meanings, WireField field, string[] names, string fieldName)
    {
        for (var rank = 0; rank < names.Length; rank++)
        {
            if (!meanings.TryAdd(names[rank], new NameMeaning { Field = field, Rank = rank }))
            {
                throw new FormatException($"The telemetry tables list '{names[rank]}' twice: under '{fieldName}' and '{meanings[names[rank]].Field}'. Letter case does not tell names apart; keep one.");
            }
        }
    }
}

/// <summary>What a property name stands for.</summary>
internal sealed record NameMeaning
{
    public WireField? Field { get; init; }

    /// <summary>Place in the list of names; the lowest that holds a value is used.</summary>
    public int Rank { get; init; }

    /// <summary>The value holds further fields under the same names, as an object or as JSON in a string.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>The value holds further fields under names of its own, as an object or as JSON in a string.</summary>
    public FieldNames? Inner { get; init; }

    /// <summary>The source adds or changes the value after the first report of the row.</summary>
    public bool IsFilledInLater { get; init; }

    /// <summary>Part of what the lock reported, not of how its carrier keeps it.</summary>
    public bool IsContent { get; init; } = true;

    /// <summary>Which of the dialect's further codes it holds, by place in their list.</summary>
    public int? Tell { get; init; }
}

/// <summary>Property names for comparison, without allocating for the usual ones.</summary>
internal static class PropertyName
{
    /// <summary>Longer names are in no table.</summary>
    public const int Longest = 64;

    /// <returns>The name without escapes; empty when it is too long for any table or no text.</returns>
    public static ReadOnlySpan<char> Read(ReadOnlySpan<byte> rawName, JsonProperty property, Span<char> buffer)
    {
        if (rawName.Contains((byte)'\\'))
        {
            return Unescaped(property);
        }

        return rawName.Length <= buffer.Length ? buffer[..Encoding.UTF8.GetChars(rawName, buffer)] : default;
    }

    private static string Unescaped(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return ""; // Half a surrogate pair: valid JSON, but no text.
        }
    }
}
