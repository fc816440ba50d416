namespace Adapter.Host.Admin;

/// <summary>What a principal's name and roles must be; the command line and the API call the same rules.</summary>
internal static class PrincipalRules
{
    public static Dictionary<string, string[]> Check(string? name, IReadOnlyList<string>? roles)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (name is not { Length: >= 1 and <= 64 } || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '@'))
        {
            errors["name"] = ["A name has 1 to 64 letters, digits, and - . _ @."];
        }

        // A key that lies in a cloud's settings must not open the admin API, nor an operator's the intake.
        if (roles is not { Count: > 0 } || (roles is not ([Roles.Source] or [Roles.Caller]) && roles.Except(Roles.All, StringComparer.Ordinal).Any()))
        {
            errors["roles"] = [$"Give one or more of {string.Join(", ", Roles.All)}, or {Roles.Source} or {Roles.Caller} alone."];
        }

        return errors;
    }
}
