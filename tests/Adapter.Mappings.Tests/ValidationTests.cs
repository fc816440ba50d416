using System.Text;
using System.Xml;
using System.Xml.Schema;
using Adapter.Mappings.Validation;

namespace Adapter.Mappings.Tests;

public sealed class ValidationTests
{
    private static readonly XmlSchemaSet Manifest = SchemaCatalogue.BuiltIn.Target("soap/manifest-notification").Schemas;

    [Fact]
    public void A_document_type_is_refused()
    {
        const string Bomb = "<!DOCTYPE a [<!ENTITY x \"xxxxxxxxxx\"><!ENTITY y \"&x;&x;&x;\">]><a>&y;</a>";

        Should.Throw<XmlException>(() => Drain(Bomb)).Message.ShouldContain("DTD");
    }

    [Fact]
    public void Depth_is_bounded()
    {
        Drain(Nested(XmlInput.MaxDepth));

        Should.Throw<XmlException>(() => Drain(Nested(XmlInput.MaxDepth + 1))).Message.ShouldContain("64 levels");
    }

    [Fact]
    public void Size_is_bounded()
    {
        var text = $"<a>{new string('x', 2000)}</a>";

        Drain(text, limit: 3000);
        Should.Throw<XmlException>(() => Drain(text, limit: 1000));
    }

    [Fact]
    public void A_limited_reader_can_feed_the_usual_consumers()
    {
        using var reader = XmlInput.CreateReader("<a b='1'><c>x</c></a>"u8.ToArray());

        System.Xml.Linq.XDocument.Load(reader).ToString(System.Xml.Linq.SaveOptions.DisableFormatting).ShouldBe("<a b=\"1\"><c>x</c></a>");
    }

    [Fact]
    public void A_root_that_no_schema_declares_is_a_problem_also_in_an_empty_set()
    {
        XsdValidator.Validate("<anything/>"u8.ToArray(), Manifest).ShouldHaveSingleItem().ElementPath.ShouldBe("anything");
        XsdValidator.Validate("<anything/>"u8.ToArray(), new XmlSchemaSet()).ShouldNotBeEmpty();
        XsdValidator.Validate("<SealNotification/>"u8.ToArray(), Manifest).ShouldNotBeEmpty("the namespace is missing");
    }

    [Fact]
    public void A_problem_names_line_column_and_element()
    {
        var xml = """
            <NotificationReceipt xmlns="urn:customstransit:manifest:1">
              <MessageId>0123456789abcdef0123456789abcdef</MessageId>
              <Result>PERHAPS</Result>
            </NotificationReceipt>
            """;

        var problem = XsdValidator.Validate(Encoding.UTF8.GetBytes(xml), Manifest).ShouldHaveSingleItem();

        (problem.Line, problem.ElementPath).ShouldBe((3, "NotificationReceipt/Result"));
        problem.Column.ShouldBeGreaterThan(0);
        XsdValidator.Validate(Encoding.UTF8.GetBytes(xml.Replace("PERHAPS", "DUPLICATE", StringComparison.Ordinal)), Manifest).ShouldBeEmpty();
    }

    [Fact]
    public void A_missing_attribute_and_a_wrong_one_are_both_found()
    {
        var schemas = SchemaCatalogue.BuiltIn.Target("soap/transportation-notification").Schemas;

        var problems = XsdValidator.Validate("<TripEventReceipt xmlns='urn:customstransit:transportation:1' result='MAYBE'/>"u8.ToArray(), schemas);

        problems.Select(p => p.ElementPath).ShouldBe(["TripEventReceipt/@result", "TripEventReceipt"], ignoreOrder: true);
    }

    [Fact]
    public void Broken_XML_is_one_problem()
    {
        var problem = XsdValidator.Validate("<SealNotification xmlns='urn:customstransit:manifest:1'>\n<MessageId>"u8.ToArray(), Manifest).ShouldHaveSingleItem();

        problem.Line.ShouldBe(2);
    }

    [Fact]
    public void A_schema_location_in_a_message_is_not_followed()
    {
        const string Xml = "<NotificationReceipt xmlns='urn:customstransit:manifest:1' xmlns:i='http://www.w3.org/2001/XMLSchema-instance' i:schemaLocation='urn:x http://127.0.0.1:1/x.xsd'><MessageId>0123456789abcdef0123456789abcdef</MessageId><Result>ACCEPTED</Result></NotificationReceipt>";

        XsdValidator.Validate(Encoding.UTF8.GetBytes(Xml), Manifest).ShouldBeEmpty();
    }

    [Fact]
    public void A_response_is_no_declaration()
    {
        var xml = Encoding.UTF8.GetBytes(Samples.Response);

        XsdValidator.Validate(xml, SchemaCatalogue.BuiltIn.Target("wco/response").Schemas).ShouldBeEmpty();
        XsdValidator.Validate(xml, SchemaCatalogue.BuiltIn.Target("wco/declaration").Schemas).ShouldNotBeEmpty();
    }

    [Fact]
    public void Every_file_that_a_WSDL_or_schema_imports_can_be_served()
    {
        foreach (var file in SchemaCatalogue.Files.Where(f => f.EndsWith(".wsdl", StringComparison.Ordinal) || f.EndsWith(".xsd", StringComparison.Ordinal)))
        {
            using var reader = XmlInput.CreateReader(Encoding.UTF8.GetBytes(SchemaCatalogue.OpenText(file)));
            foreach (var import in System.Xml.Linq.XDocument.Load(reader).Descendants(System.Xml.Linq.XName.Get("import", "http://www.w3.org/2001/XMLSchema")))
            {
                var path = new Uri(new Uri("http://schemas/" + file), (string)import.Attribute("schemaLocation")!).AbsolutePath.TrimStart('/');
                SchemaCatalogue.Files.ShouldContain(path, file);
            }
        }

        SchemaCatalogue.Files.ShouldContain("soap/wco-exchange.wsdl");
    }

    private static void Drain(string xml, int limit = XmlInput.DefaultLimit)
    {
        using var reader = XmlInput.CreateReader(Encoding.UTF8.GetBytes(xml), limit);
        while (reader.Read())
        {
        }
    }

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("<a>", depth)) + string.Concat(Enumerable.Repeat("</a>", depth));
}
