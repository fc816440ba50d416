using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Adapter.Contracts.Telemetry;

namespace Adapter.Mappings.Telemetry;

/// <summary>Turns the codes of a record into neutral events. Nothing is dropped: what no table knows is UNKNOWN with its code.</summary>
/// <remarks>What a record tells of twice in different words, as an alarm word and as a bit, is one event with the code that is trusted more.</remarks>
internal sealed class EventCodes(WireRecord record, TelemetryRoute route, Dialect dialect, TelemetryTables tables)
{
    /// <summary>Stands for the code where a record that should tell of something has none.</summary>
    public const string NoCode = "none";

    /// <summary>Longer codes are shortened; the stored body has them whole.</summary>
    private const int LongestCode = 64;

    /// <summary>What nobody knows must not crowd out what somebody does; the stored body has all of it.</summary>
    private const int MostUnknown = 32;

    /// <summary>Printable ASCII but for the blank; nearly every code consists of these.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (char)c)]);

    private readonly List<ReportedEvent> _events = new(1);
    private int _unknown;

    /// <param name="codeFrom">The field that holds the route's own code.</param>
    /// <param name="ofPosition">Whether what an attached position tells belongs to this moment.</param>
    public static IReadOnlyList<ReportedEvent> Of(
        WireRecord record, TelemetryRoute route, WireField codeFrom, bool ofPosition, Dialect dialect, TelemetryTables tables)
    {
        if (route.Route == ReportRoute.Location && dialect.Tells.Length == 0 && !record.Has(codeFrom))
        {
            return [];
        }

        var codes = new EventCodes(record, route, dialect, tables);
        codes.TakeOwn(record[codeFrom]);
        for (var i = 0; i < dialect.Tells.Length; i++)
        {
            if (ofPosition || !dialect.Tells[i].OfPosition)
            {
                codes.Take(i, dialect.Tells[i]);
            }
        }

        // A position may tell of nothing; an alarm, an event, a status or a command that seems to is one we do not understand.
        if (codes._events.Count == 0 && route.Route != ReportRoute.Location)
        {
            codes._events.Add(new ReportedEvent(LockEventKind.Unknown, new SourceCode(SpaceOf(route), NoCode), Level: false));
        }

        return codes._events;
    }

    private void TakeOwn(JsonElement value)
    {
        HashSet<string>? seen = null;
        foreach (var code in Listed(value))
        {
            if ((seen ??= new HashSet<string>(StringComparer.Ordinal)).Add(code))
            {
                Tell(code, route.CodeSpace, SpaceOf(route), route.Route == ReportRoute.Location);
            }
        }
    }

    private void Take(int tell, TellRule rule)
    {
        foreach (var (name, value) in record.Told(tell))
        {
            var codes = rule.As switch
            {
                TellForm.Flags => IsRaised(value) ? [name] : [],
                TellForm.Bits when !Dialect.IsFrom(rule.OnlyFrom, record) => [],
                TellForm.Bits => StatusWord.Of(value) is { } word ? word.RaisedBits() : Listed(value),
                _ => Dialect.IsFrom(rule.OnlyFrom, record) ? Listed(value) : [],
            };
            foreach (var code in codes)
            {
                var kind = tables.Find(rule.Space, code)?.Kind ?? LockEventKind.Unknown;
                var isTold = kind == LockEventKind.Unknown
                    ? _events.Any(e => e.Code.Space == rule.Space && e.Code.Code == code)
                    : _events.Any(e => e.Kind == kind);
                if (!isTold && (_events.Count == 0 || rule.OnlyIfAlone?.Contains(code, StringComparer.OrdinalIgnoreCase) != true))
                {
                    Tell(code, rule.Space, rule.Space, rule.Level ?? route.Route == ReportRoute.Location);
                }
            }
        }
    }

    private void Tell(string code, string? tableSpace, string space, bool level)
    {
        var rule = tables.Find(tableSpace, code);
        if (dialect.NoCode.Contains(code) || rule is { Says: not StateSign.IsEvent })
        {
            return;
        }

        var kind = rule is null ? LockEventKind.Unknown : IsRefused(rule) ? LockEventKind.UnsealRefused : rule.Kind;
        if (kind != LockEventKind.Unknown || ++_unknown <= MostUnknown)
        {
            _events.Add(new ReportedEvent(kind, new SourceCode(space, code), level));
        }
    }

    private bool IsRefused(CodeRule rule)
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
    private static IEnumerable<string> Listed(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray().SelectMany(Listed).Distinct(StringComparer.Ordinal);
        }

        if (WireValue.Text(value) is not { } text)
        {
            return [];
        }

        return text.Contains(',')
            ? text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Written).Distinct(StringComparer.Ordinal)
            : [Written(text)];
    }

    private static bool IsRaised(JsonElement value) => WireValue.Text(value) switch
    {
        null or "false" => false,
        _ => WireValue.Number(value) is not (0 or -1),
    };

    /// <summary>A code goes into messages, logs and pages: it is short, and holds no mark that turns or hides what stands beside it.</summary>
    private static string Written(string code)
    {
        if (code.Length > LongestCode)
        {
            code = code[..(char.IsHighSurrogate(code[LongestCode - 1]) ? LongestCode - 1 : LongestCode)];
        }

        return code.AsSpan().ContainsAnyExcept(Plain) ? string.Concat(code.Select(c => IsInvisible(c) ? '\uFFFD' : c)) : code;
    }

    private static bool IsInvisible(char c) => char.GetUnicodeCategory(c) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
