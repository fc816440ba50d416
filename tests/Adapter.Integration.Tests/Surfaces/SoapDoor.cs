using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Adapter.Host.Admin;
using Adapter.Host.Storage;
using Adapter.Mappings.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>A host whose registration service has callers, and a client that writes its messages by hand.</summary>
internal sealed class SoapDoor : IAsyncDisposable
{
    public const string Path = "/soap/transit-registration";
    public const string Caller = "legacy";

    /// <summary>May only ask, and proves itself by its key.</summary>
    public const string Asker = "asker";

    public const string Password = "a-password-that-both-sides-hold";
    public const string Registration = "urn:customstransit:registration:1";
    public const string Soap11 = "http://schemas.xmlsoap.org/soap/envelope/";
    public const string Soap12 = "http://www.w3.org/2003/05/soap-envelope";

    private const string Settings = "SoapServices:Services:transit-registration:";

    private SoapDoor(TestHost host) => Host = host;

    static SoapDoor() => Environment.SetEnvironmentVariable("CT_TEST_SOAP", Password);

    public TestHost Host { get; }

    public string AskerKey { get; private set; } = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SoapDoor> StartAsync(params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [Settings + $"Callers:{Caller}:Password"] = "env:CT_TEST_SOAP",
            [Settings + $"Callers:{Caller}:Operations:0"] = "*",
            [Settings + $"Callers:{Asker}:Operations:0"] = "QueryMovement",
        };
        foreach (var (name, value) in settings)
        {
            all[Settings + name] = value;
        }

        var door = new SoapDoor(await TestHost.StartAsync(new TestHostOptions { WithTwins = false, Settings = all }));
        var principals = door.Host.Services.GetRequiredService<IPrincipalStore>();
        await principals.AddAsync(Caller, [Roles.Caller], new Actor("test"), Cancel);
        door.AskerKey = (await principals.AddAsync(Asker, [Roles.Caller], new Actor("test"), Cancel)).ShouldNotBeNull();
        return door;
    }

    public static string Movement(string id = "T-1", string inside = "") => $"""
        <RegisterMovement xmlns="{Registration}"><MovementId>{id}</MovementId><Regime>Transit</Regime><Mrn>26KE0MBA00482917J1</Mrn>{inside}<Departure><Code>KEMBA001</Code></Departure><Destination><Code>UGMLB001</Code></Destination></RegisterMovement>
        """;

    public static string Query(string id = "T-1") => $"""<QueryMovement xmlns="{Registration}"><MovementId>{id}</MovementId></QueryMovement>""";

    public static string Envelope(string body, string headers = "", string soap = Soap11) => $"""<s:Envelope xmlns:s="{soap}"><s:Header>{headers}</s:Header><s:Body>{body}</s:Body></s:Envelope>""";

    public static string MessageId(string id) => $"""<a:MessageID xmlns:a="http://www.w3.org/2005/08/addressing">{id}</a:MessageID>""";

    /// <summary>A Security header with a digest over a nonce of its own.</summary>
    public string Digest(DateTimeOffset? at = null, string? nonce = null, string password = Password, string user = Caller, string more = "")
    {
        var created = (at ?? Host.Clock.GetUtcNow()).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        nonce ??= Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
#pragma warning disable CA5350 // As the profile has it.
        var digest = Convert.ToBase64String(SHA1.HashData([.. Convert.FromBase64String(nonce), .. Encoding.UTF8.GetBytes(created + password)]));
#pragma warning restore CA5350
        return Security($"""
            <w:UsernameToken><w:Username>{user}</w:Username><w:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordDigest">{digest}</w:Password><w:Nonce>{nonce}</w:Nonce><u:Created>{created}</u:Created></w:UsernameToken>{more}
            """);
    }

    public static string TextToken(string user = Caller, string password = Password) =>
        Security($"<w:UsernameToken><w:Username>{user}</w:Username><w:Password>{password}</w:Password></w:UsernameToken>");

    public static string Security(string inside) => $"""
        <w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd" xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">{inside}</w:Security>
        """;

    /// <summary>Sends a body in an envelope of its own with a good digest.</summary>
    public Task<SoapAnswer> CallAsync(string body, string headers = "", string soap = Soap11) => SendAsync(Envelope(body, Digest() + headers, soap), Type(soap));

    public static string Type(string soap) => (soap == Soap11 ? "text/xml" : "application/soap+xml") + "; charset=utf-8";

    public Task<SoapAnswer> SendAsync(string envelope, string contentType = "text/xml; charset=utf-8", params (string Name, string Value)[] headers) =>
        SendAsync(Encoding.UTF8.GetBytes(envelope), contentType, headers);

    public async Task<SoapAnswer> SendAsync(byte[] envelope, string contentType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Path, UriKind.Relative)) { Content = new ByteArrayContent(envelope) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        foreach (var (name, value) in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        using var answer = await Host.Anonymous.SendAsync(request, Cancel);
        var bytes = await answer.Content.ReadAsByteArrayAsync(Cancel);
        var isXml = answer.Content.Headers.ContentType?.MediaType is "text/xml" or "application/soap+xml";
        return new SoapAnswer(answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), Encoding.UTF8.GetString(bytes), isXml ? XmlInput.Load(bytes).Root : null);
    }

    public async Task<IReadOnlyList<(string Action, string Subject, string? Detail)>> AuditAsync() =>
        [.. (await Host.Services.GetRequiredService<IPrincipalStore>().AuditAsync(long.MaxValue, 100, Cancel))
            .Where(line => line.Action.StartsWith("soap.", StringComparison.Ordinal)).Select(line => (line.Action, line.Subject, line.Detail))];

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

internal sealed record SoapAnswer(HttpStatusCode Status, string? ContentType, string Text, XElement? Envelope)
{
    private static readonly XNamespace Ours = SoapDoor.Registration;

    public string? this[string element] => Envelope?.Descendants(Ours + element).FirstOrDefault()?.Value;

    /// <summary>Our code of a fault; null where there is none.</summary>
    public string? Code => Envelope?.Descendants(Ours + "RegistrationFault").FirstOrDefault()?.Element(Ours + "Code")?.Value;

    /// <summary>The fault's own code, without prefix.</summary>
    public string? FaultCode => (Envelope?.Descendants("faultcode").FirstOrDefault() ?? Envelope?.Descendants((XNamespace)SoapDoor.Soap12 + "Value").FirstOrDefault())?.Value.Split(':')[^1];

    public string? Pointer => this["Path"];
}
