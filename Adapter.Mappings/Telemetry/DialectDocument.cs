using System.Text.Json.Serialization;

namespace Adapter.Mappings.Telemetry;

/// <summary>How one kind of source writes, as dialects.json has it. What a dialect does not say is as at the top level of the tables.</summary>
internal sealed record DialectDocument
{
    /// <summary>Where this is known from.</summary>
    public string? Source { get; init; }

    public Dictionary<string, string[]> Fields { get; init; } = [];
    public Dictionary<string, string[]> Codes { get; init; } = [];
    public string[]? NoCode { get; init; }
    public string[]? Embedded { get; init; }
    public string[]? FilledInLater { get; init; }

    /// <summary>Names of what a carrier adds to the record and changes each time it sends it.</summary>
    public string[]? NotContent { get; init; }

    /// <summary>Rules for records that say themselves what they are; the first that fits counts.</summary>
    public MessageRule[]? Messages { get; init; }

    /// <summary>Codes besides the one of the route, most trusted first.</summary>
    public TellRule[]? Tells { get; init; }

    /// <summary>Route → the space of its codes, where the dialect leaves no choice.</summary>
    public Dictionary<string, string> CodeSpaces { get; init; } = [];

    public PolarityDocument? Polarity { get; init; }
    public SpeedUnit? Speed { get; init; }
    public DistanceUnit? Mileage { get; init; }
    public HeadingUnit? Heading { get; init; }
    public LockNumberRule? LockNumber { get; init; }

    /// <summary>Lays <paramref name="own"/> over this: a list takes the place of ours.</summary>
    public DialectDocument With(DialectDocument own) => new()
    {
        Source = own.Source ?? Source,
        Fields = TablesDocument.Over(Fields, own.Fields),
        Codes = TablesDocument.Over(Codes, own.Codes),
        NoCode = own.NoCode ?? NoCode,
        Embedded = own.Embedded ?? Embedded,
        FilledInLater = own.FilledInLater ?? FilledInLater,
        NotContent = own.NotContent ?? NotContent,
        Messages = own.Messages ?? Messages,
        Tells = own.Tells ?? Tells,
        CodeSpaces = TablesDocument.Over(CodeSpaces, own.CodeSpaces),
        Polarity = own.Polarity ?? Polarity,
        Speed = own.Speed ?? Speed,
        Mileage = own.Mileage ?? Mileage,
        Heading = own.Heading ?? Heading,
        LockNumber = own.LockNumber ?? LockNumber,
    };
}

/// <summary>Which of 0 and 1 means locked, rope in and cover closed. There is no default: a wrong one turns every seal round.</summary>
internal sealed record PolarityDocument
{
    public required int Locked { get; init; }
    public required int RopeInserted { get; init; }
    public required int CoverClosed { get; init; }
}

/// <summary>What a record is that says so itself.</summary>
/// <param name="When">Field → the values that it has, letter case aside; <c>*</c> is any. All must fit.</param>
/// <param name="Route">What it is reported as; the intake route where left out.</param>
/// <param name="CodeSpace">The space of its code; that of the route where left out.</param>
/// <param name="CodeFrom">The field that holds its code, where that is not the route's.</param>
/// <param name="Ignores">Fields that such a record is known to fill wrongly.</param>
internal sealed record MessageRule(
    [property: JsonRequired] Dictionary<string, string[]> When, string? Route = null, string? CodeSpace = null, string? CodeFrom = null, string[]? Ignores = null);

/// <summary>Where a record holds codes besides the one of its route.</summary>
/// <param name="Names">Properties, or paths to them.</param>
/// <param name="Space">The space of the codes.</param>
/// <param name="As">Codes in a list, the bits of a number, or the names of flags that are raised.</param>
/// <param name="Level">True for what stays raised while it lasts; left out: true on positions.</param>
/// <param name="OnlyFrom">Protocols whose records write it so; any where left out. A record that names no protocol counts.</param>
/// <param name="OnlyIfAlone">Codes that say no more than the ones told before.</param>
/// <param name="OfPosition">It belongs to the position attached, not to the event.</param>
internal sealed record TellRule(
    [property: JsonRequired] string[] Names, [property: JsonRequired] string Space, TellForm As = TellForm.List, bool? Level = null, string[]? OnlyFrom = null, string[]? OnlyIfAlone = null, bool OfPosition = false);

/// <param name="Digits">Shorter numbers get zeros in front.</param>
/// <param name="OnlyFrom">Protocols that lose leading zeros. A record that names no protocol counts.</param>
internal sealed record LockNumberRule([property: JsonRequired] int Digits, string[]? OnlyFrom = null);

[JsonConverter(typeof(JsonStringEnumConverter<TellForm>))]
internal enum TellForm
{
    [JsonStringEnumMemberName("list")] List,
    [JsonStringEnumMemberName("bits")] Bits,
    [JsonStringEnumMemberName("flags")] Flags,
}

[JsonConverter(typeof(JsonStringEnumConverter<SpeedUnit>))]
internal enum SpeedUnit
{
    [JsonStringEnumMemberName("km/h")] KilometresPerHour,
    [JsonStringEnumMemberName("knots")] Knots,
}

[JsonConverter(typeof(JsonStringEnumConverter<DistanceUnit>))]
internal enum DistanceUnit
{
    [JsonStringEnumMemberName("km")] Kilometres,
    [JsonStringEnumMemberName("m")] Metres,
}

[JsonConverter(typeof(JsonStringEnumConverter<HeadingUnit>))]
internal enum HeadingUnit
{
    [JsonStringEnumMemberName("degrees")] Degrees,
    /// <summary>1 to 8; which is north is not documented, so none is read.</summary>
    [JsonStringEnumMemberName("octants")] Octants,
}
