using System.Net;
using System.Net.Sockets;
using Adapter.Contracts.Admin;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>Whether a receiver is back is found out without any effect there.</summary>
public sealed class ProbeTests : IDisposable
{
    private readonly Sender _sender = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _sender.Dispose();

    [Fact]
    public async Task A_connection_is_opened_and_closed_and_nothing_is_said()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        (await _sender.ReachAsync(At($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/soap"))).ShouldBeNull();

        using var connection = await listener.AcceptSocketAsync(Cancel);
        (await connection.ReceiveAsync(new byte[1], Cancel)).ShouldBe(0, "closed without a byte");
        listener.Pending().ShouldBeFalse("once");
    }

    [Fact]
    public async Task Where_nobody_listens_it_says_so()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();

        (await _sender.ReachAsync(At($"http://127.0.0.1:{port}/soap"))).ShouldNotBeNull().ShouldStartWith("manifest (127.0.0.1");
    }

    [Fact]
    public async Task A_server_without_the_TLS_that_its_endpoint_promises_is_not_back()
    {
        await using var peer = await WebPeer.AnsweringAsync(200, "text/xml", "");

        (await _sender.ReachAsync(At($"https://127.0.0.1:{peer.Endpoint.Port}/soap"))).ShouldNotBeNull().ShouldContain("cannot be reached");
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(401, true)]
    [InlineData(404, true)]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(503, false)]
    public async Task An_address_of_its_own_is_fetched_with_GET_and_an_error_of_the_server_is_no_sign_of_life(int status, bool isBack)
    {
        await using var peer = await WebPeer.AnsweringAsync(status, "text/plain", "");

        var problem = await _sender.ReachAsync(At(peer.Endpoint.AbsoluteUri) with { Probe = new Uri(peer.Endpoint, "/alive") });

        (problem is null).ShouldBe(isBack, problem);
        var request = peer.Received.ShouldHaveSingleItem();
        (request.Method, request.Path, request.Body.Length).ShouldBe(("GET", "/alive", 0));
    }

    private static Destination At(string endpoint) => Samples.Call(new Uri(endpoint)).To;
}
