using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Adapter.Mappings.Engine;
using Adapter.Mappings.Model;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Tests;

/// <summary>Whatever stands in a document: it is compiled or refused, ends, and writes well-formed XML or nothing.</summary>
public sealed class HostileDocumentTests
{
    private static readonly string[] Words =
    [
        "message.id", "message.number", "event.kind", "event.isAlarm", "event.observedAt", "event.position.latitude", "journey.mrn", "journey.containers", "item", "item.number", "index", "outer",
        "'text'", "''", "1", "-2.5", "99999999999999999999", "true", "(", ")", ",", ".", "and", "or", "not", "in", "[", "]", "=", "!=", "<", ">=", "concat(", "if(", "table('t', ", "find(", "upper(", "fixed(", "truncate(",
        "padleft(", "coalesce(", "count(", "exists(", "datetime304(", "\"", "'", "\\", "\u0000", "\uD800", "é", ";", "{", "#",
    ];

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    public void Any_expression_is_compiled_or_refused_at_a_place_in_it(ulong seed)
    {
        var random = new SeededRandom(seed);
        var compiled = 0;
        var tables = new Dictionary<string, CodeTable>(StringComparer.Ordinal) { ["t"] = new("t", new Dictionary<string, string>(StringComparer.Ordinal) { ["a"] = "b" }, "c") };
        var scope = new Scope { Source = Samples.Event() };
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Join(random.Next(0, 2) == 0 ? " " : "", Enumerable.Range(0, 1 + random.Next(0, 8)).Select(_ => Words[random.Next(0, Words.Length)]));
            try
            {
                var expression = ExpressionCompiler.Compile(text, SourceCatalogue.Of(typeof(Contracts.Transit.OutgoingEvent)), tables, []);
                Functions.AsText(expression.Evaluate(scope));
                compiled++;
            }
            catch (ExpressionException e)
            {
                e.Offset.ShouldBeInRange(0, text.Length, text);
                e.Code.ShouldStartWith("mapping.");
            }
            catch (ValueTooLongException)
            {
                compiled++;
            }
        }

        compiled.ShouldBeGreaterThan(100, "otherwise only the refusals are tried");
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    public void Any_damage_to_a_document_is_refused_or_harmless(ulong seed)
    {
        var random = new SeededRandom(seed);
        var sound = Encoding.UTF8.GetBytes(Documents.BuiltInDocuments.Text("manifest-notification"));
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            var bytes = sound.ToList();
            for (var hits = 1 + random.Next(0, 4); hits > 0; hits--)
            {
                var at = random.Next(0, bytes.Count);
                switch (random.Next(0, 4))
                {
                    case 0:
                        bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(0, 40)));
                        break;
                    case 1:
                        bytes[at] = (byte)random.Next(0, 256);
                        break;
                    case 2:
                        bytes.InsertRange(at, bytes.Skip(random.Next(0, bytes.Count)).Take(random.Next(0, 40)).ToList());
                        break;
                    default:
                        bytes.InsertRange(at, Encoding.UTF8.GetBytes(Words[random.Next(0, Words.Length)]));
                        break;
                }
            }

            var found = MappingChecker.Check(new MappingPackage(bytes.ToArray(), new Dictionary<string, string>()), SchemaCatalogue.BuiltIn);
            if (found.Mapping is { } mapping)
            {
                WellFormedOrRefused(mapping.Apply(Samples.Event()));
            }
            else
            {
                refused++;
                found.Problems.ShouldNotBeEmpty();
                found.Problems.ShouldAllBe(p => p.Code.StartsWith("mapping.", StringComparison.Ordinal) && p.Message.Length > 0);
            }
        }

        refused.ShouldBeInRange(50, 299);
    }

    [Fact]
    public void Attack_85_the_largest_document_that_is_taken_ends_within_its_bounds()
    {
        var rows = Enumerable.Range(0, 990).Select(i => $$"""{ "to": "Event/SourceCode[s{{i}}]", "is": "{{string.Concat(Enumerable.Repeat("upper(", 30))}}journey.id{{new string(')', 30)}}" }""").ToArray();

        var compilation = Samples.Compile(Samples.Manifest(rows));

        // SourceCode wants its attribute; what matters is that each row was looked at.
        compilation.Problems.Count(p => p.Code == "mapping.required-missing").ShouldBe(990);
    }

    [Fact]
    public void Too_many_rows_too_long_a_text_and_too_deep_a_nesting_are_refused()
    {
        var tooMany = Samples.Document("soap/manifest-notification", [.. Enumerable.Range(0, 10_001).Select(_ => """{ "to": "Mrn", "is": "'x'" }""")]);
        MappingDocumentParser.Parse(Encoding.UTF8.GetBytes(tooMany)).Problems.ShouldContain(p => p.Message.Contains("at most 1000 rows"));

        var tooLong = Samples.Manifest($$"""{ "to": "Mrn", "is": "'{{new string('x', 300_000)}}'" }""");
        var refused = MappingDocumentParser.Parse(Encoding.UTF8.GetBytes(tooLong + new string(' ', 100_000))).Problems.ShouldHaveSingleItem();
        (refused.Code, refused.Message).ShouldBe(("mapping.too-large", MappingDocumentParser.TooLarge(Encoding.UTF8.GetByteCount(tooLong) + 100_000)));
        Samples.Compile(tooLong).Problems.ShouldHaveSingleItem().Message.ShouldContain("at most 2000 characters");

        var chained = $$"""{ "to": "Mrn", "is": "{{string.Concat(Enumerable.Repeat("trim(", 200))}}journey.mrn{{new string(')', 200)}}" }""";
        Samples.Compile(Samples.Manifest(chained)).Problems.ShouldHaveSingleItem().Message.ShouldContain("nested deeper");

        MappingDocumentParser.Parse(Encoding.UTF8.GetBytes(new string('[', 10_000))).Problems.ShouldHaveSingleItem().Code.ShouldBe("mapping.json");
    }

    [Theory]
    [InlineData(",", "−")]
    [InlineData("٫", "؜-")]
    public void Attack_81_neither_culture_nor_digits_of_the_machine_change_a_byte(string separator, string minus)
    {
        var expected = Samples.Text(ForeignTarget.Compile(ForeignTarget.Rows).Mapping!.Apply(Samples.Event()));
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NegativeSign) = (separator, minus);
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = culture;
            Samples.Text(ForeignTarget.Compile(ForeignTarget.Rows).Mapping!.Apply(Samples.Event())).ShouldBe(expected);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void WellFormedOrRefused(MappingOutcome outcome)
    {
        if (outcome is MappingOutcome.Mapped mapped)
        {
            using var reader = XmlInput.CreateReader(mapped.Body);
            XDocument.Load(reader).Root.ShouldNotBeNull();
        }
    }
}
