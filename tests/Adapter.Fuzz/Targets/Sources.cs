using Adapter.Mappings.Documents;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Fuzz.Targets;

/// <summary>What the targets run on.</summary>
internal static class Sources
{
    private static readonly Lazy<object> Full = new(() =>
    {
        var mapping = Compiled("wco-declaration");
        var text = BuiltInDocuments.Files("wco-declaration")["border.input.json"];
        return MappingSource.TryRead(mapping, text, out var source, out var problem) ? source : throw new InvalidOperationException(problem);
    });

    /// <summary>An event with a journey, containers and seals.</summary>
    public static object Event => Full.Value;

    /// <summary>Expressions that use every part of the language once.</summary>
    public static IReadOnlyList<string> Expressions { get; } =
    [
        "message.id",
        "'it''s' != 'x' and not (1.5 <= -2 or event.isAlarm)",
        "event.kind in ['SEALED', 'B', 'C']",
        "coalesce(event.lock, if(exists(journey), journey.mrn, ''), text(message.number))",
        "table('t', event.kind)",
        "find(journey.containers, 'number', event.container).number",
        "first(journey.containers, count(item.seals) > 1).number",
        "last(journey.containers, item.number = event.container).seals",
        "join(journey.containers, 'number', 20)",
        "ordinal(journey.containers, 'number', event.container)",
        "concat(upper(item.number), lower('A'), index, true, trim(' x '))",
        "padleft(length(journey.mrn), 9, '0')",
        "substring(replace(truncate(journey.mrn, 8), 'A', 'BB'), 2, 3)",
        "signed(event.position.latitude, 5)",
        "fixed(-0.000001, 15)",
        "position(journey.departure)",
        "datetime304(event.observedAt)",
        "xsdatetime(instant('20260302061530Z'))",
        "startswith(event.kind, 'R') and contains(journey.mrn, '6')",
        "journey.containers",
    ];

    /// <summary>The built-in documents of one direction, ready to run.</summary>
    public static IReadOnlyList<CompiledMapping> BuiltIn(bool readsMessages) => [.. BuiltInDocuments.Ids.Select(Compiled).Where(m => m.ReadsMessages == readsMessages)];

    private static CompiledMapping Compiled(string id) =>
        MappingCompiler.Compile(BuiltInDocuments.Load(id), SchemaCatalogue.BuiltIn).Mapping ?? throw new InvalidOperationException($"{id} does not compile.");
}
