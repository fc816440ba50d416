using System.Text.Json;
using System.Text.Json.Serialization;
using Adapter.Contracts.Telemetry;

namespace Adapter.Mappings.Telemetry;

/// <summary>The shape of fields.json, codes.json, dialects.json and a deployment's own file. Any section may be absent; an unknown one is an error.</summary>
internal sealed record TablesDocument
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>A remark for people.</summary>
    [JsonPropertyName("//")] public string? Remark { get; init; }

    public Dictionary<string, string[]> Fields { get; init; } = [];
    public Dictionary<string, string[]> Codes { get; init; } = [];
    public string[]? NoCode { get; init; }
    public string[]? Embedded { get; init; }
    public string[]? FilledInLater { get; init; }
    public string[] SecretFields { get; init; } = [];
    public string[] SecretFrames { get; init; } = [];
    public Dictionary<string, string[]> Refusals { get; init; } = [];
    public Dictionary<string, CodeSpace> CodeSpaces { get; init; } = [];
    public MessageRule[]? Messages { get; init; }
    public Dictionary<string, DialectDocument> Dialects { get; init; } = [];

    /// <summary>What counts for every dialect that does not say otherwise.</summary>
    public DialectDocument Common => new()
    {
        Fields = Fields,
        Codes = Codes,
        NoCode = NoCode,
        Embedded = Embedded,
        FilledInLater = FilledInLater,
        Messages = Messages,
    };

    /// <exception cref="FormatException">The text is not JSON, or holds a section, property or kind that is not known.</exception>
    public static TablesDocument Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<TablesDocument>(json, Options)
                ?? throw new FormatException("The telemetry tables are 'null'. Give a JSON object, {} for the built-in tables alone.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The telemetry tables cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Lays <paramref name="own"/> over this document: a list or code takes the place of ours, secrets are only ever added.</summary>
    public TablesDocument With(TablesDocument own) => new()
    {
        Fields = Over(Fields, own.Fields),
        Codes = Over(Codes, own.Codes),
        NoCode = own.NoCode ?? NoCode,
        Embedded = own.Embedded ?? Embedded,
        FilledInLater = own.FilledInLater ?? FilledInLater,
        SecretFields = [.. SecretFields, .. own.SecretFields],
        SecretFrames = [.. SecretFrames, .. own.SecretFrames],
        Refusals = Over(Refusals, own.Refusals),
        CodeSpaces = Over(CodeSpaces, own.CodeSpaces, (ours, theirs) => new CodeSpace(theirs.Source ?? ours.Source, Over(ours.Codes ?? [], theirs.Codes ?? []))),
        Messages = own.Messages ?? Messages,
        Dialects = Over(Dialects, own.Dialects, (ours, theirs) => ours.With(theirs)),
    };

    internal static Dictionary<string, T> Over<T>(Dictionary<string, T> ours, Dictionary<string, T> own, Func<T, T, T>? join = null)
    {
        var merged = new Dictionary<string, T>(ours, StringComparer.Ordinal);
        foreach (var (key, value) in own)
        {
            merged[key] = join is not null && merged.TryGetValue(key, out var existing) ? join(existing, value) : value;
        }

        return merged;
    }
}

/// <summary>One space of codes. A number means nothing without its space.</summary>
internal sealed record CodeSpace(string? Source, Dictionary<string, CodeMeaning> Codes);

/// <param name="Means">The source's own words.</param>
/// <param name="Kind">Neutral kind; UNKNOWN when left out.</param>
/// <param name="RefusedBy">Fields whose value can turn an unsealing into a refused one (see <c>refusals</c>).</param>
/// <param name="Says">For what is no event: what it says of the lock's state.</param>
internal sealed record CodeMeaning(string? Means, LockEventKind Kind = LockEventKind.Unknown, string[]? RefusedBy = null, StateSign Says = StateSign.IsEvent);

/// <summary>What a raised code or bit says of the lock, where it tells of no event.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StateSign>))]
internal enum StateSign
{
    IsEvent = 0,
    [JsonStringEnumMemberName("nothing")] Nothing,
    [JsonStringEnumMemberName("locked")] Locked,
    [JsonStringEnumMemberName("rope-inserted")] RopeInserted,
    [JsonStringEnumMemberName("cover-closed")] CoverClosed,
    [JsonStringEnumMemberName("base-station")] BaseStation,
}
