using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Adapter.Host.Admin;
using Adapter.Host.Storage;
using Adapter.Mappings.Validation;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Callers that prove themselves by a client certificate: its fingerprint in the settings counts, and nothing else that it says.</summary>
public sealed class SoapCertificateTests : IAsyncLifetime
{
    private const string ForClients = "1.3.6.1.5.5.7.3.2";
    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string Service = "SoapServices:Services:transit-registration:";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mtls-");
    private readonly X509Certificate2 _known = Make("CN=legacy", ForClients, Now.AddDays(-1), Now.AddDays(1));
    private readonly X509Certificate2 _renewed = Make("CN=legacy", ForClients, Now.AddDays(-1), Now.AddDays(1));
    private readonly X509Certificate2 _expired = Make("CN=legacy", ForClients, Now.AddDays(-3), Now.AddDays(-2));
    private readonly X509Certificate2 _future = Make("CN=legacy", ForClients, Now.AddDays(2), Now.AddDays(3));
    private readonly X509Certificate2 _server = Make("CN=legacy", ForServers, Now.AddDays(-1), Now.AddDays(1));
    private string _ownPrint = "";
    private TestHost _host = null!;
    private Uri _tls = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        using var own = Make("CN=127.0.0.1", ForServers, Now.AddDays(-1), Now.AddDays(1));
        _ownPrint = Print(own);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "own.pem"), own.ExportCertificatePem(), Cancel);
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "own.key"), own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem(), Cancel);
        _host = await TestHost.StartAsync(new TestHostOptions
        {
            WithTwins = false,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                // The plain one comes first, and the fixture's own clients use it.
                ["Kestrel:Endpoints:a:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:b:Url"] = "https://127.0.0.1:0",
                ["Kestrel:Endpoints:b:ClientCertificateMode"] = "AllowCertificate",
                ["Kestrel:Endpoints:b:Certificate:Path"] = Path.Combine(_folder.FullName, "own.pem"),
                ["Kestrel:Endpoints:b:Certificate:KeyPath"] = Path.Combine(_folder.FullName, "own.key"),
                [Service + "Callers:legacy:Operations:0"] = "*",
                [Service + "Callers:legacy:Certificates:0"] = Print(_known),
                [Service + "Callers:legacy:Certificates:1"] = Print(_renewed).ToLowerInvariant(),
                [Service + "Callers:legacy:Certificates:2"] = Print(_expired),
                [Service + "Callers:legacy:Certificates:3"] = Print(_future),
                [Service + "Callers:legacy:Certificates:4"] = Print(_server),
                ["SoapServices:Services:wco-exchange:Callers:legacy:Operations:0"] = "*",
            },
        });
        _tls = new Uri(_host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single(address => address.StartsWith("https", StringComparison.Ordinal)));
        await _host.Services.GetRequiredService<IPrincipalStore>().AddAsync("legacy", [Roles.Caller], new Actor("test"), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        foreach (var certificate in (X509Certificate2[])[_known, _renewed, _expired, _future, _server])
        {
            certificate.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_certificate_opens_by_its_fingerprint_and_a_renewed_one_beside_it()
    {
        (await CallAsync(_known)).ShouldBe((HttpStatusCode.OK, null));
        (await CallAsync(_renewed)).ShouldBe((HttpStatusCode.OK, null));

        var lines = await _host.Services.GetRequiredService<IPrincipalStore>().AuditAsync(long.MaxValue, 10, Cancel);
        lines.Where(line => line.Action == "soap.QueryMovement").ShouldAllBe(line => line.Actor == "legacy" && line.Detail == "answered");
    }

    [Fact]
    public async Task Attack_38_an_expired_a_future_a_server_s_and_an_unknown_one_open_nothing_whatever_names_they_bear()
    {
        using var unknown = Make("CN=legacy", ForClients, Now.AddDays(-1), Now.AddDays(1));
        foreach (var certificate in (X509Certificate2[])[_expired, _future, _server, unknown])
        {
            (await CallAsync(certificate)).ShouldBe((HttpStatusCode.Forbidden, "FailedAuthentication"));
        }

        (await CallAsync(null)).ShouldBe((HttpStatusCode.Unauthorized, "FailedAuthentication"));
    }

    [Fact]
    public async Task Attack_39_a_certificate_for_one_service_opens_no_other_and_a_disabled_caller_s_none()
    {
        (await CallAsync(_known, "/soap/wco-exchange")).Status.ShouldBe(HttpStatusCode.Forbidden);

        using var gone = await _host.Customs.PostAsync(new Uri("/api/principals/legacy/disable", UriKind.Relative), null, Cancel);
        gone.IsSuccessStatusCode.ShouldBeTrue();
        (await CallAsync(_known)).ShouldBe((HttpStatusCode.Forbidden, "FailedAuthentication"));
    }

    private async Task<(HttpStatusCode Status, string? Fault)> CallAsync(X509Certificate2? certificate, string path = SoapDoor.Path)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented is X509Certificate2 its && Print(its) == _ownPrint;
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!;
        using var client = new HttpClient(handler) { BaseAddress = _tls };
        using var content = new StringContent(SoapDoor.Envelope(SoapDoor.Query()), Encoding.UTF8, "text/xml");
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);
        var fault = XmlInput.Load(await answer.Content.ReadAsByteArrayAsync(Cancel)).Descendants("faultcode").FirstOrDefault();
        return (answer.StatusCode, fault?.Value.Split(':')[^1]);
    }

    private static string Print(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);

    private static X509Certificate2 Make(string subject, string usage, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        using var made = request.CreateSelfSigned(from, to);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }
}
