using Adapter.Contracts.Transit;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Tests;

/// <summary>A target that the engine knows nothing of needs a document and its schemas, no code.</summary>
public sealed class ForeignTargetTests
{
    private static readonly Office Border = new("UGMLB001", "Malaba", null, null);

    [Fact]
    public void A_message_to_an_unknown_receiver_comes_out_valid_in_its_own_words()
    {
        var source = Samples.Event();

        Mapped(source with { Journey = source.Journey! with { Carrier = null } }).ShouldBe(
            """
            <mv:Movement xmlns:mv="urn:country:movement" xmlns:cd="urn:country:codes" alarm="true" cd:edition="3">
            <reference>0123456789abcdef0123456789abcdef</reference><at>2026-03-02T06:15:30Z</at><kind>CUT</kind>
            <latitude>29.50000</latitude><longitude>-35.25000</longitude>
            <limit xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" />
            <mv:box><mv:mark>MSKU1234565</mv:mark><seal of="MSKU1234565">SL-1</seal><seal of="MSKU1234565">7010000421</seal></mv:box>
            <mv:box><mv:mark>TGHU7654326</mv:mark><seal of="TGHU7654326">SL-2</seal></mv:box></mv:Movement>
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public void A_nil_is_explained_by_the_row_that_found_nothing()
    {
        var nil = ForeignTarget.Compile(ForeignTarget.Rows).Mapping!.Explain(Samples.Event()).Single(e => e.Path.EndsWith("@xsi:nil", StringComparison.Ordinal));

        (nil.Path, nil.Value, nil.Row).ShouldBe(("limit/@xsi:nil", "true", "limit"));
        nil.Sources.ShouldBe([KeyValuePair.Create<string, string?>("journey.timeLimit", null)]);
    }

    [Fact]
    public void The_other_branch_of_a_choice_a_date_and_a_party_come_out_when_they_are_there()
    {
        var source = Samples.Event();
        source = source with
        {
            Event = source.Event with { Kind = "SOMETHING", Office = Border },
            Journey = source.Journey! with { TimeLimit = new DateTimeOffset(2026, 3, 9, 23, 0, 0, TimeSpan.FromHours(-3)), Carrier = new Carrier("C1", "Trans Ltd") },
        };

        var xml = Mapped(source);

        xml.ShouldContain("<kind>OTHER</kind><office>UGMLB001</office><limit>2026-03-10</limit><party><name>Trans Ltd</name><role>carrier</role></party>");
        xml.ShouldNotContain("latitude");
    }

    [Fact]
    public void A_text_too_long_for_the_schema_is_an_error_of_its_row_where_no_row_says_that_it_is_cut()
    {
        var rows = ForeignTarget.Rows.Select(r => r.Replace("truncate(item.number, 35)", "item.number", StringComparison.Ordinal)).ToArray();
        var source = Samples.Event();
        source = source with { Journey = source.Journey! with { Containers = [new ContainerInfo(1, "MSKU1", [new SealInfo(1, new string('9', 36), true)])] } };

        Samples.Failure(ForeignTarget.Compile(rows).Mapping!.Apply(source)).Row.ShouldBe("box*/seal*");
        Mapped(source).ShouldContain($">{new string('9', 35)}</seal>");
    }

    public static TheoryData<string, string, string?> Mistakes() => new()
    {
        { "mapping.required-missing", """{ "to": "limit", "is": "'2026-01-01'" }""", "kind" },
        { "mapping.wrong-format", """{ "to": "at", "is": "datetime304(event.observedAt)" }""", "xsdatetime(time)" },
        { "mapping.wrong-type", """{ "to": "at", "is": "event.observedAt" }""", "xsdatetime(time)" },
        { "mapping.wrong-type", """{ "to": "at", "is": "message.number" }""", null },
        { "mapping.wrong-type", """{ "to": "kind", "is": "event.isAlarm" }""", "CUT, SEAL, OTHER" },
        { "mapping.value-not-allowed", """{ "to": "kind", "is": "if(event.isAlarm, 'CUT', 'BROKEN')" }""", "CUT, SEAL, OTHER" },
        { "mapping.value-not-allowed", """{ "to": "reference", "is": "'123456789012345678901234567890123456'" }""", "at most 35 characters" },
        { "mapping.value-not-allowed", """{ "to": "latitude", "is": "'1.234567'" }""", "at most 5 decimal places" },
        { "mapping.not-nillable", """{ "to": "reference", "is": "journey.id", "missing": "nil" }""", "omit" },
        { "mapping.unknown-element", """{ "to": "unit*/mark", "each": "journey.containers", "is": "item.number" }""", "box" },
        { "mapping.unknown-source", """{ "to": "box*/mark", "each": "journey.containers", "is": "outer.number" }""", null },
        { "mapping.argument-value", """{ "to": "reference", "is": "padleft(message.number, 9999999, '0')" }""", "padleft" },
        { "mapping.argument-value", """{ "to": "reference", "is": "fixed(message.number, 99)" }""", "fixed" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void What_the_schema_cannot_take_is_refused_before_anything_is_sent(string code, string row, string? remedy)
    {
        var target = row.Split('"')[3];
        string[] others = [.. ForeignTarget.Rows.Where(r => r.Split('"')[3] != target && (code != "mapping.required-missing" || !r.Contains("\"kind\"", StringComparison.Ordinal)))];

        var problem = ForeignTarget.Compile([row, .. others]).Problems.First(p => p.Code == code);

        $"{problem.Message} {problem.Suggestion}".ShouldContain(remedy ?? "");
        (problem.Line, problem.Column > 0).ShouldBe((4, true));
    }

    [Fact]
    public void A_wrong_entry_of_a_code_table_is_pointed_at()
    {
        var json = ForeignTarget.Document(ForeignTarget.Rows).Replace("\"ROPE_CUT\": \"CUT\"", "\"ROPE_CUT\": \"CUTT\"", StringComparison.Ordinal);

        var problem = MappingCompiler.Compile(Samples.Parse(json), ForeignTarget.Catalogue).Problems.ShouldHaveSingleItem();

        (problem.Code, problem.Line, problem.Row).ShouldBe(("mapping.value-not-allowed", 2, "kind"));
        json.Split('\n')[1][(problem.Column!.Value - 1)..].ShouldStartWith("CUTT");
    }

    [Fact]
    public void Both_branches_of_a_choice_at_once_are_a_conflict_and_none_is_a_gap()
    {
        string[] both = [.. ForeignTarget.Rows.Select(r => r.Replace(", \"when\": \"exists(event.office)\"", "", StringComparison.Ordinal).Replace(", \"when\": \"not exists(event.office)\"", "", StringComparison.Ordinal))];
        string[] none = [.. ForeignTarget.Rows.Where(r => !r.Contains("itude", StringComparison.Ordinal) && !r.Contains("\"office\"", StringComparison.Ordinal))];
        string[] half = [.. ForeignTarget.Rows.Where(r => !r.Contains("\"latitude\"", StringComparison.Ordinal))];

        ForeignTarget.Compile(both).Problems.ShouldContain(p => p.Code == "mapping.choice-conflict" && p.Message.Contains("either 'office' or"));
        ForeignTarget.Compile(none).Problems.ShouldHaveSingleItem().Message.ShouldContain("'office' or 'latitude'");
        ForeignTarget.Compile(half).Problems.ShouldHaveSingleItem().Message.ShouldContain("'latitude'");
    }

    [Fact]
    public void A_wildcard_for_one_element_of_several_is_a_choice_between_them()
    {
        static MappingCompilation Compile(string row) => Compiled(row, """{ "to": "id", "is": "message.id" }""");
        static MappingCompilation Compiled(params string[] rows)
        {
            var set = SchemaSetCompiler.Compile("t", "{urn:r}R",
            [
                ForeignTarget.File("r.xsd", """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:r" elementFormDefault="qualified"><xs:import namespace="urn:a" schemaLocation="a.xsd"/><xs:element name="R"><xs:complexType><xs:sequence><xs:element name="id" type="xs:string"/><xs:any namespace="urn:a" processContents="strict"/></xs:sequence></xs:complexType></xs:element></xs:schema>"""),
                ForeignTarget.File("a.xsd", """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a"><xs:element name="x" type="xs:string"/><xs:element name="y" type="xs:string"/></xs:schema>"""),
            ]);
            var document = Samples.Document("t", rows, "{}").Replace("\"tables\"", "\"prefixes\": { \"a\": \"urn:a\" }, \"tables\"", StringComparison.Ordinal);
            return MappingCompiler.Compile(Samples.Parse(document), SchemaCatalogue.BuiltIn.With([set.Target!]));
        }

        Compile("""{ "to": "x", "is": "event.kind" }""").Problems.ShouldBeEmpty();
        Compiled("""{ "to": "id", "is": "message.id" }""").Problems.ShouldHaveSingleItem().Message.ShouldContain("'x' or 'y'");
        Compiled("""{ "to": "id", "is": "message.id" }""", """{ "to": "x", "is": "event.kind" }""", """{ "to": "y", "is": "event.kind" }""").Problems.ShouldHaveSingleItem().Code.ShouldBe("mapping.choice-conflict");
    }

    [Fact]
    public void More_siblings_than_the_schema_takes_are_refused()
    {
        var labelled = Enumerable.Range(1, 10).Select(i => $$"""{ "to": "trailer[t{{i}}]/mark", "is": "'T{{i}}'" }""");

        var problem = ForeignTarget.Compile([.. ForeignTarget.Rows, .. labelled]).Problems.ShouldHaveSingleItem();

        (problem.Code, problem.Row).ShouldBe(("mapping.not-repeatable", "trailer[t10]/mark"));
    }

    [Fact]
    public void Everything_wrong_is_said_at_once()
    {
        string[] rows = ["""{ "to": "kind", "is": "nothing" }""", """{ "to": "referense", "is": "message.id" }""", """{ "to": "at", "is": "upper(5)" }""", """{ "to": "@alrm", "is": "true" }"""];

        ForeignTarget.Compile(rows).Problems.Select(p => p.Code).ShouldBe(
            ["mapping.required-missing", "mapping.required-missing", "mapping.unknown-source", "mapping.unknown-element", "mapping.argument-type", "mapping.unknown-attribute"],
            "what is misspelt is not said to be missing as well");
    }

    [Fact]
    public void A_text_that_grows_on_the_way_is_an_error_of_its_row_and_never_cut()
    {
        var doubling = string.Concat(Enumerable.Repeat("concat(", 2)) + "journey.id" + ", journey.id)" + ", journey.id)";
        var json = Samples.Manifest($$"""{ "to": "Mrn", "is": "truncate({{doubling}}, 5)" }""");
        var source = Samples.Event();

        Samples.Mapped(json, source).ShouldContain("<Mrn>J-1J-</Mrn>");
        var problem = Samples.Failure(Samples.Apply(json, source with { Journey = source.Journey! with { Id = new string('x', 2500) } }));
        (problem.Code, problem.Row).ShouldBe(("mapping.value-too-long", "Mrn"));
    }

    private static string Mapped(OutgoingEvent source)
    {
        var compilation = ForeignTarget.Compile(ForeignTarget.Rows);
        compilation.Problems.ShouldBeEmpty();
        return Samples.Text(compilation.Mapping!.Apply(source));
    }
}
