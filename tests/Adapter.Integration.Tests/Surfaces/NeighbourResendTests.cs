using System.Net;
using System.Text;
using System.Xml.Linq;
using Adapter.Contracts.Customs;
using Adapter.Host.Admin;
using Adapter.Host.Journeys;
using Adapter.Host.Storage;
using Adapter.Mappings.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Numbers that are missing in a neighbour's count are asked for by a message to it, and what it sends again closes the gap.</summary>
public sealed class NeighbourResendTests : IAsyncLifetime
{
    private const string Mrn = "26KE00000012345678";
    private static readonly XNamespace Res = "urn:wco:datamodel:WCO:RES-DMS:2";
    private static readonly XNamespace Notes = CustomsNamespaces.Notifications;

    private TestHost _host = null!;
    private string _key = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(new TestHostOptions
        {
            WithTwins = false,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["SoapServices:Services:wco-exchange:Callers:kra:Operations:0"] = "*",
                ["SoapServices:Services:notifications:Callers:kra:Operations:0"] = "*",
                ["Neighbours:kenya:Callers:0"] = "kra",
                ["Neighbours:kenya:Country"] = "KE",
                ["Neighbours:kenya:Registers"] = "true",
                ["Neighbours:kenya:Answers"] = "kenya-answers",
                ["Destinations:kenya-answers:Transport"] = "Pull",
                ["Destinations:kenya-answers:Document"] = "wco-declaration",
                // No event is for it; answers are put there by the exchange.
                ["Destinations:kenya-answers:Subscribes:0"] = "ANSWER",
                ["Destinations:kenya-answers:Pull:Callers:0"] = "kra",
            },
        });
        _key = (await _host.Services.GetRequiredService<IPrincipalStore>().AddAsync("kra", [Roles.Caller], new Actor("test"), Cancel))!;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_gap_is_asked_for_once_and_closed_by_what_comes_again_in_any_order()
    {
        await SubmitAsync("a1", "DEPARTURE", 1);
        await SubmitAsync("a4", "ROPE_CUT", 4);

        var words = new List<(string Code, string? About, string? Resend)> { await NextAsync(), await NextAsync(), await NextAsync() };
        words.ShouldBe([("01", "a1", null), ("01", "a4", null), ("35", "a4", "2-3")]);

        await SubmitAsync("a3", "LONG_STOP", 3);
        await SubmitAsync("a2", "LOW_BATTERY", 2);
        await SubmitAsync("a5", "ROPE_CUT", 5);

        List<(string Code, string? About, string? Resend)> later = [await NextAsync(), await NextAsync(), await NextAsync(), await NextAsync()];
        later.ShouldBe([("01", "a3", null), ("35", "a3", "2"), ("01", "a2", null), ("01", "a5", null)]);
        (await _host.Services.GetRequiredService<IJourneyReader>().FindAsync(Subject.OfJourney(Mrn), Cancel)).ShouldNotBeNull().Observations.Count.ShouldBe(4);
    }

    private async Task SubmitAsync(string reference, string code, int number)
    {
        var answer = await CallAsync("wco-exchange", $"""
            <MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"><WCODataModelVersionCode>3.6</WCODataModelVersionCode><WCOTypeName>DEC</WCOTypeName><ResponsibleCountryCode>KE</ResponsibleCountryCode>
            <Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>9</FunctionCode><FunctionalReferenceID>{reference}</FunctionalReferenceID><ID>{Mrn}</ID><TypeCode>{(code == "DEPARTURE" ? "525" : "588")}</TypeCode><DeclarationOfficeID>KEMBA</DeclarationOfficeID>
            <AdditionalInformation><StatementCode>{code}</StatementCode></AdditionalInformation><AdditionalInformation><StatementCode>SEQUENCE</StatementCode><StatementDescription>{number}</StatementDescription></AdditionalInformation>
            <SupervisingOffice><ID>UGMAL</ID></SupervisingOffice></Declaration></MetaData>
            """);
        answer.Descendants(Res + "FunctionCode").ShouldHaveSingleItem().Value.ShouldBe("02", answer.ToString());
    }

    /// <summary>The next word of ours for the neighbour, fetched and acknowledged.</summary>
    private async Task<(string Code, string? About, string? Resend)> NextAsync()
    {
        var pending = await CallAsync("notifications", $"<GetPending xmlns='{Notes}'><Most>1</Most><WaitSeconds>30</WaitSeconds></GetPending>");
        var message = pending.Descendants(Notes + "Message").ShouldHaveSingleItem();
        await CallAsync("notifications", $"<Acknowledge xmlns='{Notes}'><Receipt>{message.Element(Notes + "MessageId")}{message.Element(Notes + "Lease")}<Result>ACCEPTED</Result></Receipt></Acknowledge>");
        var response = message.Descendants(Res + "Response").ShouldHaveSingleItem();
        return (
            response.Element(Res + "FunctionCode")!.Value, response.Element(Res + "Declaration")!.Element(Res + "FunctionalReferenceID")?.Value,
            response.Elements(Res + "AdditionalInformation").FirstOrDefault(s => s.Element(Res + "StatementCode")?.Value == "RESEND")?.Element(Res + "StatementDescription")?.Value);
    }

    private async Task<XElement> CallAsync(string service, string body)
    {
        using var content = new StringContent(SoapDoor.Envelope(body, SoapDoor.TextToken("kra", _key)), Encoding.UTF8, "text/xml");
        using var answer = await _host.Anonymous.PostAsync(new Uri($"/soap/{service}", UriKind.Relative), content, Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return XmlInput.Load(await answer.Content.ReadAsByteArrayAsync(Cancel)).Root!;
    }
}
