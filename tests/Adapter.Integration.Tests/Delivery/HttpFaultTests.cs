using System.Net;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Adapter.Integration.Tests.Delivery;

public sealed class WcfHttpFaultTests() : HttpFaultTests(SoapTransportKind.Wcf);

public sealed class RawHttpFaultTests() : HttpFaultTests(SoapTransportKind.Raw);

/// <summary>The HTTP faults of facts that legacy servers are known for, played by WireMock: another server than ours, with other habits on the wire.</summary>
public abstract class HttpFaultTests : IDisposable
{
    private readonly WireMockServer _server = WireMockServer.Start();
    private readonly Sender _sender;

    protected HttpFaultTests(SoapTransportKind kind) => _sender = new Sender(kind);

    private Uri Endpoint => new(_server.Url + "/soap");

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task A_busy_server_sets_the_time_and_the_same_bytes_go_again(int status)
    {
        _server.Given(Posts("/soap")).InScenario("busy").WillSetStateTo("rested")
            .RespondWith(Response.Create().WithStatusCode(status).WithHeader("Retry-After", "120").WithHeader("Content-Type", "text/html").WithBody("<html>busy"));
        _server.Given(Posts("/soap")).InScenario("busy").WhenStateIs("rested")
            .RespondWith(Soap(200, Samples.Envelope(Samples.Receipt())));

        var (first, _) = _sender.Judge(await _sender.SendAsync(Endpoint));
        var (second, _) = _sender.Judge(await _sender.SendAsync(Endpoint));

        var retry = first.ShouldBeOfType<NextMove.RetryAt>();
        (retry.At - _sender.Time.GetUtcNow(), retry.CountsAsAttempt).ShouldBe((TimeSpan.FromMinutes(2), false));
        second.ShouldBe(new NextMove.Delivered(Duplicate: false));
        _server.LogEntries.Select(entry => entry.RequestMessage!.Body).Distinct().Count().ShouldBe(1);
        _server.LogEntries.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(200, "Client", typeof(NextMove.Park))]
    [InlineData(400, "Client", typeof(NextMove.Park))]
    [InlineData(500, "Client", typeof(NextMove.Park))]
    [InlineData(200, "Server", typeof(NextMove.Reconcile))]
    [InlineData(400, "Server", typeof(NextMove.Reconcile))]
    [InlineData(500, "Server", typeof(NextMove.Reconcile))]
    public async Task A_fault_is_judged_by_its_code_and_kept_with_the_attempt(int status, string code, Type move)
    {
        _server.Given(Posts("/soap")).RespondWith(Soap(status, Samples.Fault(code)));

        var (judged, evidence) = _sender.Judge(await _sender.SendAsync(Endpoint));

        judged.ShouldBeOfType(move);
        (evidence.HttpStatus, evidence.Fault!.Code).ShouldBe((status, code));
        evidence.Detail.ShouldContain("no luck");
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_within_the_server_is_not_followed_either(int status)
    {
        _server.Given(Posts("/soap")).RespondWith(Response.Create().WithStatusCode(status).WithHeader("Location", _server.Url + "/new"));
        _server.Given(Request.Create().WithPath("/new")).RespondWith(Soap(200, Samples.Envelope(Samples.Receipt())));

        var (move, evidence) = _sender.Judge(await _sender.SendAsync(Endpoint));

        _server.LogEntries.ShouldHaveSingleItem().RequestMessage!.Path.ShouldBe("/soap");
        move.ShouldBeOfType<NextMove.RetryAt>().CountsAsAttempt.ShouldBeTrue();
        evidence.Detail.ShouldContain("/new");
    }

    [Theory]
    [InlineData(FaultType.EMPTY_RESPONSE)]
    [InlineData(FaultType.MALFORMED_RESPONSE_CHUNK)]
    public async Task A_broken_answer_is_an_unknown_outcome_and_the_request_went_once(FaultType fault)
    {
        _server.Given(Posts("/soap")).RespondWith(Soap(200, Samples.Envelope(Samples.Receipt())).WithFault(fault));

        var (move, evidence) = _sender.Judge(await _sender.SendAsync(Endpoint));

        move.ShouldBeOfType<NextMove.Reconcile>(evidence.Detail);
        evidence.RequestLeft.ShouldBeTrue();
        _server.LogEntries.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "WWW-Authenticate", "Basic realm=\"customs\"")]
    [InlineData(HttpStatusCode.ProxyAuthenticationRequired, "Proxy-Authenticate", "Basic realm=\"customs\"")]
    public async Task A_challenge_is_not_answered_by_a_second_request(HttpStatusCode status, string header, string value)
    {
        _server.Given(Posts("/soap")).RespondWith(Response.Create().WithStatusCode(status).WithHeader(header, value));

        await _sender.SendAsync(Endpoint);

        _server.LogEntries.Count.ShouldBe(1);
    }

    public void Dispose()
    {
        _sender.Dispose();
        _server.Dispose();
        GC.SuppressFinalize(this);
    }

    private static IRequestBuilder Posts(string path) => Request.Create().UsingPost().WithPath(path);

    private static IResponseBuilder Soap(int status, string envelope) => Response.Create().WithStatusCode(status).WithHeader("Content-Type", "text/xml; charset=utf-8").WithBody(envelope);
}
