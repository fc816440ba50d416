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
    public static FieldNames For(ReportRoute route, TablesDocument document)
    {
        var meanings = new Dictionary<string, NameMeaning>(StringComparer.OrdinalIgnoreCase);
        foreach (var (field, names) in document.Fields)
        {
            Add(meanings, FieldOf("fields", field), names, field);
        }

        // A code's names come last and win: what is a verification elsewhere ("Status") is the code itself on the status route.
        var codes = document.Codes.GetValueOrDefault(TelemetryTables.CamelCase(route.ToString()), []);
        foreach (var name in codes)
        {
            meanings.Remove(name);
        }

        Add(meanings, WireField.Code, codes, "codes");
        foreach (var name in document.Embedded ?? [])
        {
            meanings[name] = meanings.GetValueOrDefault(name) with { IsEmbedded = true };
        }

        foreach (var name in document.FilledInLater ?? [])
        {
            meanings[name] = meanings.GetValueOrDefault(name) with { IsFilledInLater = true };
        }

        return new FieldNames(meanings);
    }

    public static WireField FieldOf(string section, string name)
    {
        string[] known = [.. Enum.GetValues<WireField>().Where(f => f != WireField.Code).Select(f => TelemetryTables.CamelCase(f.ToString()))];
        TelemetryTables.RejectUnknown(section, [name], known);
        return Enum.Parse<WireField>(name, ignoreCase: true);
    }

    public NameMeaning MeaningOf(Member member)
    {
        Span<char> buffer = stackalloc char[PropertyName.Longest];
        return _meanings.TryGetValue(PropertyName.Read(member.RawName, member.Property, buffer), out var meaning) ? meaning : default;
    }

    private static void Add(Dictionary<string, NameMeaning> meanings, WireField field, string[] names, string fieldName)
    {
        for (var rank = 0; rank < names.Length; rank++)
        {
            if (!meanings.TryAdd(names[rank], new NameMeaning(field, rank, IsEmbedded: false, IsFilledInLater: false)))
            {
                throw new FormatException($"The telemetry tables list '{names[rank]}' twice: under '{fieldName}' and '{meanings[names[rank]].Field}'. Letter case does not tell names apart; keep one.");
            }
        }
    }
}

/// <param name="Rank">Place in the list of names; the lowest that holds a value is used.</param>
/// <param name="IsEmbedded">The value holds further fields, as an object or as JSON in a string.</param>
/// <param name="IsFilledInLater">The source adds or changes the value after the first report of the row.</param>
internal readonly record struct NameMeaning(WireField? Field, int Rank, bool IsEmbedded, bool IsFilledInLater);

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
