using System.Globalization;
using System.Text.Json;

namespace Adapter.Mappings.Telemetry;

/// <summary>Values as sources really write them: numbers in strings, "null" as text, JSON inside a string.</summary>
internal static class WireValue
{
    /// <summary>Nesting allowed in a record, and in JSON inside one of its strings.</summary>
    public const int MaxDepth = 16;

    /// <summary>What the cloud writes for a sensor that is not there.</summary>
    private const double NotMeasured = -1000.0;

    /// <returns>The string or the number as written, without surrounding blanks; null for everything that says nothing.</returns>
    public static string? Text(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                try
                {
                    var text = value.GetString()!.Trim();
                    return text.Length == 0 || text.Equals("null", StringComparison.OrdinalIgnoreCase) ? null : text;
                }
                catch (InvalidOperationException)
                {
                    return null; // Half a surrogate pair or broken UTF-8: valid JSON, but no text.
                }

            case JsonValueKind.Number:
                return value.GetRawText();
            case JsonValueKind.True:
                return "true";
            case JsonValueKind.False:
                return "false";
            default:
                return null;
        }
    }

    public static double? Number(JsonElement value)
    {
        var number = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var parsed) => parsed,
            JsonValueKind.String when double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => double.NaN,
        };
        return double.IsFinite(number) && number != NotMeasured ? number : null;
    }

    /// <returns>The object or array that the text holds; null when it holds none.</returns>
    public static JsonElement? EmbeddedJson(string text)
    {
        if (text is not ['{' or '[', ..])
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
