using System.Globalization;

namespace Adapter.Mappings.Telemetry;

/// <summary>Times of locks and clouds. All are UTC, whether a Z says so or not.</summary>
internal static class WireTime
{
    /// <summary>The usual one first. A fraction and a zone may be there or not in each of them.</summary>
    private static readonly string[] Formats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd' 'HH:mmK"];

    /// <returns>The moment in UTC; null for an unreadable text and for the years of an unset clock, before 2001 and from 2100.</returns>
    public static DateTimeOffset? Parse(string? text)
    {
        if (text is null)
        {
            return null;
        }

        return DateTimeOffset.TryParseExact(WithoutExcessDigits(text), Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            && time.Year is > 2000 and < 2100
            ? time
            : null;
    }

    /// <summary>A fraction longer than the seven digits that .NET keeps is cut, not refused.</summary>
    private static ReadOnlySpan<char> WithoutExcessDigits(string text)
    {
        var point = text.IndexOf('.');
        if (point < 0)
        {
            return text;
        }

        var end = point + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - point - 1 <= 7 ? text : text.Remove(point + 8, end - point - 8);
    }
}
