using System.Globalization;
using System.Text.RegularExpressions;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Mappings.Engine;

namespace Adapter.Mappings.Tests;

public sealed class EngineTests
{
    [Fact]
    public void Rows_come_out_in_schema_order_whatever_order_they_are_written_in()
    {
        var xml = Samples.Mapped(Samples.Manifest("""{ "to": "Mrn", "is": "'M'" }""", """{ "to": "ManifestNumber", "is": "'N'" }"""), Samples.Event());

        xml.ShouldContain("<Sequence>7</Sequence><ManifestNumber>N</ManifestNumber><Mrn>M</Mrn><Event>");
    }

    [Fact]
    public void Markup_in_a_value_stays_a_value()
    {
        var source = Samples.Event();
        var hostile = source with { Journey = source.Journey! with { Mrn = "</Mrn><Mrn a=\"1\">&amp;" } };

        Samples.Mapped(Samples.Manifest("""{ "to": "Mrn", "is": "journey.mrn" }"""), hostile)
            .ShouldContain("<Mrn>&lt;/Mrn&gt;&lt;Mrn a=\"1\"&gt;&amp;amp;</Mrn>");
    }

    [Theory]
    [InlineData("a\\u0001b", "U+0001")]
    [InlineData("a\\uFFFEb", "U+FFFE")]
    [InlineData("a\\uD800", "U+D800")]
    public void A_character_that_XML_cannot_carry_is_an_error_of_its_row(string escaped, string named)
    {
        // Escaped, because the test runner itself would not carry half a character.
        var value = Regex.Unescape(escaped);
        var source = Samples.Event();

        var problem = Samples.Failure(Samples.Apply(Samples.Manifest("""{ "to": "Mrn", "is": "journey.mrn" }"""), source with { Journey = source.Journey! with { Mrn = value } }));

        (problem.Code, problem.Row, problem.Line).ShouldBe(("mapping.invalid-character", "Mrn", Samples.FirstRowLine));
        problem.Message.ShouldContain(named);
    }

    [Fact]
    public void A_character_outside_the_basic_plane_is_carried()
    {
        var source = Samples.Event();

        Samples.Mapped(Samples.Manifest("""{ "to": "Mrn", "is": "journey.mrn" }"""), source with { Journey = source.Journey! with { Mrn = "a\U0001F512" } })
            .ShouldContain("<Mrn>a\U0001F512</Mrn>");
    }

    [Fact]
    public void The_culture_of_the_machine_changes_nothing()
    {
        var mapping = Samples.BuiltIn("wco-declaration");
        var expected = Samples.Text(mapping.Apply(Samples.Event()));
        var turkish = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        turkish.NumberFormat.NumberDecimalSeparator = ",";
        turkish.NumberFormat.NegativeSign = "~";
        turkish.DateTimeFormat.TimeSeparator = ".";
        turkish.DateTimeFormat.Calendar = new GregorianCalendar();
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = turkish;
            (-1.5).ToString(CultureInfo.CurrentCulture).ShouldBe("~1,5", "otherwise this test proves nothing");
            Samples.Text(mapping.Apply(Samples.Event())).ShouldBe(expected);
            expected.ShouldContain("29.50000 N 35.25000 W");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_same_event_gives_the_same_bytes_after_another_one()
    {
        var mapping = Samples.BuiltIn("manifest-notification");
        var first = Samples.Text(mapping.Apply(Samples.Event()));

        mapping.Apply(Samples.Event("SEAL", alarm: false) with { Journey = null });
        mapping.Apply(Samples.Event() with { Message = Samples.Event().Message with { Id = "bad" } }).ShouldBeOfType<MappingOutcome.Failed>();

        Samples.Text(mapping.Apply(Samples.Event())).ShouldBe(first);
    }

    [Fact]
    public void A_branch_without_values_vanishes_with_its_constants()
    {
        string[] rows =
        [
            """{ "to": "Event/Position/Latitude", "is": "fixed(event.position.latitude, 6)", "missing": "omit" }""",
            """{ "to": "Event/Position/Longitude", "is": "'1.5'" }""",
        ];
        var source = Samples.Event();

        Samples.Mapped(Samples.Manifest(rows), source).ShouldContain("<Position><Latitude>29.500000</Latitude><Longitude>1.5</Longitude></Position>");
        Samples.Mapped(Samples.Manifest(rows), source with { Event = source.Event with { Position = null } }).ShouldNotContain("Position");
    }

    [Fact]
    public void A_condition_on_a_branch_takes_all_of_it_away()
    {
        string[] rows =
        [
            """{ "to": "Event/Position", "when": "event.isAlarm" }""",
            """{ "to": "Event/Position/Latitude", "is": "fixed(event.position.latitude, 6)" }""",
            """{ "to": "Event/Position/Longitude", "is": "fixed(event.position.longitude, 6)" }""",
        ];

        Samples.Mapped(Samples.Manifest(rows), Samples.Event(alarm: true)).ShouldContain("<Position>");
        Samples.Mapped(Samples.Manifest(rows), Samples.Event(alarm: false)).ShouldNotContain("Position");
    }

    [Fact]
    public void A_list_in_a_list_writes_each_entry_under_its_own()
    {
        string[] rows =
        [
            """{ "to": "Container*/Number", "each": "journey.containers", "is": "item.number" }""",
            """{ "to": "Container*/Seal*/Number", "each": ["journey.containers", "item.seals"], "is": "concat(text(index), '-', item.number)" }""",
            """{ "to": "Container*/Seal*/Electronic", "each": ["journey.containers", "item.seals"], "is": "item.isLock" }""",
        ];

        Samples.Mapped(Samples.Manifest(rows), Samples.Event()).ShouldEndWith(
            "<Container><Number>MSKU1234565</Number>" +
            "<Seal><Number>1-SL-1</Number><Electronic>false</Electronic></Seal><Seal><Number>2-7010000421</Number><Electronic>true</Electronic></Seal></Container>" +
            "<Container><Number>TGHU7654326</Number><Seal><Number>1-SL-2</Number><Electronic>false</Electronic></Seal></Container></SealNotification>");
    }

    [Fact]
    public void Labelled_siblings_are_elements_of_their_own_in_the_order_of_rows()
    {
        string[] rows =
        [
            """{ "to": "Event/SourceCode[b]", "is": "'second'" }""",
            """{ "to": "Event/SourceCode[b]/@space", "is": "'B'" }""",
            """{ "to": "Event/SourceCode[a]/@space", "is": "'A'" }""",
            """{ "to": "Event/SourceCode[a]", "is": "'first'" }""",
        ];

        Samples.Mapped(Samples.Manifest(rows), Samples.Event())
            .ShouldContain("<SourceCode space=\"B\">second</SourceCode><SourceCode space=\"A\">first</SourceCode>");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void A_missing_value_fails_is_left_out_or_is_replaced_as_the_row_says(string? mrn)
    {
        var source = Samples.Event();
        source = source with { Journey = source.Journey! with { Mrn = mrn } };

        var silent = Samples.Failure(Samples.Apply(Samples.Manifest("""{ "to": "Mrn", "is": "journey.mrn" }"""), source));
        (silent.Code, silent.Row, silent.Line).ShouldBe(("mapping.value-missing", "Mrn", Samples.FirstRowLine));
        Samples.Failure(Samples.Apply(Samples.Manifest("""{ "to": "Mrn", "is": "journey.mrn", "missing": "fail" }"""), source)).Code.ShouldBe("mapping.value-missing");
        Samples.Mapped(Samples.Manifest("""{ "to": "Mrn", "is": "journey.mrn", "missing": "omit" }"""), source).ShouldNotContain("Mrn");
        Samples.Mapped(Samples.Manifest("""{ "to": "Mrn", "is": "journey.mrn", "missing": { "default": "journey.id" } }"""), source).ShouldContain("<Mrn>J-1</Mrn>");
        Samples.Mapped(Samples.Manifest("""{ "to": "Mrn", "is": "journey.mrn", "missing": { "default": "'NONE'" } }"""), source).ShouldContain("<Mrn>NONE</Mrn>");
    }

    [Fact]
    public void A_default_that_reads_nothing_keeps_the_branch_that_it_stands_in()
    {
        var source = Samples.Event();
        source = source with { Event = source.Event with { Position = null } };

        Samples.Mapped(
            Samples.Manifest(
                """{ "to": "Event/Position/Latitude", "is": "fixed(event.position.latitude, 6)", "missing": { "default": "'0.000000'" } }""",
                """{ "to": "Event/Position/Longitude", "is": "fixed(event.position.longitude, 6)", "missing": { "default": "'0.000000'" } }"""),
            source).ShouldContain("<Position><Latitude>0.000000</Latitude><Longitude>0.000000</Longitude></Position>");
    }

    [Fact]
    public void A_missing_row_inside_a_list_names_its_row()
    {
        var source = Samples.Event();
        var broken = source with { Journey = source.Journey! with { Containers = [new ContainerInfo(1, "", [])] } };

        Samples.Failure(Samples.BuiltIn("manifest-notification").Apply(broken)).Row.ShouldBe("Container*/Number");
    }

    [Fact]
    public void A_value_that_the_schema_refuses_is_a_failure_of_its_row()
    {
        var source = Samples.Event();

        var problem = Samples.Failure(Samples.BuiltIn("transportation-notification").Apply(source with { Message = source.Message with { Id = "short" } }));

        (problem.Code, problem.Row, problem.Line).ShouldBe(("mapping.schema-invalid", "@messageId", 9));
        problem.Message.ShouldStartWith("TripEvent/@messageId: ");
    }

    [Fact]
    public void A_list_beyond_the_cap_is_a_failure()
    {
        var source = Samples.Event();
        OutgoingEvent With(int count) => source with { Event = source.Event with { Codes = [.. Enumerable.Repeat(new SourceCode("s", "c"), count)] } };
        var mapping = Samples.BuiltIn("manifest-notification");

        mapping.Apply(With(CompiledMapping.MaxItems)).ShouldBeOfType<MappingOutcome.Mapped>();
        Samples.Failure(mapping.Apply(With(CompiledMapping.MaxItems + 1))).Code.ShouldBe("mapping.list-too-long");
    }

    [Fact]
    public void A_message_beyond_the_cap_is_a_failure()
    {
        var source = Samples.Event();
        var seals = Enumerable.Range(1, 1000).Select(i => new SealInfo(i, new string('9', 60), false)).ToList();
        var huge = source with { Journey = source.Journey! with { Containers = [.. Enumerable.Range(1, 1000).Select(i => new ContainerInfo(i, "C", seals))] } };

        var problem = Samples.Failure(Samples.BuiltIn("manifest-notification").Apply(huge));

        problem.Code.ShouldBe("mapping.too-large");
        // Stopped on the way, not measured at the end: the memory of a message is bounded too.
        problem.Message.ShouldStartWith("The message grows beyond");
    }

    [Theory]
    [InlineData("datetime304(event.observedAt)", "20260302061530Z")]
    [InlineData("date102(event.observedAt)", "20260302")]
    [InlineData("xsdatetime(event.observedAt)", "2026-03-02T06:15:30Z")]
    [InlineData("upper('aé')", "AÉ")]
    [InlineData("lower(event.kind)", "rope_cut")]
    [InlineData("trim('  x ')", "x")]
    [InlineData("truncate('abcdef', 3)", "abc")]
    [InlineData("truncate('a\U0001F512b', 2)", "a")]
    [InlineData("substring('abcdef', 2, 3)", "bcd")]
    [InlineData("substring('abc', 3, 9)", "c")]
    [InlineData("replace('a-b-c', '-', '+')", "a+b+c")]
    [InlineData("padleft(message.number, 5, '0')", "00007")]
    [InlineData("concat('a', message.supersedes, message.number, event.isAlarm)", "a7true")]
    [InlineData("coalesce(message.supersedes, journey.id)", "J-1")]
    [InlineData("text(event.isAlarm)", "true")]
    [InlineData("fixed(2.345, 2)", "2.35")]
    [InlineData("fixed(-0.001, 2)", "0.00")]
    [InlineData("signed(event.position.latitude, 5)", "+29.50000")]
    [InlineData("signed(event.position.longitude, 5)", "-35.25000")]
    [InlineData("position(event)", "29.50000 N 35.25000 W")]
    [InlineData("text(count(journey.containers))", "2")]
    [InlineData("text(count(journey.transit))", "0")]
    [InlineData("text(length('abc'))", "3")]
    [InlineData("text(ordinal(journey.containers, 'number', 'TGHU7654326'))", "2")]
    [InlineData("find(journey.containers, 'number', 'TGHU7654326').number", "TGHU7654326")]
    [InlineData("table('t', event.kind)", "cut")]
    [InlineData("table('t', 'anything')", "other")]
    [InlineData("if(exists(message.corrects), 'yes', 'no')", "no")]
    [InlineData("text(not event.isAlarm or message.number > 6 and message.number <= 7)", "true")]
    [InlineData("text(event.kind in ['SEAL', 'ROPE_CUT'])", "true")]
    [InlineData("text(event.kind != 'ROPE_CUT')", "false")]
    [InlineData("text(message.supersedes = message.corrects)", "true")]
    [InlineData("text(event.receivedAt > event.observedAt)", "true")]
    [InlineData("text(startswith(event.kind, 'ROPE') and contains(event.kind, '_C'))", "true")]
    [InlineData("'it''s'", "it's")]
    public void An_expression_has_its_value(string expression, string value)
    {
        var json = Samples.Manifest($$"""{ "to": "Mrn", "is": "{{expression}}" }""").Replace("\"tables\": {}", """ "tables": { "t": { "ROPE_CUT": "cut", "*": "other" } } """, StringComparison.Ordinal);

        Samples.Mapped(json, Samples.Event()).ShouldContain($"<Mrn>{value}</Mrn>");
    }
}
