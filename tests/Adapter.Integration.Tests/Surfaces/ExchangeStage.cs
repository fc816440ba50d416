using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Adapter.Contracts.Customs;
using Adapter.Host.Admin;
using Adapter.Host.Storage;
using Adapter.Mappings.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>A host with callers at the doors for neighbours and for systems that cannot be called. Kenya is the neighbour, its principal is kra.</summary>
internal sealed class ExchangeStage : IAsyncDisposable
{
    public const string Mrn = "26KE00000012345678";
    public const string Kenya = "kra";
    public const string Gate = "gate-1";
    public static readonly XNamespace Res = "urn:wco:datamodel:WCO:RES-DMS:2";
    public static readonly XNamespace Notes = CustomsNamespaces.Notifications;
    public static readonly XNamespace Soap11 = SoapDoor.Soap11;
    public static readonly XNamespace Soap12 = SoapDoor.Soap12;

    private readonly Dictionary<string, HttpClient> _callers = new(StringComparer.Ordinal);

    private ExchangeStage(TestHost host) => Host = host;

    public TestHost Host { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="callers">Principals that may call both services: whose messages they are is for the services to say.</param>
    /// <param name="settings">Destinations, and what else there is to say of the neighbour.</param>
    public static async Task<ExchangeStage> StartAsync(IReadOnlyList<string> callers, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var caller in callers)
        {
            all[$"SoapServices:Services:wco-exchange:Callers:{caller}:Operations:0"] = "*";
            all[$"SoapServices:Services:notifications:Callers:{caller}:Operations:0"] = "*";
        }

        if (callers.Contains(Kenya))
        {
            all["Neighbours:kenya:Callers:0"] = Kenya;
            all["Neighbours:kenya:Country"] = "KE";
            all["Neighbours:kenya:Registers"] = "true";
        }

        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        var stage = new ExchangeStage(await TestHost.StartAsync(new TestHostOptions { WithTwins = false, Settings = all }));
        foreach (var caller in callers)
        {
            await stage.AddCallerAsync(caller);
        }

        return stage;
    }

    /// <summary>Settings of a destination whose messages a caller fetches.</summary>
    public static (string Name, string Value)[] Fetched(string destination, string document, string caller, params string[] subscribes) =>
    [
        ($"Destinations:{destination}:Transport", "Pull"),
        ($"Destinations:{destination}:Document", document),
        ($"Destinations:{destination}:Pull:Callers:0", caller),
        .. subscribes.Select((kind, i) => ($"Destinations:{destination}:Subscribes:{i}", kind)),
    ];

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _callers.Values)
        {
            client.Dispose();
        }

        await Host.DisposeAsync();
    }

    /// <summary>Makes a principal that proves itself by HTTP Basic, as SOAP stacks do.</summary>
    public async Task AddCallerAsync(string name)
    {
        var key = await Host.Services.GetRequiredService<IPrincipalStore>().AddAsync(name, [Roles.Caller], new Actor("test"), Cancel);
        var client = new HttpClient { BaseAddress = Host.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{key}")));
        _callers.Add(name, client);
    }

    public HttpClient ClientOf(string caller) => _callers[caller];

    public Task<(HttpStatusCode Status, XElement Body)> PostAsync(string caller, string service, string content, XNamespace? version = null, string headers = "") =>
        SendAsync(ClientOf(caller), service, SoapDoor.Envelope(content, headers, (version ?? Soap12).NamespaceName), version ?? Soap12);

    /// <returns>The envelope; an element <c>none</c> where the answer is no XML.</returns>
    public static async Task<(HttpStatusCode Status, XElement Body)> SendAsync(HttpClient client, string service, string envelope, XNamespace version)
    {
        using var body = new StringContent(envelope, Encoding.UTF8, version == Soap11 ? "text/xml" : "application/soap+xml");
        using var response = await client.PostAsync(new Uri("soap/" + service, UriKind.Relative), body, Cancel);
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancel);
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType?.EndsWith("xml", StringComparison.Ordinal) == true ? XmlInput.Load(bytes).Root! : new XElement("none"));
    }

    /// <summary>Kenya submits a message.</summary>
    /// <returns>Our response to it.</returns>
    public async Task<XElement> SubmitAsync(string message, string headers = "")
    {
        var (status, body) = await PostAsync(Kenya, "wco-exchange", message, headers: headers);
        status.ShouldBe(HttpStatusCode.OK, body.ToString());
        return body.Descendants(Res + "Response").ShouldHaveSingleItem();
    }

    /// <summary>Fetches the next message of a receiver; null where none comes in time.</summary>
    /// <param name="receiver">Null where the caller fetches for one alone.</param>
    public async Task<XElement?> FetchAsync(string caller, string? receiver = null, int waitSeconds = 30)
    {
        var of = receiver is null ? "" : $"<Receiver>{receiver}</Receiver>";
        var (status, answer) = await PostAsync(caller, "notifications", $"<GetPending xmlns='{Notes}'>{of}<Most>1</Most><WaitSeconds>{waitSeconds}</WaitSeconds></GetPending>");
        status.ShouldBe(HttpStatusCode.OK, answer.ToString());
        return answer.Descendants(Notes + "Message").FirstOrDefault();
    }

    /// <summary>Acknowledges what was fetched.</summary>
    /// <returns>What became of it.</returns>
    public async Task<string> AcknowledgeAsync(string caller, XElement message, string result = "ACCEPTED", string? code = null, string? receiver = null, XNamespace? version = null)
    {
        var (of, why) = (receiver is null ? "" : $"<Receiver>{receiver}</Receiver>", code is null ? "" : $"<Code>{code}</Code>");
        var receipt = $"<Receipt>{message.Element(Notes + "MessageId")}{message.Element(Notes + "Lease")}<Result>{result}</Result>{why}</Receipt>";
        var (status, answer) = await PostAsync(caller, "notifications", $"<Acknowledge xmlns='{Notes}'>{of}{receipt}</Acknowledge>", version);
        status.ShouldBe(HttpStatusCode.OK, answer.ToString());
        return answer.Descendants(Notes + "Code").ShouldHaveSingleItem().Value;
    }

    public static string Code(XElement response) => response.Element(Res + "FunctionCode")!.Value;

    public static string Error(XElement response) => response.Elements(Res + "Error").ShouldHaveSingleItem().Element(Res + "ValidationCode")!.Value;

    /// <summary>Where an error points to, as 42A/D014.</summary>
    public static string Chain(XElement response) => string.Join(' ', response.Element(Res + "Error")!.Elements(Res + "Pointer")
        .Select(p => p.Element(Res + "DocumentSectionCode")!.Value + (p.Element(Res + "TagID") is { } tag ? "/" + tag.Value : "")));

    /// <summary>A declaration of Kenya about a container with the seal SL-1.</summary>
    public static string Declaration(string reference, string type, string code, int number) =>
        $"""
        <MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"><WCODataModelVersionCode>3.6</WCODataModelVersionCode><WCOTypeName>DEC</WCOTypeName><ResponsibleCountryCode>KE</ResponsibleCountryCode>
        <Declaration xmlns="urn:wco:datamodel:WCO:DEC-DMS:2"><FunctionCode>9</FunctionCode><FunctionalReferenceID>{reference}</FunctionalReferenceID><ID>{Mrn}</ID><TypeCode>{type}</TypeCode><DeclarationOfficeID>KEMBA</DeclarationOfficeID>
        <AdditionalInformation><StatementCode>{code}</StatementCode></AdditionalInformation><AdditionalInformation><StatementCode>SEQUENCE</StatementCode><StatementDescription>{number}</StatementDescription></AdditionalInformation>
        <GoodsShipment><Consignment><TransportEquipment><SequenceNumeric>1</SequenceNumeric><ID>MSKU1234565</ID><Seal><SequenceNumeric>1</SequenceNumeric><ID>SL-1</ID></Seal></TransportEquipment></Consignment></GoodsShipment>
        <SupervisingOffice><ID>UGMAL</ID></SupervisingOffice></Declaration></MetaData>
        """;

    /// <summary>A response of Kenya to a message of ours.</summary>
    /// <param name="answers">Our reference of that message; null where it names none.</param>
    public static string Response(string function, string reference, string? answers, string inside = "") =>
        $"""
        <MetaData xmlns="urn:wco:datamodel:WCO:DocumentMetaData-DMS:2"><WCODataModelVersionCode>3.6</WCODataModelVersionCode><WCOTypeName>RES</WCOTypeName><ResponsibleCountryCode>KE</ResponsibleCountryCode>
        <Response xmlns="urn:wco:datamodel:WCO:RES-DMS:2"><FunctionCode>{function}</FunctionCode><FunctionalReferenceID>{reference}</FunctionalReferenceID>{inside}
        <Declaration>{(answers is null ? "" : $"<FunctionalReferenceID>{answers}</FunctionalReferenceID>")}<ID>{Mrn}</ID></Declaration></Response></MetaData>
        """;
}
