namespace Adapter.Host.SoapServices;

/// <summary>A Content-Type as SOAP stacks really write it: the action stands in it with and without quotes.</summary>
internal sealed record SoapContentType(string MediaType, string? Charset, string? Action)
{
    private const int Longest = 2048;

    /// <returns>Null where there is none, or it has not the form of one.</returns>
    public static SoapContentType? Parse(string? header)
    {
        if (header is not { Length: > 0 and <= Longest } || Split(header) is not [var media, .. var parameters])
        {
            return null;
        }

        string? charset = null, action = null;
        foreach (var parameter in parameters)
        {
            var (name, value) = parameter.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (parameter[..at].Trim(), Unquote(parameter[(at + 1)..])) : (parameter, "");
            if (name.Equals("charset", StringComparison.OrdinalIgnoreCase))
            {
                charset = value;
            }
            else if (name.Equals("action", StringComparison.OrdinalIgnoreCase))
            {
                action = value;
            }
        }

        return new SoapContentType(media, charset, action);
    }

    public static string Unquote(string value) => value.Trim() is ['"', .. var inner, '"'] ? inner : value.Trim();

    private static List<string> Split(string header)
    {
        var parts = new List<string>();
        var (start, quoted) = (0, false);
        for (var i = 0; i < header.Length; i++)
        {
            quoted ^= header[i] == '"';
            if (header[i] == ';' && !quoted)
            {
                parts.Add(header[start..i].Trim());
                start = i + 1;
            }
        }

        parts.Add(header[start..].Trim());
        return parts;
    }
}
