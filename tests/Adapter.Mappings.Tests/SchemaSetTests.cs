using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Tests;

/// <summary>Schema files that somebody brings are compiled as they are, and cannot reach out of their set.</summary>
public sealed class SchemaSetTests
{
    [Fact]
    public void Files_that_import_and_include_each_other_make_one_target()
    {
        var compiled = ForeignTarget.Compiled();

        compiled.Problems.ShouldBeEmpty();
        compiled.Target!.Root.QualifiedName.ToString().ShouldBe("urn:country:movement:Movement");
    }

    [Theory]
    [InlineData("http://example.org/codes.xsd")]
    [InlineData("https://example.org/codes.xsd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("../../../etc/passwd")]
    [InlineData("..\\\\types\\\\codes.xsd")]
    [InlineData("//host/share/codes.xsd")]
    [InlineData("codes.xsd")]
    public void An_import_from_outside_the_set_is_refused_where_it_stands(string location)
    {
        var problem = ForeignTarget.Compiled(
            ForeignTarget.File("main/movement.xsd", ForeignTarget.Main.Replace("../types/codes.xsd", location, StringComparison.Ordinal)), ForeignTarget.Files[1], ForeignTarget.Files[2])
            .Problems.ShouldHaveSingleItem();

        (problem.Code, problem.File, problem.Line).ShouldBe(("schema.import-outside", "main/movement.xsd", 2));
    }

    [Theory]
    [InlineData("../evil.xsd")]
    [InlineData("/evil.xsd")]
    [InlineData("a//b.xsd")]
    [InlineData("a/./b.xsd")]
    [InlineData("a\\b.xsd")]
    [InlineData("")]
    public void A_path_that_leads_out_of_the_set_is_refused(string path) =>
        ForeignTarget.Compiled([.. ForeignTarget.Files, ForeignTarget.File(path, ForeignTarget.Party)]).Problems.ShouldHaveSingleItem().Code.ShouldBe("schema.path");

    [Theory]
    [InlineData("""<xs:element name="a" type="xs:string" maxOccurs="1000000"/>""", "schema.occurs")]
    [InlineData("""<xs:element name="a" type="xs:string" minOccurs="99999999999999999999" maxOccurs="unbounded"/>""", "schema.occurs")]
    [InlineData("""<xs:element name="a" type="missing"/>""", "schema.invalid")]
    [InlineData("""<xs:group ref="g"/>""", "schema.invalid")]
    public void What_cannot_be_compiled_is_refused_with_its_place(string particle, string code)
    {
        var text = $"""
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
            <xs:group name="g"><xs:sequence><xs:group ref="g"/></xs:sequence></xs:group>
            <xs:element name="r"><xs:complexType><xs:sequence>
            {particle}
            </xs:sequence></xs:complexType></xs:element></xs:schema>
            """;

        var problems = SchemaSetCompiler.Compile("t", "r", [ForeignTarget.File("t.xsd", text)]).Problems;

        problems.ShouldContain(p => p.Code == code && p.Line > 1 && p.File == "t.xsd");
    }

    [Fact]
    public void Repetitions_inside_repetitions_do_not_take_the_process_with_them()
    {
        var inner = """<xs:element name="a" type="xs:string" minOccurs="1000" maxOccurs="1000"/>""";
        for (var i = 0; i < 6; i++)
        {
            inner = $"<xs:sequence minOccurs=\"1000\" maxOccurs=\"1000\">{inner}</xs:sequence>";
        }

        var set = SchemaSetCompiler.Compile("t", "r", [ForeignTarget.File("t.xsd", $"<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><xs:element name=\"r\"><xs:complexType><xs:sequence>{inner}</xs:sequence></xs:complexType></xs:element></xs:schema>")]);

        (set.Target is null).ShouldBe(set.Problems.Count > 0);
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>")]
    [InlineData("<xs:schema")]
    [InlineData("<html/>")]
    [InlineData("")]
    public void What_is_no_schema_is_refused(string text) =>
        SchemaSetCompiler.Compile("t", "r", [ForeignTarget.File("t.xsd", text)]).Problems.ShouldHaveSingleItem().Code.ShouldBe("schema.not-xml");

    [Fact]
    public void A_root_that_the_set_does_not_declare_is_answered_with_the_one_it_does()
    {
        var problem = SchemaSetCompiler.Compile("t", "{urn:country:movement}Movment", ForeignTarget.Files).Problems.ShouldHaveSingleItem();

        problem.Code.ShouldBe("schema.root-missing");
        problem.Suggestion.ShouldBe("Did you mean '{urn:country:movement}Movement'?");
    }

    [Fact]
    public void The_foreign_WCO_profile_is_one_target_for_our_declarations()
    {
        var folder = TestKit.ConformanceFolder.PathOf("wco", "hmrc-dms");
        // Below a folder of the name under which the response imports the declaration.
        var files = Directory.GetFiles(folder, "*.xsd", SearchOption.AllDirectories).Where(f => !Path.GetFileName(f).StartsWith("CANCEL", StringComparison.Ordinal))
            .Select(f => new SchemaFile("declaration/" + Path.GetRelativePath(folder, f).Replace('\\', '/'), File.ReadAllBytes(f))).ToList();

        var compiled = SchemaSetCompiler.Compile("hmrc/declaration", "{urn:wco:datamodel:WCO:DocumentMetaData-DMS:2}MetaData", files);

        compiled.Problems.ShouldBeEmpty();
        var document = Documents.BuiltInDocuments.Load("wco-declaration") with { Target = "hmrc/declaration" };
        var compilation = Engine.MappingCompiler.Compile(document, SchemaCatalogue.BuiltIn.With([compiled.Target!]));
        compilation.Problems.ShouldBeEmpty();
        Samples.Text(compilation.Mapping!.Apply(Samples.Event())).ShouldBe(Samples.Text(Samples.BuiltIn("wco-declaration").Apply(Samples.Event())));
    }
}
