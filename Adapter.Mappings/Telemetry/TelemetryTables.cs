using System.Collections.Frozen;
using Adapter.Contracts.Telemetry;

namespace Adapter.Mappings.Telemetry;

/// <summary>The data behind the reader: property names, code spaces, secrets. Immutable, made once at start.</summary>
public sealed class TelemetryTables
{
    /// <summary>The dialect of Joint Cloud's own pushes.</summary>
    public const string DefaultDialect = "jointcloud";

    private static readonly Lazy<TablesDocument> Shipped = new(() =>
        Resource("Telemetry/fields.json").With(Resource("Telemetry/codes.json")).With(Resource("Telemetry/dialects.json")));
    private static readonly Lazy<TelemetryTables> ShippedTables = new(() => new TelemetryTables(Shipped.Value));

    private readonly FrozenDictionary<string, Dialect> _dialects;
    private readonly FrozenDictionary<string, FrozenDictionary<string, CodeRule>> _codeSpaces;

    private TelemetryTables(TablesDocument document)
    {
        Secrets = new SecretFields(document.SecretFields, document.SecretFrames);
        Refusals = document.Refusals.ToFrozenDictionary(r => FieldNames.FieldOf("refusals", r.Key), r => r.Value.ToFrozenSet(StringComparer.Ordinal));
        _codeSpaces = document.CodeSpaces.ToFrozenDictionary(s => s.Key, s => Rules(s.Key, s.Value), StringComparer.Ordinal);
        var common = document.Common;
        _dialects = document.Dialects.ToFrozenDictionary(d => d.Key, d => new Dialect(d.Key, common.With(d.Value), _codeSpaces.Keys), StringComparer.Ordinal);
    }

    /// <summary>The tables that ship with the adapter.</summary>
    public static TelemetryTables BuiltIn => ShippedTables.Value;

    /// <summary>Names of the code spaces that a route may be configured with.</summary>
    public IReadOnlyCollection<string> CodeSpaces => _codeSpaces.Keys;

    /// <summary>Names of the dialects that a source may be configured with.</summary>
    public IReadOnlyCollection<string> Dialects => _dialects.Keys;

    internal SecretFields Secrets { get; }

    internal FrozenDictionary<WireField, FrozenSet<string>> Refusals { get; }

    /// <summary>The built-in tables with a deployment's own laid over them (README.md says how each section combines).</summary>
    /// <exception cref="FormatException">The text is not JSON or says something that the reader does not understand; the message names it.</exception>
    public static TelemetryTables Parse(string json) => new(Shipped.Value.With(TablesDocument.Parse(json)));

    /// <exception cref="FormatException">There is no such dialect.</exception>
    internal Dialect DialectOf(string name) => _dialects.TryGetValue(name, out var dialect)
        ? dialect
        : throw new FormatException($"There is no dialect '{name}'. Known are {string.Join(", ", _dialects.Keys.Order(StringComparer.Ordinal))}. Add it to the telemetry tables.");

    internal CodeRule? Find(string? codeSpace, string code) =>
        codeSpace is not null && _codeSpaces.TryGetValue(codeSpace, out var codes) ? codes.GetValueOrDefault(code) : null;

    internal static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    internal static void RejectUnknown(string section, IEnumerable<string> used, IReadOnlyCollection<string> known)
    {
        foreach (var name in used.Where(name => !known.Contains(name, StringComparer.Ordinal)))
        {
            throw new FormatException($"The telemetry tables name '{name}' under '{section}', which does not exist there. Known are: {string.Join(", ", known)}.");
        }
    }

    private static FrozenDictionary<string, CodeRule> Rules(string space, CodeSpace codes) =>
        (codes.Codes ?? throw new FormatException($"Code space '{space}' of the telemetry tables has no 'codes'."))
            .ToFrozenDictionary(
                c => c.Key,
                c => new CodeRule(c.Value.Kind, [.. (c.Value.RefusedBy ?? []).Select(field => FieldNames.FieldOf($"codeSpaces.{space}.{c.Key}.refusedBy", field))], c.Value.Says),
                StringComparer.OrdinalIgnoreCase);

    private static TablesDocument Resource(string name)
    {
        using var stream = typeof(TelemetryTables).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"Resource '{name}' is missing from Adapter.Mappings; rebuild it.");
        using var reader = new StreamReader(stream);
        return TablesDocument.Parse(reader.ReadToEnd());
    }
}

/// <summary>What one code means.</summary>
/// <param name="RefusedBy">Fields that can say that the unsealing was refused.</param>
/// <param name="Says">What it says of the lock's state, where it is no event.</param>
internal sealed record CodeRule(LockEventKind Kind, IReadOnlyList<WireField> RefusedBy, StateSign Says);
