using System.Text;
using System.Xml.Linq;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Model;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Tests;

/// <summary>The attacks on the mapping engine by their numbers in the list of bad input. 81 also runs in a process of another zone, 83 beside the host's mapper.</summary>
public sealed class MappingAttackTests
{
    [Theory]
    [InlineData("mapping.unknown-source", "▲secrets.password")]
    [InlineData("mapping.unknown-source", "event.▲GetType")]
    [InlineData("mapping.unknown-source", "event.kind.▲length")]
    [InlineData("mapping.unknown-function", "▲system('id')")]
    [InlineData("mapping.argument-type", "upper(▲message.number)")]
    // Rows cannot name rows, nor tables tables, so there is nothing to go round in.
    [InlineData("mapping.unknown-source", "▲Mrn")]
    [InlineData("mapping.unknown-table", "table(▲'Mrn', event.kind)")]
    public void Attack_76_what_is_not_there_or_not_of_the_kind_is_refused_with_row_and_column(string code, string marked)
    {
        var row = $$"""{ "to": "Mrn", "is": "{{marked}}" }""";

        var problem = Samples.Compile(Samples.Manifest(row.Replace("▲", "", StringComparison.Ordinal))).Problems.ShouldHaveSingleItem();

        (problem.Code, problem.Row, problem.Line, problem.Column).ShouldBe((code, "Mrn", Samples.FirstRowLine, row.IndexOf('▲', StringComparison.Ordinal) + 1));
    }

    [Fact]
    public void Attack_77_more_rows_text_nesting_or_output_than_is_bounded_is_refused()
    {
        Refused(Samples.Document("soap/manifest-notification", [.. Enumerable.Range(0, 10_001).Select(_ => """{ "to": "Mrn", "is": "'x'" }""")])).ShouldContain("at most 1000 rows");
        Refused(Samples.Manifest($$"""{ "to": "Mrn", "is": "'{{new string('x', 1_000_000)}}'" }""")).ShouldContain("at most 400000 are read");
        Refused(Samples.Manifest($$"""{ "to": "Mrn", "is": "{{string.Concat(Enumerable.Repeat("trim(", 200))}}journey.mrn{{new string(')', 200)}}" }""")).ShouldContain("nested deeper");

        var source = Samples.Event();
        var seals = Enumerable.Range(1, 1000).Select(i => new SealInfo(i, new string('9', 60), false)).ToList();
        var huge = source with { Journey = source.Journey! with { Containers = [.. Enumerable.Range(1, 1000).Select(i => new ContainerInfo(i, "C", seals))] } };
        Samples.Failure(Samples.BuiltIn("manifest-notification").Apply(huge)).Code.ShouldBe("mapping.too-large");

        static string Refused(string json)
        {
            var reading = MappingDocumentParser.Parse(Encoding.UTF8.GetBytes(json));
            return (reading.Document is null ? reading.Problems : MappingCompiler.Compile(reading.Document, SchemaCatalogue.BuiltIn).Problems)[0].Message;
        }
    }

    [Fact]
    public void Attack_78_there_are_no_patterns_and_what_looks_like_one_is_a_text()
    {
        Functions.All.Keys.Concat(ExpressionCompiler.Special).ShouldNotContain(name => name.Contains("match", StringComparison.Ordinal) || name.Contains("regex", StringComparison.Ordinal));
        var source = Samples.Event();
        var evil = source with { Journey = source.Journey! with { ManifestNumber = new string('a', 30) + "(a+)+$" } };

        Samples.Mapped(Samples.Manifest("""{ "to": "Mrn", "is": "replace(journey.manifestNumber, '(a+)+$', '!')" }"""), evil).ShouldContain($"<Mrn>{new string('a', 30)}!</Mrn>");
    }

    [Theory]
    [InlineData("fixed(message.number, 9999999999)")]
    [InlineData("padleft(journey.mrn, 1000000000, '0')")]
    [InlineData("padleft(journey.mrn, 65, '0')")]
    [InlineData("signed(message.number, 16)")]
    public void Attack_79_a_width_beyond_its_bound_is_refused_when_it_is_saved(string expression)
    {
        var problem = Samples.Compile(Samples.Manifest($$"""{ "to": "Mrn", "is": "{{expression}}" }""")).Problems.ShouldHaveSingleItem();

        (problem.Row, problem.Line).ShouldBe(("Mrn", Samples.FirstRowLine));
    }

    [Fact]
    public void Attack_79_a_width_that_comes_with_the_event_is_bounded_too_and_a_format_is_a_text()
    {
        var source = Samples.Event();

        Samples.Mapped(Samples.Manifest("""{ "to": "Mrn", "is": "'{0:9999999999}%s'" }"""), source).ShouldContain("<Mrn>{0:9999999999}%s</Mrn>");
        var far = source with { Message = source.Message with { Number = 1_000_000_000 } };
        Samples.Mapped(Samples.Manifest("""{ "to": "Mrn", "is": "padleft('7', message.number, '0')" }"""), far).ShouldContain($"<Mrn>{new string('0', 63)}7</Mrn>");
    }

    [Fact]
    public void Attack_80_markup_in_a_value_is_text()
    {
        const string markup = "</Mrn><TypeCode>00</TypeCode><!--]]>&amp;";
        var source = Samples.Event();

        var xml = Samples.Mapped(Samples.Manifest("""{ "to": "Mrn", "is": "journey.mrn" }"""), source with { Journey = source.Journey! with { Mrn = markup } });

        using var reader = XmlInput.CreateReader(Encoding.UTF8.GetBytes(xml));
        var read = XDocument.Load(reader).Root!;
        read.Descendants().Single(e => e.Name.LocalName == "Mrn").Value.ShouldBe(markup);
        read.Descendants().ShouldNotContain(e => e.Name.LocalName == "TypeCode");
    }

    [Theory]
    [InlineData("omit", true)]
    [InlineData("fail", false)]
    public void Attack_82_what_is_missing_is_left_out_or_refused_with_its_row(string missing, bool made)
    {
        var source = Samples.Event();
        var without = source with { Journey = source.Journey! with { Mrn = null } };

        var outcome = Samples.Apply(Samples.Manifest($$"""{ "to": "Mrn", "is": "journey.mrn", "missing": "{{missing}}" }"""), without);

        if (made)
        {
            Samples.Text(outcome).ShouldNotContain("Mrn");
        }
        else
        {
            var problem = Samples.Failure(outcome);
            (problem.Code, problem.Row, problem.Line).ShouldBe(("mapping.value-missing", "Mrn", Samples.FirstRowLine));
        }
    }

    [Theory]
    [InlineData("""{ "id": "t", ▲"script": "run", "version": 1, "source": "OutgoingEvent", "target": "x", "rows": [] }""")]
    [InlineData("""{ "id": "t", "version": 1, "source": "OutgoingEvent", "target": "x", "rows": [{ "to": "A", "is": "'a'", ▲"then": "'b'" }] }""")]
    [InlineData("""{ "id": "t", "version": 1, "source": "OutgoingEvent", "target": "x", "rows": [], "examples": [{ "name": "n", "input": "i", "expect": "e", ▲"skip": "yes" }] }""")]
    public void Attack_84_a_property_that_nobody_knows_is_refused(string marked)
    {
        var problem = MappingDocumentParser.Parse(Encoding.UTF8.GetBytes(marked.Replace("▲", "", StringComparison.Ordinal))).Problems.ShouldHaveSingleItem();

        (problem.Code, problem.Column).ShouldBe(("mapping.unknown-property", marked.IndexOf('▲', StringComparison.Ordinal) + 1));
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void Attack_85_any_sound_document_makes_well_formed_messages_of_any_event_or_says_which_row_cannot(ulong seed)
    {
        var random = new SeededRandom(seed);
        var (sound, made, refused) = (0, 0, 0);
        while (sound < 60)
        {
            var compilation = Samples.Compile(Samples.Manifest([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => Row(random)).DistinctBy(row => row.Split('"')[3])]));
            if (compilation.Mapping is not { } mapping)
            {
                compilation.Problems.ShouldNotBeEmpty();
                continue;
            }

            sound++;
            for (var i = 0; i < 20; i++)
            {
                switch (mapping.Apply(Event(random)))
                {
                    case MappingOutcome.Mapped mapped:
                        using (var reader = XmlInput.CreateReader(mapped.Body))
                        {
                            XDocument.Load(reader).Root!.Name.LocalName.ShouldBe("SealNotification");
                        }

                        made++;
                        break;
                    case MappingOutcome.Failed failed:
                        failed.Problems.ShouldAllBe(p => p.Code.StartsWith("mapping.", StringComparison.Ordinal) && p.Row != null);
                        refused++;
                        break;
                }
            }
        }

        made.ShouldBeGreaterThan(100);
        refused.ShouldBeGreaterThan(20, "events with nothing in them are among those tried");
    }

    private static string Row(SeededRandom random)
    {
        var (target, each) = random.Pick<(string, string?)>(
            [("Mrn", null), ("ManifestNumber", null), ("Event/Lock", null), ("Event/Office", null), ("Corrects", null), ("Container*/Number", "journey.containers"), ("Event/Late", null), ("Event/Remark", null)]);
        var condition = random.Chance(30) ? $""", "when": "{Condition(random)}" """ : "";
        return $$"""{ "to": "{{target}}", {{(each is null ? "" : $"\"each\": \"{each}\", ")}}"is": "{{Text(random, 3, each is not null)}}"{{condition}}, "missing": "{{random.Pick(["omit", "fail"])}}" }""";
    }

    private static string Text(SeededRandom random, int depth, bool inList) => depth == 0 ? Leaf(random, inList) : random.Next(0, 9) switch
    {
        0 => $"upper({Text(random, depth - 1, inList)})",
        1 => $"concat({Text(random, depth - 1, inList)}, {Text(random, depth - 1, inList)})",
        2 => $"if({Condition(random)}, {Text(random, depth - 1, inList)}, {Text(random, depth - 1, inList)})",
        3 => $"truncate({Text(random, depth - 1, inList)}, {random.Next(0, 70)})",
        4 => $"replace({Text(random, depth - 1, inList)}, {Text(random, depth - 1, inList)}, {Text(random, depth - 1, inList)})",
        5 => $"coalesce({Text(random, depth - 1, inList)}, {Text(random, depth - 1, inList)})",
        6 => $"padleft({Text(random, depth - 1, inList)}, {random.Next(0, 65)}, '*')",
        7 => $"substring({Text(random, depth - 1, inList)}, message.number, {random.Next(0, 9)})",
        _ => Leaf(random, inList),
    };

    private static string Leaf(SeededRandom random, bool inList) => inList && random.Chance(50)
        ? random.Pick(["item.number", "text(index)", "text(count(item.seals))"])
        : random.Pick(["event.kind", "event.lock", "journey.mrn", "journey.manifestNumber", "journey.vehicle.plate", "message.id", "text(message.number)", "fixed(event.position.latitude, 6)",
            "xsdatetime(event.observedAt)", "position(event)", "find(journey.containers, 'number', event.container).number", "event.observation.remark", "'x & <y>'", "''"]);

    private static string Condition(SeededRandom random) => random.Pick(
        ["event.isAlarm", "exists(journey)", "event.kind in ['SEAL', 'ROPE_CUT']", "count(journey.containers) > 1", "not exists(event.lock)", "event.receivedAt > event.observedAt", "startswith(event.kind, 'R')", "message.number != 7"]);

    private static OutgoingEvent Event(SeededRandom random)
    {
        var source = Samples.Event(random.Pick(["SEAL", "ROPE_CUT", "DEPARTURE", "EXAMINATION"]), random.Chance(50));
        var containers = Enumerable.Range(1, random.Pick([0, 1, 2, 40])).Select(i => new ContainerInfo(i, Any(random) ?? "C", [.. Enumerable.Range(1, random.Next(0, 4)).Select(s => new SealInfo(s, Any(random) ?? "S", true))])).ToList();
        return source with
        {
            Message = source.Message with { Number = random.Pick([1L, 7L, long.MaxValue, -3L]) },
            Event = source.Event with
            {
                Lock = Any(random),
                Container = Any(random),
                Position = random.Chance(50) ? new GeoPoint(random.Next(-90, 91), random.Next(-180, 181)) : null,
                ObservedAt = random.Pick([DateTimeOffset.MinValue, DateTimeOffset.MaxValue, source.Event.ObservedAt]),
                Observation = random.Chance(50) ? new ObservationInfo("Officer", random.Chance(50), Any(random)) : null,
            },
            Journey = random.Chance(20) ? null : source.Journey! with { Mrn = Any(random), ManifestNumber = Any(random), Vehicle = random.Chance(50) ? new Vehicle(Any(random) ?? "P", null) : null, Containers = containers },
        };
    }

    private static string? Any(SeededRandom random) => random.Pick<string?>([null, "", " ", "KMSU4829139", "]]>", "a\u0001b", "\uD800", "\u202Eabc", "é\U0001F512", new string('w', 3999), "\r\n\t", "<&>\"'"]);
}
