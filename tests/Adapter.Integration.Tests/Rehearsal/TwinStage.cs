using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.Rehearsal;

/// <summary>Twins on a free port and a directory of their own, and a client that speaks plain HTTP to them.</summary>
internal sealed class TwinStage : IAsyncDisposable
{
    public const string Soap11 = "text/xml; charset=utf-8";
    public const string Soap12 = "application/soap+xml; charset=utf-8; action=\"urn:test:act\"";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("twins-");
    private readonly HttpClient _client = new();
    private readonly TwinSettings _settings;
    private TwinHost _host = null!;

    private TwinStage(Func<TwinSettings, TwinSettings>? configure)
    {
        var settings = new TwinSettings { Directory = _directory.FullName };
        _settings = configure?.Invoke(settings) ?? settings;
    }

    public TwinHost Host => _host;

    public string LogDirectory => _directory.FullName;

    public static async Task<TwinStage> StartAsync(Func<TwinSettings, TwinSettings>? configure = null)
    {
        var stage = new TwinStage(configure);
        stage._host = await TwinHost.StartAsync(stage._settings, TestContext.Current.CancellationToken);
        return stage;
    }

    public async Task RestartAsync(Action<string>? meanwhile = null)
    {
        await _host.DisposeAsync();
        meanwhile?.Invoke(LogDirectory);
        _host = await TwinHost.StartAsync(_settings, TestContext.Current.CancellationToken);
    }

    public IReadOnlyList<TwinRecord> Received(string twin) => TwinLog.Read(LogDirectory, twin);

    public Task<Reply> SendAsync(string twin, string contentType, string body, string? header = null) =>
        PostAsync(twin, contentType, Encoding.UTF8.GetBytes(Envelope(contentType, body, header)));

    public async Task<Reply> PostAsync(string twin, string contentType, byte[] bytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _host.Endpoint(twin)) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        if (contentType == Soap11)
        {
            request.Headers.Add("SOAPAction", "\"urn:test:act\"");
        }

        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        using var reader = XmlReader.Create(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        return new Reply(response.StatusCode, response.Content.Headers.ContentType!.MediaType!, XDocument.Load(reader).Root!);
    }

    public async Task<(HttpStatusCode Status, string Text)> GetAsync(string path)
    {
        using var response = await _client.GetAsync(new Uri(_host.Address, path), TestContext.Current.CancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task<HttpStatusCode> OrderAsync(string twin, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _client.PutAsync(new Uri(_host.Address, $"/orders/{twin}"), content, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    public static string Envelope(string contentType, string body, string? header = null) =>
        $"<s:Envelope xmlns:s=\"{(contentType == Soap11 ? SoapForm.Soap11 : SoapForm.Soap12).Namespace}\"><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>";

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _client.Dispose();
        _directory.Delete(recursive: true);
    }
}

internal sealed record Reply(HttpStatusCode Status, string MediaType, XElement Envelope)
{
    public XElement Content => Envelope.Elements().Single(e => e.Name.LocalName == "Body").Elements().Single();

    public bool IsFault => Content.Name.LocalName == "Fault";

    /// <summary>Text of the first element of that name below the content.</summary>
    public string? this[string name] => Content.Descendants().FirstOrDefault(e => e.Name.LocalName == name)?.Value;

    public string FaultCode => this["faultcode"] ?? this["Value"] ?? "";
}

/// <summary>Messages as the adapter sends them.</summary>
internal static class Messages
{
    public const string Id = "0123456789abcdef0123456789abcdef";

    public static string Seal(string id = Id, long sequence = 3, string kind = "ROPE_CUT") =>
        "<m:SealNotification xmlns:m=\"urn:customstransit:manifest:1\">" +
        $"<m:MessageId>{id}</m:MessageId><m:Sequence>{sequence}</m:Sequence><m:Mrn>26KE0MBA00482917J1</m:Mrn>" +
        $"<m:Event><m:Code>{kind}</m:Code></m:Event></m:SealNotification>";

    public static string Trip(string id = Id, long sequence = 3) =>
        $"<TripEvent xmlns=\"urn:customstransit:transportation:1\" messageId=\"{id}\" sequence=\"{sequence}\">" +
        "<Trip><Mrn>26KE0MBA00482917J1</Mrn></Trip><Occurrence kind=\"DEPARTURE\"/></TripEvent>";

    public static string Find(string id = Id) =>
        $"<FindTripEvent xmlns=\"urn:customstransit:transportation:1\"><MessageId>{id}</MessageId></FindTripEvent>";

    public static string Declaration(string id = Id, string code = "9") =>
        "<md:MetaData xmlns:md=\"urn:wco:datamodel:WCO:DocumentMetaData-DMS:2\"><md:WCOTypeName>DEC</md:WCOTypeName>" +
        $"<Declaration xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\"><FunctionCode>{code}</FunctionCode>" +
        $"<FunctionalReferenceID>{id}</FunctionalReferenceID><ID>26KE0MBA00482917J1</ID>" +
        "<AdditionalInformation><StatementCode>ARRIVAL</StatementCode></AdditionalInformation>" +
        "<AdditionalInformation><StatementCode>SEQUENCE</StatementCode><StatementDescription>4</StatementDescription></AdditionalInformation>" +
        "</Declaration></md:MetaData>";

    public static string For(string twin, string id = Id) => twin switch
    {
        TwinName.Manifest => Seal(id),
        TwinName.Transportation => Trip(id),
        _ => Declaration(id),
    };

    public static string ContentTypeOf(string twin) => twin == TwinName.Neighbour ? TwinStage.Soap12 : TwinStage.Soap11;
}
