using System.Net;
using System.Text;
using System.Xml;
using System.Xml.Schema;
using Adapter.Host.Rehearsal.Twins;
using static Adapter.Host.Rehearsal.Twins.TwinName;

namespace Adapter.Integration.Tests.Rehearsal;

public sealed class HostileInputTests
{
    public static TheoryData<string, string> BadContent => new()
    {
        { "a document type", "<!DOCTYPE a [<!ENTITY x \"y\">]>" + TwinStage.Envelope(TwinStage.Soap11, Messages.Seal()) },
        { "depth", TwinStage.Envelope(TwinStage.Soap11, string.Concat(Enumerable.Repeat("<a>", 40_000)) + string.Concat(Enumerable.Repeat("</a>", 40_000))) },
        { "size", TwinStage.Envelope(TwinStage.Soap11, $"<a>{new string('x', SoapEnvelope.MostBytes)}</a>") },
        { "a torn end", TwinStage.Envelope(TwinStage.Soap11, Messages.Seal())[..^9] },
        { "no content", "" },
        { "no body", "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"/>" },
        { "two messages", TwinStage.Envelope(TwinStage.Soap11, Messages.Seal() + Messages.Seal()) },
        { "an unknown message", TwinStage.Envelope(TwinStage.Soap11, "<a xmlns=\"urn:a\"/>") },
        { "no id", TwinStage.Envelope(TwinStage.Soap11, Messages.Seal(id: "")) },
    };

    [Theory, MemberData(nameof(BadContent))]
    public async Task Bad_content_gets_a_fault_of_the_sender_and_leaves_nothing(string what, string content)
    {
        await using var stage = await TwinStage.StartAsync();

        var reply = await stage.PostAsync(Manifest, TwinStage.Soap11, Encoding.UTF8.GetBytes(content));

        reply.Status.ShouldBe(HttpStatusCode.InternalServerError, what);
        reply.FaultCode.ShouldBe("soap:Client", what);
        stage.Received(Manifest).ShouldBeEmpty(what);
        (await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal()))["Result"].ShouldBe("ACCEPTED");
    }

    [Fact]
    public async Task An_envelope_of_the_other_version_is_a_mismatch()
    {
        await using var stage = await TwinStage.StartAsync();

        var reply = await stage.PostAsync(Transportation, TwinStage.Soap12, Encoding.UTF8.GetBytes(TwinStage.Envelope(TwinStage.Soap11, Messages.Trip())));

        reply.Status.ShouldBe(HttpStatusCode.InternalServerError);
        reply.FaultCode.ShouldBe("soap:VersionMismatch");
    }

    [Fact]
    public async Task A_body_that_is_not_valid_gets_a_fault_and_a_valid_one_passes()
    {
        await using var stage = await TwinStage.StartAsync(settings => settings with { TransportationSchemas = Schemas() });

        var invalid = await stage.SendAsync(Transportation, TwinStage.Soap12, Messages.Find(id: "too short"));
        var undeclared = await stage.SendAsync(Transportation, TwinStage.Soap11, Messages.Trip());
        var valid = await stage.SendAsync(Transportation, TwinStage.Soap12, Messages.Find());

        (invalid.Status, invalid.FaultCode).ShouldBe((HttpStatusCode.BadRequest, "soap:Sender"));
        (undeclared.Status, undeclared.FaultCode).ShouldBe((HttpStatusCode.InternalServerError, "soap:Client"));
        valid["State"].ShouldBe("NOT_FOUND");
        stage.Received(Transportation).Count.ShouldBe(1);
    }

    private static XmlSchemaSet Schemas()
    {
        const string Xsd = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:customstransit:transportation:1" elementFormDefault="qualified">
              <xs:element name="FindTripEvent"><xs:complexType><xs:sequence>
                <xs:element name="MessageId"><xs:simpleType><xs:restriction base="xs:token"><xs:length value="32"/></xs:restriction></xs:simpleType></xs:element>
              </xs:sequence></xs:complexType></xs:element>
            </xs:schema>
            """;
        var schemas = new XmlSchemaSet();
        using var reader = XmlReader.Create(new StringReader(Xsd));
        schemas.Add(null, reader);
        return schemas;
    }
}
