using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Transports;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>Every way in which a peer is known to answer, from the socket to the lane's next move.</summary>
public sealed class WcfOutcomeTests() : OutcomeTests(SoapTransportKind.Wcf);

public sealed class RawOutcomeTests() : OutcomeTests(SoapTransportKind.Raw);

public abstract class OutcomeTests : IDisposable
{
    /// <summary>Turns a wait that would never end into a failure. No test comes near it.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(20);

    private readonly Sender _sender;

    protected OutcomeTests(SoapTransportKind kind) => _sender = new Sender(kind);

    private enum Kind
    {
        Delivered,
        Duplicate,
        Park,
        Uncounted,
        Counted,
        Ask,
        Reconcile,
    }

    public static TheoryData<int, string?, string, SoapVersion, string, string, string> Answers()
    {
        var rows = new TheoryData<int, string?, string, SoapVersion, string, string, string>();
        foreach (var version in Enum.GetValues<SoapVersion>())
        {
            var (client, server) = version == SoapVersion.Soap11 ? ("Client", "Server") : ("Sender", "Receiver");
            var soap = Samples.ContentType(version);
            void Add(int status, string? contentType, string body, string all, string? idempotent = null, string? asking = null) =>
                rows.Add(status, contentType, body, version, all, idempotent ?? all, asking ?? all);
            void Unknown(int status, string? contentType, string body) => Add(status, contentType, body, "Reconcile", "Counted", "Ask");

            Add(200, soap, Samples.Envelope(Samples.Receipt(), version), "Delivered");
            Add(202, soap, Samples.Envelope(Samples.Receipt(), version), "Delivered");
            Add(200, soap, Samples.Envelope(Samples.Receipt("DUP"), version), "Duplicate");
            Add(200, soap, Samples.Envelope(Samples.Receipt("TRN-409"), version), "Park");
            Unknown(200, soap, Samples.Envelope(Samples.Receipt("WHAT"), version));
            Unknown(200, soap, Samples.Envelope(Samples.Receipt(id: "another"), version));
            // The bytes speak, not the content type.
            Add(200, "application/xml", Samples.Envelope(Samples.Receipt(), version), "Delivered");
            Add(200, "text/plain; charset=iso-8859-1", Samples.Envelope(Samples.Receipt(text: "fertig"), version), "Delivered");

            foreach (var status in new[] { 200, 400, 500 })
            {
                Add(status, soap, Samples.Fault(client, version), "Park");
                Unknown(status, soap, Samples.Fault(server, version));
            }
            Add(500, soap, Samples.Fault("MustUnderstand", version), "Park");
            Add(500, soap, Samples.Fault("VersionMismatch", version), "Park");
            Unknown(500, soap, Samples.Fault("TRN-17", version));

            foreach (var status in new[] { 429, 503 })
            {
                Add(status, soap, Samples.Fault(server, version), "Uncounted");
                Add(status, soap, Samples.Fault(client, version), "Uncounted");
                Add(status, "text/html", "<html>busy", "Uncounted");
            }
            foreach (var status in new[] { 400, 401, 403, 405, 413, 415, 422 })
            {
                Add(status, "text/html", "<html>no", "Park");
            }
            Add(404, "text/html", "<html>no", "Counted");
            Add(302, "text/html", "", "Counted");
            foreach (var status in new[] { 408, 409, 500, 502, 504 })
            {
                Unknown(status, "text/html", "<html>?");
                Unknown(status, null, "");
            }

            Unknown(202, null, "");
            Unknown(200, soap, "");
            Unknown(200, "text/html", "<html>Sign in</html>");
            Unknown(200, soap, "not xml");
            Unknown(200, soap, Samples.Envelope(Samples.Receipt(), version)[..^20]);
            Unknown(200, soap, Samples.Envelope("", version));
            Unknown(200, soap, Samples.Envelope(Samples.Receipt(), version).Replace("envelope", "parcel", StringComparison.Ordinal));
            Unknown(200, soap, "<!DOCTYPE x [<!ENTITY e 'OK'>]>" + Samples.Envelope(Samples.Receipt("&e;"), version));
            Unknown(200, soap, Samples.Envelope(string.Concat(Enumerable.Repeat("<a>", 70)) + string.Concat(Enumerable.Repeat("</a>", 70)), version));
        }
        return rows;
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_leads_to_the_right_move(
        int status, string? contentType, string body, SoapVersion version, string plain, string idempotent, string asking)
    {
        await using var peer = await WebPeer.AnsweringAsync(status, contentType, body);

        var evidence = await _sender.SendAsync(peer.Endpoint, version);

        evidence.HttpStatus.ShouldBe(status);
        evidence.RequestLeft.ShouldBeTrue();
        System.Text.Encoding.UTF8.GetString(evidence.Reply.Span).ShouldBe(body);
        Moves(evidence).ShouldBe((plain, idempotent, asking), evidence.Detail);
        peer.Received.Count.ShouldBe(1);
    }

    /// <summary>Nobody learns more of a one-way operation; elsewhere it may be a proxy's answer as well as the receiver's.</summary>
    [Theory]
    [InlineData("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: 0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", true)]
    [InlineData("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\n", false)]
    [InlineData("HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n", false)]
    [InlineData("HTTP/1.1 202 Accepted\r\nContent-Length: 5\r\n\r\nhello", false)]
    public async Task An_empty_answer_is_a_receipt_where_the_operation_is_one_way_and_nowhere_else(string answer, bool received)
    {
        await using var peer = SocketPeer.Writing(answer);

        var evidence = await _sender.SendAsync(peer.Endpoint);

        ShouldBeUnknown(evidence);
        var oneWay = Samples.Destination(idempotent: false, inquiry: false) with { Reply = new ReplyRule { OneWay = true } };
        var (read, receipt) = ReplyReader.Read(evidence, oneWay.Reply, Samples.MessageId);
        var move = OutcomePolicy.After(read, receipt, oneWay, attempt: 1, _sender.Time.GetUtcNow());
        move.ShouldBeOfType(received ? typeof(NextMove.Delivered) : typeof(NextMove.Reconcile), evidence.Detail);
        var answersLater = oneWay with { Settles = Settlement.Business };
        OutcomePolicy.After(read, receipt, answersLater, attempt: 1, _sender.Time.GetUtcNow()).ShouldBeOfType(received ? typeof(NextMove.Await) : typeof(NextMove.Reconcile));
    }

    [Fact]
    public async Task An_empty_chunked_answer_is_an_unknown_outcome()
    {
        await using var peer = SocketPeer.Writing("HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

        ShouldBeUnknown(await _sender.SendAsync(peer.Endpoint));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 9999\r\n\r\n<s:Envelope")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<s:En\r\n")]
    [InlineData("HTTP/1.1 20")]
    [InlineData("garbage garbage\r\n\r\n")]
    [InlineData("")]
    public async Task A_cut_answer_is_an_unknown_outcome(string answer)
    {
        await using var peer = SocketPeer.Writing(answer);

        ShouldBeUnknown(await _sender.SendAsync(peer.Endpoint));
        peer.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task What_came_before_a_cut_is_kept()
    {
        await using var peer = SocketPeer.Writing("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 9999\r\n\r\n<s:Envelope");

        var evidence = await _sender.SendAsync(peer.Endpoint);

        evidence.HttpStatus.ShouldBe(200);
        System.Text.Encoding.UTF8.GetString(evidence.Reply.Span).ShouldBe("<s:Envelope");
        evidence.Detail.ShouldContain("HTTP 200 (11 bytes came)");
    }

    [Fact]
    public async Task A_reset_after_the_request_is_unknown_and_never_repeated_below_us()
    {
        await using var peer = new SocketPeer((_, socket, _) =>
        {
            SocketPeer.Reset(socket);
            return Task.FromResult(false);
        });

        var evidence = await _sender.SendAsync(peer.Endpoint);

        evidence.Socket.ShouldBe(SocketError.ConnectionReset);
        ShouldBeUnknown(evidence);
        peer.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_on_a_reused_connection_that_is_then_cut_is_not_repeated()
    {
        await using var peer = new SocketPeer(async (_, socket, number) =>
        {
            if (number == 1)
            {
                await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(SocketPeer.Ok(Samples.Envelope(Samples.Receipt()))));
                return true;
            }
            SocketPeer.Reset(socket);
            return false;
        });

        Kinds(await _sender.SendAsync(peer.Endpoint)).ShouldBe(Kind.Delivered);
        var second = await _sender.SendAsync(peer.Endpoint);

        ShouldBeUnknown(second);
        peer.Connections.ShouldBe(1, "the second request is to meet the used connection");
        peer.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task A_connection_that_went_stale_while_idle_costs_no_message()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var peer = new SocketPeer(async (_, socket, _) =>
        {
            await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(SocketPeer.Ok(Samples.Envelope(Samples.Receipt()))));
            socket.Close();
            closed.TrySetResult();
            return false;
        });

        Kinds(await _sender.SendAsync(peer.Endpoint)).ShouldBe(Kind.Delivered);
        await closed.Task;
        var second = await _sender.SendAsync(peer.Endpoint);

        // Whether the pool saw the closing in time is a race; a repetition is what must not happen.
        peer.Requests.ShouldBeLessThanOrEqualTo(2);
        Kinds(second).ShouldBeOneOf(Kind.Delivered, Kind.Reconcile);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 9999\r\n\r\n<s:Env")]
    public async Task No_answer_in_time_is_an_unknown_outcome(string beginning)
    {
        await using var peer = SocketPeer.Silent(beginning);

        var sending = _sender.SendAsync(peer.Endpoint);
        await peer.Arrived.Task.WaitAsync(TestContext.Current.CancellationToken);
        _sender.Time.Advance(TimeSpan.FromSeconds(30));
        var evidence = await sending.WaitAsync(Hang, TestContext.Current.CancellationToken);

        evidence.Detail.ShouldContain("did not answer within 30 s");
        evidence.Elapsed.ShouldBe(TimeSpan.FromSeconds(30));
        ShouldBeUnknown(evidence);
    }

    [Fact]
    public async Task A_host_that_stops_gets_evidence_of_a_request_that_had_left()
    {
        await using var peer = SocketPeer.Silent();
        using var stop = new CancellationTokenSource();

        var sending = _sender.Transport.SendAsync(Samples.Call(peer.Endpoint), stop.Token);
        await peer.Arrived.Task.WaitAsync(TestContext.Current.CancellationToken);
        await stop.CancelAsync();
        var evidence = await sending.WaitAsync(Hang, TestContext.Current.CancellationToken);   // fake time stands still: only the token can end it

        evidence.Detail.ShouldStartWith("The adapter was stopped while waiting");
        ShouldBeUnknown(evidence);
    }

    [Fact]
    public async Task A_host_that_has_stopped_sends_nothing()
    {
        await using var peer = SocketPeer.Silent();

        var evidence = await _sender.Transport.SendAsync(Samples.Call(peer.Endpoint), new CancellationToken(canceled: true));

        ShouldNotHaveLeft(evidence);
        peer.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task A_refused_connection_sent_nothing()
    {
        var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var endpoint = new Uri($"http://{port.LocalEndpoint}/soap");
        port.Stop();

        var evidence = await _sender.SendAsync(endpoint);

        evidence.Socket.ShouldBe(SocketError.ConnectionRefused);
        evidence.Detail.ShouldContain("refuses connections");
        ShouldNotHaveLeft(evidence);
    }

    [Fact]
    public async Task An_unknown_name_sent_nothing()
    {
        using var sender = new Sender(options: new OutboundOptions { Allow = { "customs.invalid:80" } });

        var evidence = await sender.SendAsync(new Uri("http://customs.invalid/soap"));

        evidence.Socket.ShouldNotBeNull();
        evidence.Detail.ShouldContain("customs.invalid");
        ShouldNotHaveLeft(evidence);
    }

    [Fact]
    public async Task An_untrusted_certificate_sent_nothing()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var peer = await WebPeer.StartAsync(_ => Task.CompletedTask, certificate);

        var evidence = await _sender.SendAsync(peer.Endpoint);

        evidence.Detail.ShouldStartWith("TLS with manifest");
        ShouldNotHaveLeft(evidence);
        peer.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_peer_that_is_no_TLS_server_got_nothing()
    {
        await using var peer = await WebPeer.AnsweringAsync(200, null, "");

        ShouldNotHaveLeft(await _sender.SendAsync(new UriBuilder(peer.Endpoint) { Scheme = "https" }.Uri));
        peer.Received.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_attempt_that_ends_during_the_TLS_handshake_sent_nothing()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();

        var sending = _sender.SendAsync(new Uri($"https://{silent.LocalEndpoint}/soap"));
        using var accepted = await silent.AcceptSocketAsync(TestContext.Current.CancellationToken);
        _sender.Time.Advance(TimeSpan.FromSeconds(30));
        var evidence = await sending.WaitAsync(Hang, TestContext.Current.CancellationToken);

        evidence.Detail.ShouldContain("within 30 s. Nothing was sent.");
        ShouldNotHaveLeft(evidence);
    }

    [Fact]
    public async Task The_connect_timeout_covers_TLS_and_is_no_lost_answer()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var call = Samples.Call(new Uri($"https://{silent.LocalEndpoint}/soap"));
        call = call with { To = call.To with { ConnectTimeout = TimeSpan.FromMilliseconds(100) } };

        var evidence = await _sender.Transport.SendAsync(call, TestContext.Current.CancellationToken).WaitAsync(Hang, TestContext.Current.CancellationToken);

        evidence.Detail.ShouldContain("within 0.1 s. Nothing was sent.");
        BlipPolicy.IsBlip(evidence).ShouldBeFalse();
        ShouldNotHaveLeft(evidence);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_says_where_it_points()
    {
        await using var target = await WebPeer.AnsweringAsync(200, "text/xml", Samples.Envelope(Samples.Receipt()));
        await using var peer = await WebPeer.AnsweringAsync(307, null, "", ("Location", target.Endpoint + "?token=secret"));

        var evidence = await _sender.SendAsync(peer.Endpoint);

        target.Received.ShouldBeEmpty();
        evidence.Detail.ShouldContain(target.Endpoint.ToString());
        evidence.Detail.ShouldNotContain("secret");
        Kinds(evidence).ShouldBe(Kind.Counted);
    }

    [Fact]
    public async Task An_answer_above_the_cap_is_cut_there_and_is_no_receipt()
    {
        var padding = new string('x', Exchange.ReplyCap);
        await using var peer = await WebPeer.AnsweringAsync(200, "text/xml", Samples.Envelope(Samples.Receipt(text: padding)));

        var evidence = await _sender.SendAsync(peer.Endpoint);

        evidence.Reply.Length.ShouldBe(Exchange.ReplyCap);
        evidence.Detail.ShouldContain("more than 1048576 bytes");
        ShouldBeUnknown(evidence);
    }

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(503, "7", 7)]
    [InlineData(503, "Sun, 01 Mar 2026 12:05:00 GMT", 300)]
    [InlineData(503, "Sun, 01 Mar 2026 11:00:00 GMT", 1)]
    [InlineData(503, "99999999", 86400)]
    public async Task Retry_after_is_honoured(int status, string value, int seconds)
    {
        await using var peer = await WebPeer.AnsweringAsync(status, "text/html", "busy", ("Retry-After", value));

        var (move, _) = _sender.Judge(await _sender.SendAsync(peer.Endpoint));

        var retry = move.ShouldBeOfType<NextMove.RetryAt>();
        (retry.At - _sender.Time.GetUtcNow()).ShouldBe(TimeSpan.FromSeconds(seconds));
        retry.CountsAsAttempt.ShouldBeFalse();
    }

    [Theory]
    [InlineData(SoapVersion.Soap11)]
    [InlineData(SoapVersion.Soap12)]
    public async Task A_fault_is_read_whatever_the_status(SoapVersion version)
    {
        await using var peer = await WebPeer.AnsweringAsync(400, Samples.ContentType(version), Samples.Fault("Custom", version));

        var evidence = await _sender.SendAsync(peer.Endpoint, version);

        evidence.Fault.ShouldNotBeNull();
        evidence.Fault.Code.ShouldBe("Custom");
        evidence.Fault.Reason.ShouldBe("no luck");
        evidence.Fault.Detail.ShouldNotBeNull().ShouldContain("<x>17</x>");
        evidence.Answer.ShouldBeNull();
    }

    [Fact]
    public async Task An_answer_in_another_charset_is_read()
    {
        var answer = "<?xml version='1.0' encoding='iso-8859-1'?>" + Samples.Envelope(Samples.Receipt("TRN-409", text: "Plombe zerstört"));
        await using var peer = await WebPeer.StartAsync(async context =>
        {
            context.Response.ContentType = "text/xml; charset=ISO-8859-1";
            await context.Response.Body.WriteAsync(System.Text.Encoding.Latin1.GetBytes(answer));
        });

        var (move, _) = _sender.Judge(await _sender.SendAsync(peer.Endpoint));

        move.ShouldBe(new NextMove.Park("Customs refused the message with code TRN-409: Plombe zerstört"));
    }

    public void Dispose()
    {
        _sender.Dispose();
        GC.SuppressFinalize(this);
    }

    private static Kind KindOf(NextMove move) => move switch
    {
        NextMove.Delivered { Duplicate: false } => Kind.Delivered,
        NextMove.Delivered => Kind.Duplicate,
        NextMove.Park => Kind.Park,
        NextMove.RetryAt { CountsAsAttempt: false } => Kind.Uncounted,
        NextMove.RetryAt => Kind.Counted,
        NextMove.Ask => Kind.Ask,
        _ => Kind.Reconcile,
    };

    private Kind Kinds(AttemptEvidence evidence) => KindOf(_sender.Judge(evidence).Move);

    private (string Plain, string Idempotent, string Asking) Moves(AttemptEvidence evidence) => (
        KindOf(_sender.Judge(evidence).Move).ToString(),
        KindOf(_sender.Judge(evidence, idempotent: true).Move).ToString(),
        KindOf(_sender.Judge(evidence, inquiry: true).Move).ToString());

    private void ShouldBeUnknown(AttemptEvidence evidence)
    {
        evidence.RequestLeft.ShouldBeTrue();
        Moves(evidence).ShouldBe(("Reconcile", "Counted", "Ask"), evidence.Detail);
    }

    private void ShouldNotHaveLeft(AttemptEvidence evidence)
    {
        evidence.RequestLeft.ShouldBeFalse();
        evidence.HttpStatus.ShouldBeNull();
        Moves(evidence).ShouldBe(("Uncounted", "Uncounted", "Uncounted"), evidence.Detail);
    }
}
