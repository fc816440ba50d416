using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml.Linq;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Transports;
using Adapter.Mappings.Validation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Adapter.Integration.Tests.Delivery;

public sealed class WcfCredentialTests() : CredentialTests(SoapTransportKind.Wcf);

public sealed class RawCredentialTests() : CredentialTests(SoapTransportKind.Raw);

/// <summary>Who we say we are, as a receiver sees it, through both transports.</summary>
public abstract class CredentialTests : IDisposable
{
    private const string Password = "correct horse battery";
    private static readonly XNamespace Wsse = EnvelopeHeaders.Security;
    private static readonly XNamespace Wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";
    private static readonly XNamespace Wsa = EnvelopeHeaders.Addressing;
    private readonly DirectoryInfo _secrets = Directory.CreateTempSubdirectory("customstransit-secrets-");
    private readonly Sender _sender;

    protected CredentialTests(SoapTransportKind kind)
    {
        _sender = new Sender(kind, new OutboundOptions { AllowLoopback = true, SecretsFolder = _secrets.FullName });
        File.WriteAllText(Path.Combine(_secrets.FullName, "manifest.password"), Password + "\n");
    }

    [Theory]
    [InlineData(SoapVersion.Soap11)]
    [InlineData(SoapVersion.Soap12)]
    public async Task A_digest_token_is_made_anew_for_each_attempt_and_can_be_checked(SoapVersion version)
    {
        await using var peer = await AnsweringAsync();

        var call = Call(peer, version, With(CredentialScheme.UsernameTokenDigest));
        await SendAsync(call);
        await SendAsync(call);

        var tokens = peer.Received.Select(r => Parsed(r.Text).Descendants(Wsse + "UsernameToken").ShouldHaveSingleItem()).ToList();
        tokens.Count.ShouldBe(2);
        tokens.Select(t => t.Element(Wsse + "Nonce")!.Value).Distinct().Count().ShouldBe(2, "a nonce that comes twice is refused");
        foreach (var token in tokens)
        {
            token.Element(Wsse + "Username")!.Value.ShouldBe("adapter");
            byte[] made = [.. Convert.FromBase64String(token.Element(Wsse + "Nonce")!.Value), .. Encoding.UTF8.GetBytes(token.Element(Wsu + "Created")!.Value), .. Encoding.UTF8.GetBytes(Password)];
#pragma warning disable CA5350 // The token profile's digest.
            token.Element(Wsse + "Password")!.Value.ShouldBe(Convert.ToBase64String(SHA1.HashData(made)));
#pragma warning restore CA5350
            MustUnderstand(token.Parent!, version).ShouldBe("1");
        }

        peer.Received.Select(r => BodyOf(r.Text)).Distinct().Count().ShouldBe(1, "the message itself is frozen");
        peer.Received.ShouldAllBe(r => !r.Text.Contains(Password));
    }

    [Fact]
    public async Task A_text_token_carries_the_password_of_the_file()
    {
        await using var peer = await AnsweringAsync();

        await SendAsync(Call(peer, SoapVersion.Soap11, With(CredentialScheme.UsernameToken)));

        var password = Parsed(peer.Received.Single().Text).Descendants(Wsse + "Password").Single();
        password.Value.ShouldBe(Password);
        password.Attribute("Type")!.Value.ShouldEndWith("#PasswordText");
    }

    [Fact]
    public async Task Basic_is_sent_at_once_and_not_only_after_a_refusal()
    {
        await using var peer = await AnsweringAsync();

        await SendAsync(Call(peer, SoapVersion.Soap11, With(CredentialScheme.Basic)));

        peer.Received.ShouldHaveSingleItem().Headers["Authorization"].ShouldBe("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"adapter:{Password}")));
    }

    [Fact]
    public async Task Headers_of_the_destination_go_along_and_references_in_them_are_read()
    {
        await using var peer = await AnsweringAsync();

        await SendAsync(Call(peer, SoapVersion.Soap11, d => d with
        {
            Headers = new Dictionary<string, string> { ["X-Office"] = "PLGDN100", ["X-Gateway-Key"] = "file:manifest.password" },
        }));

        var arrived = peer.Received.ShouldHaveSingleItem();
        arrived.Headers["X-Office"].ShouldBe("PLGDN100");
        arrived.Headers["X-Gateway-Key"].ShouldBe(Password);
    }

    [Theory]
    [InlineData(SoapVersion.Soap11)]
    [InlineData(SoapVersion.Soap12)]
    public async Task Addressing_carries_our_message_id_the_same_at_every_attempt(SoapVersion version)
    {
        await using var peer = await AnsweringAsync();

        var call = Call(peer, version, d => d with { Addressing = true });
        await SendAsync(call);
        await SendAsync(call);

        peer.Received.Select(r => r.Text).Distinct().Count().ShouldBe(1, "without credentials every attempt is the same, byte for byte");
        var header = Parsed(peer.Received.First().Text).Root!.Elements().First();
        header.Element(Wsa + "MessageID")!.Value.ShouldBe("urn:uuid:01234567-89ab-cdef-0123-456789abcdef");
        header.Element(Wsa + "Action")!.Value.ShouldBe("urn:test:transit/Notify");
        header.Element(Wsa + "To")!.Value.ShouldBe(peer.Endpoint.AbsoluteUri);
        header.Element(Wsa + "ReplyTo")!.Element(Wsa + "Address")!.Value.ShouldEndWith("/anonymous");
        MustUnderstand(header.Element(Wsa + "Action")!, version).ShouldBe("1");
    }

    [Fact]
    public async Task An_old_server_can_have_the_action_without_quotes()
    {
        await using var peer = await AnsweringAsync();

        await SendAsync(Call(peer, SoapVersion.Soap11, d => d with { UnquotedAction = true }));

        peer.Received.ShouldHaveSingleItem().Headers["SOAPAction"].ShouldBe("urn:test:transit/Notify");
    }

    [Theory]
    [InlineData(CredentialScheme.Basic)]
    [InlineData(CredentialScheme.UsernameToken)]
    public async Task A_password_that_the_receiver_repeats_is_not_kept_with_the_answer(CredentialScheme scheme)
    {
        await using var peer = await WebPeer.StartAsync(async context =>
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync($"<html>{Password} {context.Request.Headers.Authorization}</html>", context.RequestAborted);
        });

        var evidence = await SendAsync(Call(peer, SoapVersion.Soap11, With(scheme)));

        var kept = Encoding.UTF8.GetString(evidence.Reply.Span);
        kept.ShouldStartWith("<html>");
        kept.ShouldContain("[elided]");
        kept.ShouldNotContain(Password);
        kept.ShouldNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes($"adapter:{Password}")));
    }

    [Theory]
    [InlineData("file:absent", "'absent' is not in Outbound:SecretsFolder")]
    [InlineData("file:../manifest.password", "give the bare name")]
    [InlineData("env:PATH", "begin with CUSTOMSTRANSIT_")]
    [InlineData("env:CUSTOMSTRANSIT_NOT_SET", "CUSTOMSTRANSIT_NOT_SET is not set")]
    [InlineData("hunter2hunter2", "a plain value does not belong")]
    public async Task A_password_that_cannot_be_had_sends_nothing_and_says_why(string reference, string because)
    {
        await using var peer = await AnsweringAsync();

        var evidence = await SendAsync(Call(peer, SoapVersion.Soap11, d => d with
        {
            Credentials = new DestinationCredentials { Scheme = CredentialScheme.Basic, User = "adapter", Password = reference },
        }));

        evidence.RequestLeft.ShouldBeFalse();
        evidence.Detail.ShouldContain(because);
        evidence.Detail.ShouldNotContain("hunter2");
        peer.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_renewed_certificate_is_shown_without_a_restart()
    {
        using var authority = Authority();
        using var server = Issue(authority, "localhost", server: true);
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        await using var peer = await MutualAsync(server, seen);
        File.WriteAllText(Path.Combine(_secrets.FullName, "authorities.pem"), authority.ExportCertificatePem());
        var call = Call(new UriBuilder(peer.Urls.First()) { Host = "localhost", Path = "/soap" }.Uri, SoapVersion.Soap11, d => d with
        {
            TrustedAuthorities = "authorities.pem",
            ClientCertificate = new ClientCertificate { File = "client.pem", Key = "client.key" },
        });

        (await SendAsync(call)).Detail.ShouldContain("'client.pem' is not in Outbound:SecretsFolder");

        Put(authority, "first", new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        (await SendAsync(call)).HttpStatus.ShouldBe(200);
        Put(authority, "second", new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc));
        (await SendAsync(call)).HttpStatus.ShouldBe(200);

        seen.ShouldBe(["CN=first", "CN=second"]);
    }

    [Fact]
    public async Task A_receiver_whose_authority_is_another_gets_nothing()
    {
        using var authority = Authority();
        using var other = Authority();
        using var server = Issue(authority, "localhost", server: true);
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        await using var peer = await MutualAsync(server, seen);
        File.WriteAllText(Path.Combine(_secrets.FullName, "authorities.pem"), other.ExportCertificatePem());

        var evidence = await SendAsync(Call(
            new UriBuilder(peer.Urls.First()) { Host = "localhost", Path = "/soap" }.Uri, SoapVersion.Soap11, d => d with { TrustedAuthorities = "authorities.pem" }));

        evidence.RequestLeft.ShouldBeFalse();
        seen.ShouldBeEmpty();
    }

    public void Dispose()
    {
        _sender.Dispose();
        _secrets.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private static Func<Destination, Destination> With(CredentialScheme scheme) => d => d with
    {
        Credentials = new DestinationCredentials { Scheme = scheme, User = "adapter", Password = "file:manifest.password" },
    };

    private static SoapCall Call(WebPeer peer, SoapVersion version, Func<Destination, Destination> set) => Call(peer.Endpoint, version, set);

    private static SoapCall Call(Uri endpoint, SoapVersion version, Func<Destination, Destination> set)
    {
        var call = Samples.Call(endpoint, version);
        return call with { To = set(call.To) };
    }

    private Task<AttemptEvidence> SendAsync(SoapCall call) => _sender.Transport.SendAsync(call, TestContext.Current.CancellationToken);

    private static Task<WebPeer> AnsweringAsync() => WebPeer.AnsweringAsync(200, "text/xml", Samples.Envelope(Samples.Receipt()));

    private static string? MustUnderstand(XElement header, SoapVersion version) =>
        header.Attribute(XName.Get("mustUnderstand", version == SoapVersion.Soap11 ? "http://schemas.xmlsoap.org/soap/envelope/" : "http://www.w3.org/2003/05/soap-envelope"))?.Value;

    private static XDocument Parsed(string envelope) => XmlInput.Load(Encoding.UTF8.GetBytes(envelope));

    private static string BodyOf(string envelope) => Parsed(envelope).Root!.Elements().Last().ToString(SaveOptions.DisableFormatting);

    private void Put(X509Certificate2 authority, string name, DateTime written)
    {
        using var certificate = Issue(authority, name, server: false);
        foreach (var (file, text) in new[] { ("client.pem", certificate.ExportCertificatePem()), ("client.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()) })
        {
            var path = Path.Combine(_secrets.FullName, file);
            File.WriteAllText(path, text);
            File.SetLastWriteTimeUtc(path, written);
        }
    }

    private static X509Certificate2 Authority()
    {
        var request = new CertificateRequest($"CN=authority {Guid.NewGuid():N}", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name, bool server)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(server ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2")], critical: false));
        if (server)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }

        using var issued = request.Create(authority, new DateTimeOffset(2021, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), RandomNumberGenerator.GetBytes(8));
        using var whole = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }

    private static async Task<WebApplication> MutualAsync(X509Certificate2 server, System.Collections.Concurrent.ConcurrentQueue<string?> seen)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = server;
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.AllowAnyClientCertificate();
        })));
        var app = builder.Build();
        app.Run(async context =>
        {
            seen.Enqueue(context.Connection.ClientCertificate?.Subject);
            await context.Response.WriteAsync(Samples.Envelope(Samples.Receipt()), context.RequestAborted);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
