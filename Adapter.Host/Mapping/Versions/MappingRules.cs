namespace Adapter.Host.Mapping.Versions;

/// <summary>What names of documents and targets may be.</summary>
internal static class MappingRules
{
    public static bool IsDocumentId(string text) => text.Length is > 0 and <= 64 && text.All(IsNameCharacter);

    public static bool IsTargetName(string text) => text.Length is > 0 and <= 64 && text.Split('/') is { Length: 1 or 2 } parts && parts.All(p => p.Length > 0 && p.All(IsNameCharacter));

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';
}
