using System.Text;
using System.Xml;
using System.Xml.Schema;
using Adapter.Mappings.Validation;
using Adapter.Mappings.Wco;

namespace Adapter.Mappings.Tests.Wco;

/// <summary>What neighbours send is read whatever its prefixes; what is wrong is pointed at; what is unknown is kept.</summary>
public class WcoReaderTests
{
    private const string Arrival =
        """
        <MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"><WCODataModelVersionCode>3.6</WCODataModelVersionCode><WCOTypeName>DEC</WCOTypeName><ResponsibleCountryCode>UG</ResponsibleCountryCode>
        <ResponsibleAgencyName>URA</ResponsibleAgencyName><AgencyAssignedCustomizationCode>ELOCK</AgencyAssignedCustomizationCode><AgencyAssignedCustomizationVersionCode>1</AgencyAssignedCustomizationVersionCode>
        <Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>9</FunctionCode><FunctionalReferenceID>7f3a5b7c9d1e2f30415263748596a7b8</FunctionalReferenceID><ID>26KE00000012345678</ID>
        <IssueDateTime><DateTimeString formatCode="304" xmlns="urn:wco:datamodel:WCO:Declaration_DS:DMS:2">20260302094500+03</DateTimeString></IssueDateTime><TypeCode>524</TypeCode><DeclarationOfficeID>UGMAL</DeclarationOfficeID>
        <AdditionalInformation><StatementCode>ARRIVAL</StatementCode><StatementTypeCode>ACB</StatementTypeCode></AdditionalInformation>
        <AdditionalInformation><StatementCode>SEQUENCE</StatementCode><StatementDescription>2</StatementDescription><StatementTypeCode>ACB</StatementTypeCode></AdditionalInformation>
        <GoodsShipment><Consignment><ArrivalTransportMeans><ID>KDA 123A</ID><ModeCode>3</ModeCode></ArrivalTransportMeans><TransportEquipment><SequenceNumeric>1</SequenceNumeric><ID>MSKU1234565</ID><Seal><SequenceNumeric>1</SequenceNumeric><ID>SL-1</ID></Seal><Seal><SequenceNumeric>2</SequenceNumeric><ID>8022300001</ID></Seal></TransportEquipment></Consignment></GoodsShipment>
        <PresentationOffice><ID>UGMAL</ID></PresentationOffice></Declaration></MetaData>
        """;

    [Fact]
    public void What_the_exchange_needs_of_a_declaration_is_read()
    {
        var declaration = Read(Arrival).Message.ShouldNotBeNull();

        (declaration.Kind, declaration.Country, declaration.CustomizationVersion, declaration.FunctionCode, declaration.Reference, declaration.Mrn, declaration.Sequence, declaration.Answers)
            .ShouldBe((WcoKind.Declaration, "UG", "1", 9, "7f3a5b7c9d1e2f30415263748596a7b8", "26KE00000012345678", 2, null));
        declaration.Statements[0].Code.ShouldBe("ARRIVAL");
    }

    [Fact]
    public void Prefixes_say_nothing()
    {
        var prefixed = Prefixed(Arrival);
        prefixed.ShouldContain("<md:MetaData");
        prefixed.ShouldContain("<d:Declaration");

        Read(prefixed).Message.ShouldNotBeNull().Statements.Count.ShouldBe(2);
    }

    [Fact]
    public void Unknown_children_are_passed_over_and_order_does_not_matter()
    {
        var odd = Arrival.Replace("<FunctionCode>9</FunctionCode>", """<Extensions xmlns="urn:else"><X a="1">y</X></Extensions><Novelty>z</Novelty>""")
            .Replace("<TypeCode>524</TypeCode>", "<TypeCode>524</TypeCode><FunctionCode>09</FunctionCode>");

        Read(odd).Message.ShouldNotBeNull().FunctionCode.ShouldBe(9);
    }

    [Theory]
    [InlineData("<ID>8022300001</ID>", "<ID> </ID>", "42A 67A 28A 31B[1] 44B[2]/165")]
    [InlineData("<FunctionCode>9</FunctionCode>", "<FunctionCode>nine</FunctionCode>", "42A/017")]
    [InlineData("<FunctionCode>9</FunctionCode>", "", "42A/017")]
    [InlineData("<FunctionalReferenceID>7f3a5b7c9d1e2f30415263748596a7b8</FunctionalReferenceID>", "", "42A/D026")]
    [InlineData("20260302094500+03", "2026-03-02T09:45:00", "42A/D011")]
    [InlineData("formatCode=\"304\"", "formatCode=\"204\"", "42A/D011")]
    [InlineData("<DeclarationOfficeID>UGMAL</DeclarationOfficeID>", "<DeclarationOfficeID>an office code of far too many characters</DeclarationOfficeID>", "42A/065")]
    [InlineData("<StatementDescription>2</StatementDescription>", "<StatementTypeCode>ACBX</StatementTypeCode>", "42A 03A[2]/369")]
    public void What_is_wrong_is_pointed_at_outermost_class_first(string right, string wrong, string chain)
    {
        Arrival.ShouldContain(right);

        var reading = Read(Arrival.Replace(right, wrong));

        reading.Message.ShouldBeNull();
        reading.Errors.Select(e => Chain(e.Pointers)).ShouldContain(chain);
        reading.Mrn.ShouldBe("26KE00000012345678");
    }

    [Theory]
    [InlineData("<MetaData xmlns=\"urn:wco:datamodel:WCO:DocumentMetaData-DMS:2\"/>")]
    [InlineData("<MetaData><Declaration/></MetaData>")]
    [InlineData("<Declaration xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\"/>")]
    public void What_is_no_message_of_the_profile_is_refused_with_a_reason(string xml)
    {
        var reading = Read(xml);

        reading.Message.ShouldBeNull();
        reading.Errors.ShouldHaveSingleItem().Code.ShouldBe("13");
    }

    [Fact]
    public void Two_messages_in_one_envelope_are_refused() =>
        Read(Arrival.Replace("</MetaData>", """<Response xmlns="urn:wco:datamodel:WCO:RES-DMS:2"/></MetaData>""")).Errors.Select(e => e.Description).ShouldContain(d => d.Contains("more than one"));

    [Fact]
    public void A_document_type_is_never_read() =>
        Should.Throw<XmlException>(() => Read("<!DOCTYPE MetaData [<!ENTITY e \"x\">]>" + Arrival));

    [Theory]
    [InlineData(WcoFunction.Received)]
    [InlineData(WcoFunction.Accepted)]
    [InlineData(WcoFunction.Rejected)]
    [InlineData(WcoFunction.SendAgain)]
    public void A_response_that_we_write_is_valid_in_our_strict_schema_and_reads_back(int function)
    {
        WcoError[] errors = function == WcoFunction.Rejected
            ? [new(WcoErrorCodes.UnknownMrn, "No movement has this MRN.", [new("42A", null, null), new("31B", 2, null), new("44B", 1, "165")])]
            : [];
        var bytes = Response(function, errors);

        XsdValidator.Validate(bytes, SchemaCatalogue.BuiltIn.Target("wco/response").Schemas).ShouldBeEmpty();
        var response = WcoReader.Read(bytes).Message.ShouldNotBeNull();
        (response.Kind, response.FunctionCode, response.Answers, response.Mrn).ShouldBe((WcoKind.Response, function, "7f3a5b7c9d1e2f30415263748596a7b8", "26KE00000012345678"));
        var body = response.MetaData.Element(WcoNames.Res + "Response").ShouldNotBeNull();
        body.Elements(WcoNames.Res + "Error").SelectMany(e => e.Elements(WcoNames.Res + "Pointer")).Select(p => string.Concat(p.Elements().Select(e => e.Value + " ")))
            .ShouldBe(errors.SelectMany(_ => (string[])["42A ", "2 31B ", "1 44B 165 "]));
        WcoReader.Read(Response(function, errors)).Reference.ShouldBe(response.Reference, "the same answer has the same id");
    }

    [Fact]
    public void Messages_and_answers_are_valid_in_schemas_that_this_project_did_not_write()
    {
        var foreign = Foreign();

        WcoReader.Read(Response(WcoFunction.Rejected, [new(WcoErrorCodes.Invalid, "wrong", [new("42A", null, "D014")])]), foreign).Errors.ShouldBeEmpty();
        WcoReader.Read(Response(WcoFunction.SendAgain, []), foreign).Errors.ShouldBeEmpty();
        WcoReader.Read(Encoding.UTF8.GetBytes(Arrival), foreign).Errors.ShouldBeEmpty();
    }

    [Fact]
    public void A_neighbours_own_schemas_refuse_what_the_open_ones_take()
    {
        var novelty = Arrival.Replace("<TypeCode>524</TypeCode>", "<TypeCode>524</TypeCode><Novelty>z</Novelty>");

        Read(novelty).Errors.ShouldBeEmpty();
        WcoReader.Read(Encoding.UTF8.GetBytes(novelty), Foreign()).Errors.ShouldNotBeEmpty();
    }

    private static XmlSchemaSet Foreign()
    {
        var folder = ConformanceFolder.PathOf("wco", "hmrc-dms");
        return SchemaFolder.Load([Path.Combine(folder, "DocumentMetaData_2_DMS.xsd"), Path.Combine(folder, "WCO_DEC_2_DMS.xsd"), Path.Combine(folder, "WCO_RES_2_DMS.xsd")]);
    }

    private static WcoReading Read(string xml) => WcoReader.Read(Encoding.UTF8.GetBytes(xml));

    private static byte[] Response(int function, IReadOnlyList<WcoError> errors) => WcoResponseWriter.Write(
        new WcoSender("KE", "Kenya Revenue Authority", "ELOCK", "1"), function, "7f3a5b7c9d1e2f30415263748596a7b8", "26KE00000012345678",
        new DateTimeOffset(2026, 3, 2, 7, 0, 0, TimeSpan.Zero), errors, function == WcoFunction.SendAgain ? new WcoStatement("RESEND", "3") : null);

    private static string Chain(IReadOnlyList<WcoPointer> pointers) =>
        string.Join(' ', pointers.Select(p => p.Section + (p.Sequence is { } n ? $"[{n}]" : "") + (p.Tag is null ? "" : "/" + p.Tag)));

    private static string Prefixed(string xml)
    {
        var document = new XmlDocument();
        using var reader = XmlInput.CreateReader(Encoding.UTF8.GetBytes(xml));
        document.Load(reader);
        foreach (XmlElement element in document.SelectNodes("//*")!)
        {
            element.RemoveAttribute("xmlns");
            element.Prefix = element.NamespaceURI switch
            {
                "urn:wco:datamodel:WCO:DocumentMetaData-DMS:2" => "md",
                "urn:wco:datamodel:WCO:DEC-DMS:2" => "d",
                _ => "ds",
            };
        }

        return document.OuterXml;
    }
}
