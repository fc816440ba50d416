using System.Text.Json;
using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journal;

/// <summary>How routes are named in addresses and in the journal.</summary>
internal static class ReportRoutes
{
    public static string Name(ReportRoute route) => JsonNamingPolicy.CamelCase.ConvertName(route.ToString());

    /// <summary>The journal's route text: the route and the code space its numbers were read in, so that a later change of settings rereads nothing.</summary>
    public static string Stored(ReportRoute route, string? codeSpace) => codeSpace is null ? Name(route) : $"{Name(route)}/{codeSpace}";

    /// <exception cref="FormatException">The text was not made by <see cref="Stored"/>.</exception>
    public static (ReportRoute Route, string? CodeSpace) Parse(string stored)
    {
        var parts = stored.Split('/', 2);
        return Enum.TryParse<ReportRoute>(parts[0], ignoreCase: true, out var route)
            ? (route, parts.ElementAtOrDefault(1))
            : throw new FormatException($"'{stored}' is not an intake route.");
    }
}
