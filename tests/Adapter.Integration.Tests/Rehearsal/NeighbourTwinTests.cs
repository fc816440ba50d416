using System.Net;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Adapter.Host.Rehearsal.Twins;
using static Adapter.Host.Rehearsal.Twins.TwinName;

namespace Adapter.Integration.Tests.Rehearsal;

public sealed class NeighbourTwinTests
{
    [Fact]
    public async Task A_declaration_is_answered_by_a_response_that_echoes_it()
    {
        await using var stage = await TwinStage.StartAsync();

        var reply = await stage.SendAsync(Neighbour, TwinStage.Soap12, Messages.Declaration());

        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.Content.Name.ToString().ShouldBe("{urn:wco:datamodel:WCO:DocumentMetaData-DMS:2}MetaData");
        reply["FunctionCode"].ShouldBe("01");
        var declaration = reply.Content.Descendants().Single(e => e.Name == "{urn:wco:datamodel:WCO:RES-DMS:2}Declaration");
        declaration.Elements().Select(e => e.Value).ShouldBe([Messages.Id, "26KE0MBA00482917J1"]);
        reply["FunctionalReferenceID"].ShouldNotBe(Messages.Id);
        var record = stage.Received(Neighbour).ShouldHaveSingleItem();
        record.Subject.ShouldBe("26KE0MBA00482917J1");
        (record.Kind, record.Sequence).ShouldBe(("ARRIVAL", 4L));
        record.Result.ShouldBe("01");
        record.Action.ShouldBe("urn:test:act");
    }

    [Fact]
    public async Task The_same_declaration_again_gets_the_same_answer_also_after_a_restart()
    {
        await using var stage = await TwinStage.StartAsync();
        var first = await stage.SendAsync(Neighbour, TwinStage.Soap12, Messages.Declaration());
        await stage.RestartAsync();

        var again = await stage.SendAsync(Neighbour, TwinStage.Soap12, Messages.Declaration());

        again.Envelope.ToString().ShouldBe(first.Envelope.ToString());
        stage.Received(Neighbour).Select(r => r.Effect).ShouldBe([1, 0]);
    }

    [Fact]
    public async Task The_same_id_with_another_content_is_rejected()
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.SendAsync(Neighbour, TwinStage.Soap12, Messages.Declaration());

        var reused = await stage.SendAsync(Neighbour, TwinStage.Soap12, Messages.Declaration(code: "13"));

        reused["FunctionCode"].ShouldBe("03");
        reused["ValidationCode"].ShouldBe("26");
    }

    [Fact]
    public async Task Both_answers_satisfy_the_schemas_of_the_real_profile()
    {
        var schemas = Profile(ConformanceFolder.PathOf("wco", "hmrc-dms"));
        await using var stage = await TwinStage.StartAsync();

        var accepted = await stage.SendAsync(Neighbour, TwinStage.Soap12, Messages.Declaration());
        await stage.OrderAsync(Neighbour, """{"mode":"refuse","count":1}""");
        var rejected = await stage.SendAsync(Neighbour, TwinStage.Soap12, Messages.Declaration("fedcba9876543210fedcba9876543210"));

        BodyValidation.FirstError(accepted.Content, schemas).ShouldBeNull();
        BodyValidation.FirstError(rejected.Content, schemas).ShouldBeNull();
        rejected["FunctionCode"].ShouldBe("03");
        rejected["ValidationCode"].ShouldBe("TRN-409");
        var broken = new XElement(accepted.Content);
        broken.Descendants().Single(e => e.Name.LocalName == "FunctionCode").Remove();
        BodyValidation.FirstError(broken, schemas).ShouldNotBeNull();
    }

    private static XmlSchemaSet Profile(string folder)
    {
        var schemas = new XmlSchemaSet { XmlResolver = new InFolder(folder) };
        foreach (var name in new[] { "DocumentMetaData_2_DMS.xsd", "WCO_DEC_2_DMS.xsd", "WCO_RES_2_DMS.xsd" })
        {
            using var reader = XmlReader.Create(Path.Combine(folder, name));
            schemas.Add(null, reader);
        }

        schemas.Compile();
        schemas.GlobalElements.Contains(new XmlQualifiedName("Response", "urn:wco:datamodel:WCO:RES-DMS:2")).ShouldBeTrue();
        return schemas;
    }

    /// <summary>The profile's response refers to the declaration by the path of another distribution; here they lie side by side.</summary>
    private sealed class InFolder(string folder) : XmlUrlResolver
    {
        public override Uri ResolveUri(Uri? baseUri, string? relativeUri) =>
            base.ResolveUri(baseUri, relativeUri == "../declaration/WCO_DEC_2_DMS.xsd" ? Path.Combine(folder, "WCO_DEC_2_DMS.xsd") : relativeUri);
    }
}
