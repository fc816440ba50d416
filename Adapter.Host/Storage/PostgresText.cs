namespace Adapter.Host.Storage;

/// <summary>Text as PostgreSQL takes it: it has no place for U+0000 nor for half a surrogate pair, which JSON can hold.</summary>
internal static class PostgresText
{
    /// <returns>The same text, each such character replaced by U+FFFD.</returns>
    public static string Storable(string text)
    {
        var at = 0;
        while (at < text.Length && text[at] != '\0' && !char.IsSurrogate(text[at]))
        {
            at++;
        }

        return at == text.Length ? text : string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0 ? "\uFFFD" : rune.ToString()));
    }
}
