using System.Text;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Model;
using Adapter.Mappings.Validation;

namespace Adapter.Fuzz.Targets;

/// <summary>An expression: read, compiled where a row stands and where a row repeats, and run on an event that has everything.</summary>
internal sealed class ExpressionTarget : Target
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly Lazy<SchemaCatalogue> Schemas = new(() => SchemaCatalogue.BuiltIn.With(
    [
        SchemaSetCompiler.Compile("any", "any", [new SchemaFile("any.xsd", """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="any"><xs:complexType><xs:sequence>
            <xs:element name="one" type="xs:string" minOccurs="0"/><xs:element name="many" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
            </xs:sequence></xs:complexType></xs:element></xs:schema>
            """u8.ToArray())]).Target!,
    ]));

    private static readonly Dictionary<string, CodeTable> Tables = new(StringComparer.Ordinal)
    {
        ["t"] = new CodeTable("t", new Dictionary<string, string>(StringComparer.Ordinal) { ["SEALED"] = "1", [""] = "2" }, Otherwise: null),
    };

    public override string Name => "expression";

    public override IEnumerable<byte[]> Seeds() => Sources.Expressions.Select(Encoding.UTF8.GetBytes);

    public override void Take(byte[] input)
    {
        string text;
        try
        {
            text = Strict.GetString(input);
        }
        catch (DecoderFallbackException)
        {
            // The document around it would have been refused.
            return;
        }

        Run(new Row(1, new Cell("one", 1, 1), new Cell(text, 1, 1), When: null, [], new MissingRule.Omit(), 1, 1));
        Run(new Row(1, new Cell("many*", 1, 1), new Cell(text, 1, 1), When: null, [new Cell("journey.containers", 1, 1)], new MissingRule.Omit(), 1, 1));
        Run(new Row(1, new Cell("one", 1, 1), new Cell("'x'", 1, 1), When: new Cell(text, 1, 1), [], new MissingRule.Omit(), 1, 1));
        Run(new Row(1, new Cell("many*", 1, 1), new Cell("index", 1, 1), When: null, [new Cell(text, 1, 1)], new MissingRule.Omit(), 1, 1));
    }

    private static void Run(Row row)
    {
        var compilation = MappingCompiler.Compile(new MappingDocument("fuzz", 1, SourceCatalogue.Name, "any", Description: null, [row], Tables, []), Schemas.Value);
        Must((compilation.Mapping is null) == (compilation.Problems.Count > 0), "An expression that cannot be compiled has a problem, and no other has.");
        Must(compilation.Problems.All(p => p.Column >= 1), "A problem points into the text.");
        compilation.Mapping?.Apply(Sources.Event);
        compilation.Mapping?.Explain(Sources.Event);
    }
}
