using System.Globalization;
using System.Xml.Linq;

namespace Adapter.Host.Rehearsal.Twins;

/// <summary>Reads single values out of a body.</summary>
internal static class BodyText
{
    /// <returns>The trimmed text at the end of the path, or null when there is none.</returns>
    public static string? Of(XElement from, params ReadOnlySpan<XName> path)
    {
        var at = from;
        foreach (var step in path)
        {
            if (at.Element(step) is not { } next)
            {
                return null;
            }

            at = next;
        }

        return at.Value.Trim() is { Length: > 0 } text ? text : null;
    }

    public static long? Number(string? text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
