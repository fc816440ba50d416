using System.Text;
using System.Text.Json;
using Adapter.Mappings.Documents;
using Adapter.Mappings.Model;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Tests;

/// <summary>The check behind command line, API and host.</summary>
public sealed class MappingCheckerTests
{
    private static readonly string Input = JsonSerializer.Serialize(Samples.Event(), JsonSerializerOptions.Web);

    private static readonly string Good = Samples.Manifest("""{ "to": "Mrn", "is": "'M'" }""").Replace("  ] }", """  ], "examples": [ { "name": "one", "input": "one.input.json", "expect": "one.expected.xml" } ] }""", StringComparison.Ordinal);

    [Fact]
    public void An_example_that_comes_out_as_written_passes()
    {
        var found = Check(Good, Input, Samples.Mapped(Good, Samples.Event()) + "\n");

        found.Problems.ShouldBeEmpty();
        found.Passed.ShouldBe(["one"]);
        found.IsSound.ShouldBeTrue();
    }

    [Fact]
    public void An_example_that_comes_out_otherwise_is_a_problem_that_shows_where()
    {
        var found = Check(Good, Input, Samples.Mapped(Good, Samples.Event()).Replace("<Mrn>M<", "<Mrn>N<", StringComparison.Ordinal));

        var problem = found.Problems.ShouldHaveSingleItem();
        (problem.Code, problem.Line).ShouldBe(("mapping.example-failed", Samples.FirstRowLine + 1));
        problem.Message.ShouldContain("<Mrn>M</Mrn>");
        problem.Message.ShouldContain("<Mrn>N</Mrn>");
        found.IsSound.ShouldBeFalse();
    }

    [Fact]
    public void A_misspelt_name_in_an_example_s_event_is_found()
    {
        var found = Check(Good, Input.Replace("\"isAlarm\"", "\"isAlarrm\"", StringComparison.Ordinal), "");

        found.Problems.ShouldHaveSingleItem().Message.ShouldContain("isAlarrm");
    }

    [Fact]
    public void An_example_without_its_files_is_a_problem() =>
        MappingChecker.Check(new MappingPackage(Encoding.UTF8.GetBytes(Good), new Dictionary<string, string>()), SchemaCatalogue.BuiltIn)
            .Problems.ShouldHaveSingleItem().Message.ShouldContain("one.input.json");

    [Theory]
    [InlineData("manifest-notification")]
    [InlineData("transportation-notification")]
    [InlineData("wco-declaration")]
    [InlineData("neighbour-declaration")]
    [InlineData("neighbour-response")]
    public void The_written_form_reads_back_as_the_same_document_and_is_the_only_one(string id)
    {
        var document = BuiltInDocuments.Load(id);

        var written = MappingDocumentWriter.Write(document);

        var read = Samples.Parse(written);
        MappingDocumentWriter.Write(read).ShouldBe(written);
        Contents(read).ShouldBe(Contents(document));
    }

    /// <summary>Everything but the places in the text.</summary>
    private static string Contents(MappingDocument document) => JsonSerializer.Serialize(new
    {
        document.Id,
        document.Version,
        document.Source,
        document.Target,
        document.Description,
        document.Prefixes,
        Tables = document.Tables.Values.Select(t => new { t.Name, t.Entries, t.Otherwise }),
        Rows = document.Rows.Select(r => new { r.Number, To = r.To.Text, Is = r.Is?.Text, When = r.When?.Text, Each = r.Each.Select(e => e.Text), Missing = r.Missing is MissingRule.Substitute s ? s.Expression.Text : r.Missing.GetType().Name, r.Note }),
        Examples = document.Examples.Select(e => new { e.Name, e.Input, e.Expect }),
    });

    private static CheckedPackage Check(string document, string input, string expected) => MappingChecker.Check(
        new MappingPackage(Encoding.UTF8.GetBytes(document), new Dictionary<string, string> { ["one.input.json"] = input, ["one.expected.xml"] = expected }), SchemaCatalogue.BuiltIn);
}
