using System.Collections.Frozen;
using Adapter.Contracts.Telemetry;

namespace Adapter.Mappings.Telemetry;

/// <summary>How one kind of source writes: names, kinds of message, further codes, polarity and units. Immutable.</summary>
internal sealed class Dialect
{
    private const double KmhPerKnot = 1.852;

    private readonly FieldNames[] _names;
    private readonly string?[] _codeSpaces;
    private readonly SpeedUnit _speed;
    private readonly DistanceUnit _mileage;
    private readonly HeadingUnit _heading;
    private readonly LockNumberRule? _lockNumber;
    private readonly Message[] _messages;

    /// <summary>Without one of these no message rule fits; most records have none.</summary>
    private readonly WireField[] _telling;

    /// <exception cref="FormatException">The dialect says something that the reader does not understand; the message names it.</exception>
    public Dialect(string name, DialectDocument document, IReadOnlyCollection<string> spaces)
    {
        string[] routes = [.. Enum.GetNames<ReportRoute>().Select(TelemetryTables.CamelCase)];
        var section = $"dialects.{name}";
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '-'))
        {
            throw new FormatException($"'{name}' is no name for a dialect of the telemetry tables: use letters, digits and '-'.");
        }

        TelemetryTables.RejectUnknown("codes", document.Codes.Keys, routes);
        TelemetryTables.RejectUnknown($"{section}.codeSpaces", document.CodeSpaces.Keys, routes);
        TelemetryTables.RejectUnknown($"{section}.codeSpaces", document.CodeSpaces.Values, spaces);
        _names = [.. Enum.GetValues<ReportRoute>().Select(route => FieldNames.For(route, document))];
        _codeSpaces = [.. routes.Select(route => document.CodeSpaces.GetValueOrDefault(route))];
        NoCode = (document.NoCode ?? []).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _messages = [.. (document.Messages ?? []).Select(rule => Message.Of(rule, $"{section}.messages", routes, spaces))];
        _telling = [.. _messages.Select(message => message.Telling).Distinct()];
        Tells = document.Tells ?? [];
        TelemetryTables.RejectUnknown($"{section}.tells", Tells.Select(tell => tell.Space), spaces);
        Polarity = document.Polarity is { } polarity
            ? new LockPolarity(Bit(polarity.Locked, section), Bit(polarity.RopeInserted, section), Bit(polarity.CoverClosed, section))
            : throw new FormatException($"The telemetry tables give '{section}' no 'polarity': say which of 0 and 1 means locked, ropeInserted and coverClosed.");
        _speed = document.Speed ?? SpeedUnit.KilometresPerHour;
        _mileage = document.Mileage ?? DistanceUnit.Kilometres;
        _heading = document.Heading ?? HeadingUnit.Degrees;
        _lockNumber = document.LockNumber is null or { Digits: >= 1 and <= 64 }
            ? document.LockNumber
            : throw new FormatException($"The telemetry tables pad the lock numbers of '{section}' to {document.LockNumber.Digits} digits; 1 to 64 are possible.");
    }

    public FrozenSet<string> NoCode { get; }

    public TellRule[] Tells { get; }

    public LockPolarity Polarity { get; }

    public FieldNames NamesFor(ReportRoute route) => _names[(int)route];

    /// <summary>The space that this dialect's codes of a route belong to, whatever is configured; null where that decides.</summary>
    public string? CodeSpaceOf(ReportRoute route) => _codeSpaces[(int)route];

    /// <summary>What the record says itself that it is, or null.</summary>
    public Message? MessageIn(WireRecord record)
    {
        foreach (var field in _telling)
        {
            if (record.Has(field))
            {
                return Array.Find(_messages, message => message.Fits(record));
            }
        }

        return null;
    }

    public double? Kmh(double? speed) => _speed == SpeedUnit.Knots ? speed * KmhPerKnot : speed;

    public double? Km(double? distance) => _mileage == DistanceUnit.Metres ? distance / 1000 : distance;

    public double? Degrees(double? heading) => _heading == HeadingUnit.Octants ? null : heading;

    /// <summary>The number of the lock, with the zeros that its protocol has lost.</summary>
    public string LockNumber(string written, WireRecord record)
    {
        var number = JointReading.Visible(written);
        return _lockNumber is { } rule && number.Length < rule.Digits && IsFrom(rule.OnlyFrom, record) && number.All(char.IsAsciiDigit)
            ? number.PadLeft(rule.Digits, '0')
            : number;
    }

    /// <summary>Whether the record came over one of these protocols, or does not say.</summary>
    public static bool IsFrom(string[]? protocols, WireRecord record) =>
        protocols is null || record.Text(WireField.Protocol) is not { } protocol || protocols.Contains(protocol, StringComparer.OrdinalIgnoreCase);

    private static int Bit(int value, string section) => value is 0 or 1
        ? value
        : throw new FormatException($"The telemetry tables write {value} in '{section}.polarity'; a state is 0 or 1.");
}

/// <summary>A rule for records that say themselves what they are.</summary>
internal sealed class Message
{
    private readonly (WireField Field, FrozenSet<string>? Values)[] _conditions;

    private Message((WireField, FrozenSet<string>?)[] conditions) => _conditions = conditions;

    /// <summary>A field that a record must have for this to fit.</summary>
    public WireField Telling => _conditions[0].Field;

    public ReportRoute? Route { get; private init; }

    public string? CodeSpace { get; private init; }

    public WireField CodeFrom { get; private init; } = WireField.Code;

    public IReadOnlyList<WireField> Ignores { get; private init; } = [];

    public static Message Of(MessageRule rule, string section, string[] routes, IReadOnlyCollection<string> spaces)
    {
        if (rule.When.Count == 0)
        {
            throw new FormatException($"A rule of '{section}' of the telemetry tables has an empty 'when'; it would fit every record.");
        }

        TelemetryTables.RejectUnknown(section, rule.Route is null ? [] : [rule.Route], routes);
        TelemetryTables.RejectUnknown(section, rule.CodeSpace is null ? [] : [rule.CodeSpace], spaces);
        return new Message([.. rule.When.Select(c => (FieldNames.FieldOf($"{section}.when", c.Key), c.Value is ["*"] ? null : c.Value.ToFrozenSet(StringComparer.OrdinalIgnoreCase)))])
        {
            Route = rule.Route is null ? null : Enum.Parse<ReportRoute>(rule.Route, ignoreCase: true),
            CodeSpace = rule.CodeSpace,
            CodeFrom = rule.CodeFrom is null ? WireField.Code : FieldNames.FieldOf($"{section}.codeFrom", rule.CodeFrom),
            Ignores = [.. (rule.Ignores ?? []).Select(field => FieldNames.FieldOf($"{section}.ignores", field))],
        };
    }

    public bool Fits(WireRecord record)
    {
        foreach (var (field, values) in _conditions)
        {
            if (!record.Has(field) || record.Text(field) is not { } value || values?.Contains(value) == false)
            {
                return false;
            }
        }

        return true;
    }
}
