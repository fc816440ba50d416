using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Mappings.Telemetry;

namespace Adapter.Host.Journal;

/// <summary>How routes are named in addresses and in the journal.</summary>
internal static class ReportRoutes
{
    public static string Name(ReportRoute route) => JsonNamingPolicy.CamelCase.ConvertName(route.ToString());

    /// <summary>
    /// The journal's route text: the route, the dialect where it is not Joint Cloud's, and the code space, as in <c>event@jt-sdk/web-event</c>.
    /// All that the record was read with, so that a later change of settings rereads nothing.
    /// </summary>
    public static string Stored(TelemetryRoute route)
    {
        var dialect = route.Dialect == TelemetryTables.DefaultDialect ? "" : "@" + route.Dialect;
        return route.CodeSpace is null ? Name(route.Route) + dialect : $"{Name(route.Route)}{dialect}/{route.CodeSpace}";
    }

    /// <exception cref="FormatException">The text was not made by <see cref="Stored"/>.</exception>
    public static TelemetryRoute Parse(string source, string stored)
    {
        var parts = stored.Split('/', 2);
        var told = parts[0].Split('@', 2);
        return Enum.TryParse<ReportRoute>(told[0], ignoreCase: true, out var route)
            ? new TelemetryRoute(source, route, parts.ElementAtOrDefault(1), told.ElementAtOrDefault(1) ?? TelemetryTables.DefaultDialect)
            : throw new FormatException($"'{stored}' is not an intake route.");
    }
}
