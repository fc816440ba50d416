using System.Text.Json;
using Adapter.Contracts.Telemetry;

namespace Adapter.Mappings.Telemetry;

/// <summary>Turns the codes of a record into neutral events. Nothing is dropped: what no table knows is UNKNOWN with its code.</summary>
internal static class EventCodes
{
    /// <summary>Stands for the code where a record that should tell of something has none.</summary>
    public const string NoCode = "none";

    /// <summary>Longer codes are shortened; the stored body has them whole.</summary>
    private const int LongestCode = 64;

    /// <summary>What nobody knows must not crowd out what somebody does; the stored body has all of it.</summary>
    private const int MostUnknown = 32;

    public static IReadOnlyList<ReportedEvent> Of(WireRecord record, TelemetryRoute route, TelemetryTables tables)
    {
        var value = record[WireField.Code];
        if (value.ValueKind == JsonValueKind.Undefined && route.Route == ReportRoute.Location)
        {
            return [];
        }

        var events = new List<ReportedEvent>(1);
        HashSet<string>? seen = null;
        var unknown = 0;
        foreach (var code in Codes(value))
        {
            if (tables.NoCode.Contains(code) || !(seen ??= new HashSet<string>(StringComparer.Ordinal)).Add(code))
            {
                continue;
            }

            if (tables.Find(route.CodeSpace, code) is { Says: not StateSign.IsEvent })
            {
                continue;
            }

            var told = Event(code, record, route, tables);
            if (told.Kind != LockEventKind.Unknown || ++unknown <= MostUnknown)
            {
                events.Add(told);
            }
        }

        // A position may tell of nothing; an alarm, an event, a status or a command that seems to is one we do not understand.
        if (events.Count == 0 && route.Route != ReportRoute.Location)
        {
            events.Add(new ReportedEvent(LockEventKind.Unknown, new SourceCode(SpaceOf(route), NoCode), Level: false));
        }

        return events;
    }

    private static ReportedEvent Event(string code, WireRecord record, TelemetryRoute route, TelemetryTables tables)
    {
        var rule = tables.Find(route.CodeSpace, code);
        var kind = rule is null ? LockEventKind.Unknown : IsRefused(rule, record, tables) ? LockEventKind.UnsealRefused : rule.Kind;
        return new ReportedEvent(kind, new SourceCode(SpaceOf(route), code), Level: route.Route == ReportRoute.Location);
    }

    private static bool IsRefused(CodeRule rule, WireRecord record, TelemetryTables tables)
    {
        foreach (var field in rule.RefusedBy)
        {
            if (record.Text(field) is { } value && tables.Refusals.TryGetValue(field, out var refusing) && refusing.Contains(value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A code without a configured space keeps the place it came from, so that numbers of two routes never look alike.</summary>
    private static string SpaceOf(TelemetryRoute route) => route.CodeSpace ?? $"{route.Source}-{TelemetryTables.CamelCase(route.Route.ToString())}";

    /// <summary>One code, several in an array, or several in a text with commas; each once.</summary>
    private static IEnumerable<string> Codes(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray().SelectMany(Codes).Distinct(StringComparer.Ordinal);
        }

        if (WireValue.Text(value) is not { } text)
        {
            return [];
        }

        return text.Contains(',')
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Shortened).Distinct(StringComparer.Ordinal)
            : [Shortened(text)];
    }

    private static string Shortened(string code) => code.Length <= LongestCode ? code : code[..LongestCode];
}
