using System.Text;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Model;

namespace Adapter.Mappings.Tests;

/// <summary>Each mistake an author can make is found before anything is sent, and pointed at.</summary>
public sealed class CompileErrorTests
{
    /// <summary>Rows with one mistake; the mark ▲ stands before the character that the problem must point at.</summary>
    public static TheoryData<string, string> Mistakes() => new()
    {
        { "mapping.unknown-element", """{ "to": "Event/▲Lok", "is": "event.lock" }""" },
        { "mapping.unknown-attribute", """{ "to": "Event/SourceCode*/@▲spase", "each": "event.codes", "is": "item.space" }""" },
        { "mapping.not-repeatable", """{ "to": "Event/▲Lock*", "each": "event.codes", "is": "item.code" }""" },
        { "mapping.not-repeatable", """{ "to": "Event/▲Lock[first]", "is": "event.lock" }""" },
        { "mapping.not-a-value", """{ "to": "▲Event", "is": "event.kind" }""" },
        { "mapping.duplicate-target", """{ "to": "▲MessageId", "is": "message.id" }""" },
        { "mapping.each-count", """{ "to": "▲Container*/Number", "is": "event.lock" }""" },
        { "mapping.each-count", """{ "to": "▲Mrn", "each": "journey.containers", "is": "journey.mrn" }""" },
        { "mapping.syntax", """{ "to": "Event/▲/Lock", "is": "event.lock" }""" },
        { "mapping.syntax", """{ "to": "Mrn", "is": "upper(journey.mrn▲" }""" },
        { "mapping.syntax", """{ "to": "Mrn", "is": "journey.mrn ▲; drop" }""" },
        { "mapping.syntax", """{ "to": "Mrn", "is": "concat(▲'open)" }""" },
        { "mapping.unknown-source", """{ "to": "Mrn", "is": "journey.▲mnr" }""" },
        { "mapping.unknown-source", """{ "to": "Mrn", "is": "▲item.number" }""" },
        { "mapping.unknown-source", """{ "to": "Mrn", "is": "journey.containers.▲number" }""" },
        { "mapping.unknown-source", """{ "to": "Mrn", "is": "find(journey.containers, ▲'nummer', event.lock).number" }""" },
        { "mapping.unknown-function", """{ "to": "Mrn", "is": "▲uper(journey.mrn)" }""" },
        { "mapping.unknown-table", """{ "to": "Mrn", "is": "table(▲'none', journey.mrn)" }""" },
        { "mapping.argument-count", """{ "to": "Mrn", "is": "▲truncate(journey.mrn)" }""" },
        { "mapping.argument-count", """{ "to": "Mrn", "is": "▲if(event.isAlarm, 'a')" }""" },
        { "mapping.argument-type", """{ "to": "Mrn", "is": "fixed(▲journey.mrn, 2)" }""" },
        { "mapping.argument-type", """{ "to": "Mrn", "is": "position(▲journey)" }""" },
        { "mapping.wrong-type", """{ "to": "Mrn", "is": "▲event.observedAt" }""" },
        { "mapping.wrong-type", """{ "to": "Mrn", "is": "▲journey.carrier" }""" },
        { "mapping.wrong-type", """{ "to": "Mrn", "is": "journey.mrn", "when": "▲journey.mrn" }""" },
        { "mapping.wrong-type", """{ "to": "Mrn", "is": "journey.mrn", "when": "message.number ▲= 'x'" }""" },
        { "mapping.wrong-type", """{ "to": "Mrn", "is": "journey.mrn", "when": "event.kind in ['A', ▲2]" }""" },
        { "mapping.wrong-type", """{ "to": "Container*/Number", "each": "▲journey.mrn", "is": "'x'" }""" },
        { "mapping.wrong-type", """{ "to": "Mrn", "is": "journey.mrn", "missing": { "default": "▲event.codes" } }""" },
        { "mapping.value-not-allowed", """{ "to": "Corrects", "is": "▲'not an id'" }""" },
        { "mapping.required-missing", """{ "to": "▲Event/Position/Latitude", "is": "fixed(event.position.latitude, 6)" }""" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_reported_where_it_stands(string code, string marked)
    {
        var row = marked.Replace("▲", "", StringComparison.Ordinal);

        var problem = Samples.Compile(Samples.Manifest(row)).Problems.ShouldHaveSingleItem();

        problem.Code.ShouldBe(code);
        problem.Line.ShouldBe(Samples.FirstRowLine);
        problem.Column.ShouldBe(marked.IndexOf('▲', StringComparison.Ordinal) + 1);
        row.ShouldContain($"\"{problem.Row}\"");
    }

    [Theory]
    [InlineData("mapping.unknown-source", """{ "id": "t", "version": 1, "source": "▲Event", "target": "soap/manifest-notification", "rows": [] }""")]
    [InlineData("mapping.unknown-target", """{ "id": "t", "version": 1, "source": "OutgoingEvent", "target": "▲none", "rows": [] }""")]
    [InlineData("mapping.missing-property", """{ "id": "t", "version": 1, "source": "OutgoingEvent", "target": "soap/manifest-notification", "rows": ▲[] }""")]
    public void A_mistake_outside_the_rows_is_reported_where_it_stands(string code, string marked)
    {
        var problem = Samples.Compile("\n" + marked.Replace("▲", "", StringComparison.Ordinal)).Problems[0];

        (problem.Code, problem.Line, problem.Column).ShouldBe((code, 2, marked.IndexOf('▲', StringComparison.Ordinal) + 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("urn:\\u0001")]
    [InlineData("\\uFFFF")]
    [InlineData("http://www.w3.org/2000/xmlns/")]
    [InlineData("http://www.w3.org/XML/1998/namespace")]
    public void A_prefix_of_what_is_no_namespace_is_reported_where_it_stands(string uri)
    {
        var text = Samples.Manifest("""{ "to": "Mrn", "is": "'x'" }""").Replace("\"tables\"", $"\"prefixes\": {{ \"a\": \"{uri}\" }}, \"tables\"", StringComparison.Ordinal);

        MappingDocumentParser.Parse(Encoding.UTF8.GetBytes(text)).Problems.ShouldHaveSingleItem().Code.ShouldBe("mapping.wrong-value");
    }

    [Fact]
    public void Two_prefixes_of_one_namespace_are_reported_at_the_second()
    {
        var json = Samples.Manifest("""{ "to": "Mrn", "is": "journey.mrn", "missing": "omit" }""")
            .Replace("\"tables\"", "\"prefixes\": { \"a\": \"urn:customstransit:manifest:1\",\n \"b\": \"urn:customstransit:manifest:1\" }, \"tables\"", StringComparison.Ordinal);

        var problem = Samples.Compile(json).Problems.ShouldHaveSingleItem();

        (problem.Code, problem.Line, problem.Column).ShouldBe(("mapping.wrong-value", 3, 8));
    }

    [Fact]
    public void A_target_of_ones_own_is_told_how_to_bring_it() =>
        Samples.Compile(Samples.Document("police/incident", [])).Problems[0].Suggestion.ShouldNotBeNull().ShouldEndWith("--target FOLDER on the command line, POST /api/mapping-targets at a host.");

    [Fact]
    public void A_misspelt_name_is_answered_with_the_right_one()
    {
        Samples.Compile(Samples.Manifest("""{ "to": "Mrn", "is": "journey.mnr" }""")).Problems[0].Suggestion.ShouldBe("Did you mean 'mrn'?");
        Samples.Compile(Samples.Manifest("""{ "to": "Mnr", "is": "journey.mrn" }""")).Problems[0].Suggestion.ShouldBe("Did you mean 'Mrn'?");
        Samples.Compile(Samples.Manifest("""{ "to": "Mrn", "is": "uper(journey.mrn)" }""")).Problems[0].Suggestion.ShouldBe("Did you mean 'upper'?");
    }

    [Fact]
    public void The_page_about_documents_names_every_function()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Documents", "README.md"));

        foreach (var function in Functions.All.Values)
        {
            page.ShouldContain($"`{function.Signature}`");
        }

        ExpressionCompiler.Special.ShouldAllBe(name => page.Contains($"`{name}("));
    }

    [Fact]
    public void All_mistakes_are_reported_together_in_the_order_of_lines()
    {
        var problems = Samples.Compile(Samples.Manifest("""{ "to": "Mrn", "is": "journey.nothing" }""", """{ "to": "Nothing", "is": "journey.mrn" }""")).Problems;

        problems.Select(p => (p.Code, p.Line)).ShouldBe([("mapping.unknown-source", Samples.FirstRowLine), ("mapping.unknown-element", Samples.FirstRowLine + 1)]);
    }

    [Fact]
    public void Rows_of_one_repeated_element_must_name_the_same_list()
    {
        var problem = Samples.Compile(Samples.Document("wco/declaration",
        [
            """{ "to": "Declaration/GoodsShipment/Consignment/TransportEquipment*/SequenceNumeric", "each": "journey.containers", "is": "index" }""",
            """{ "to": "Declaration/GoodsShipment/Consignment/TransportEquipment*/ID", "each": "journey.transit", "is": "item.code" }""",
        ])).Problems.Single(p => p.Code != "mapping.required-missing");

        problem.Code.ShouldBe("mapping.each-differs");
        problem.Line.ShouldBe(5);
    }

    [Fact]
    public void A_required_element_without_a_row_is_named()
    {
        var problems = Samples.Compile(Samples.Document("soap/manifest-notification", ["""{ "to": "MessageId", "is": "message.id" }"""])).Problems;

        problems.ShouldAllBe(p => p.Code == "mapping.required-missing");
        problems.Select(p => p.Message).ShouldContain(m => m.Contains("'Sequence'"));
        problems.Select(p => p.Message).ShouldContain(m => m.Contains("'Event'"));
    }

    [Fact]
    public void An_unknown_target_is_answered_with_the_nearest()
    {
        var problem = Samples.Compile(Samples.Document("wco/declaratoin", ["""{ "to": "X", "is": "'x'" }"""])).Problems.ShouldHaveSingleItem();

        problem.Code.ShouldBe("mapping.unknown-target");
        problem.Suggestion.ShouldBe("Did you mean 'wco/declaration'?");
    }

    [Fact]
    public void Deeply_nested_parentheses_are_refused_and_do_not_exhaust_the_stack()
    {
        var nested = new string('(', 900) + "'x'" + new string(')', 900);

        Samples.Compile(Samples.Manifest($$"""{ "to": "Mrn", "is": "{{nested}}" }""")).Problems.ShouldHaveSingleItem().Code.ShouldBe("mapping.syntax");
    }

    [Theory]
    [InlineData("mapping.unknown-property", """{ "id": "t", "version": 1, "source": "OutgoingEvent", "target": "x", "rows": [], ▲"extra": 1 }""")]
    [InlineData("mapping.unknown-property", """{ "id": "t", "version": 1, "source": "OutgoingEvent", "target": "x", "rows": [{ "to": "A", "is": "'a'", ▲"iss": "'b'" }] }""")]
    [InlineData("mapping.missing-property", """▲{ "id": "t", "source": "OutgoingEvent", "target": "x", "rows": [] }""")]
    [InlineData("mapping.missing-property", """{ "id": "t", "version": 1, "source": "OutgoingEvent", "target": "x", "rows": [▲{ "is": "'a'" }] }""")]
    [InlineData("mapping.missing-property", """{ "id": "t", "version": 1, "source": "OutgoingEvent", "target": "x", "rows": [▲{ "to": "A" }] }""")]
    [InlineData("mapping.wrong-value", """{ "id": ▲"T T", "version": 1, "source": "OutgoingEvent", "target": "x", "rows": [] }""")]
    [InlineData("mapping.wrong-value", """{ "id": "t", "version": ▲1.5, "source": "OutgoingEvent", "target": "x", "rows": [] }""")]
    [InlineData("mapping.wrong-value", """{ "id": "t", "version": 1, ▲"version": 2, "source": "OutgoingEvent", "target": "x", "rows": [] }""")]
    [InlineData("mapping.wrong-value", """{ "id": "t", "version": 1, "source": "OutgoingEvent", "target": "x", "rows": [{ "to": "A", "is": "'a'", "missing": ▲"skip" }] }""")]
    [InlineData("mapping.wrong-value", """{ "id": "t", "version": 1, "source": "OutgoingEvent", "target": "x", "rows": [{ "to": "A", "is": ▲1 }] }""")]
    public void A_document_that_is_not_one_is_reported_where_it_goes_wrong(string code, string marked)
    {
        var json = "\n" + marked.Replace("▲", "", StringComparison.Ordinal);

        var problem = MappingDocumentParser.Parse(Encoding.UTF8.GetBytes(json)).Problems.ShouldHaveSingleItem();

        problem.Code.ShouldBe(code);
        problem.Line.ShouldBe(2);
        problem.Column.ShouldBe(marked.IndexOf('▲', StringComparison.Ordinal) + 1);
    }

    [Fact]
    public void Columns_count_characters_and_not_bytes()
    {
        var problem = Samples.Compile(Samples.Manifest("""{ "note": "é€", "to": "Mrn", "is": "nothing" }""")).Problems.ShouldHaveSingleItem();

        problem.Column.ShouldBe("""{ "note": "é€", "to": "Mrn", "is": "nothing" }""".IndexOf("nothing", StringComparison.Ordinal) + 1);
    }

    [Theory]
    [InlineData(new byte[] { 0x7B, 0x0A, 0x22, 0xC1, 0x22, 0x3A, 0x31, 0x7D })]
    [InlineData(new byte[] { 0x7B, 0x0A, 0x22, 0x5C, 0x75, 0x44, 0x38, 0x30, 0x30, 0x22, 0x3A, 0x31, 0x7D })]
    public void Text_that_is_not_Unicode_is_one_problem_with_its_line(byte[] json)
    {
        var problem = MappingDocumentParser.Parse(json).Problems.ShouldHaveSingleItem();

        (problem.Code, problem.Line).ShouldBe(("mapping.json", 2));
    }

    [Fact]
    public void Text_that_is_not_JSON_is_one_problem_with_its_line()
    {
        var reading = MappingDocumentParser.Parse("{\n  \"id\": nonsense }"u8.ToArray());

        reading.Document.ShouldBeNull();
        var problem = reading.Problems.ShouldHaveSingleItem();
        (problem.Code, problem.Line).ShouldBe(("mapping.json", 2));
    }
}
