using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Transports;
using Microsoft.AspNetCore.Http;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>What every outgoing request has in common.</summary>
public sealed class OutboundConnectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SoapTransportKind.Wcf)]
    [InlineData(SoapTransportKind.Raw)]
    public async Task As_many_attempts_as_a_destination_may_have_places_are_on_their_way_side_by_side(SoapTransportKind kind)
    {
        const int places = 256;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var come = 0;
        await using var peer = await WebPeer.StartAsync(async context =>
        {
            if (Interlocked.Increment(ref come) == places)
            {
                all.SetResult();
            }

            await all.Task.WaitAsync(context.RequestAborted);
            context.Response.ContentType = "text/xml";
            await context.Response.WriteAsync(Samples.Envelope(Samples.Receipt()), context.RequestAborted);
        });
        using var sender = new Sender(kind);

        var attempts = Enumerable.Range(0, places).Select(_ => sender.SendAsync(peer.Endpoint)).ToList();
        try
        {
            await Eventually.HoldsAsync(() => Volatile.Read(ref come) == places, "all of them have arrived before one is answered");
        }
        finally
        {
            all.TrySetResult();
        }

        (await Task.WhenAll(attempts)).ShouldAllBe(evidence => evidence.HttpStatus == 200);
    }

    [Fact]
    public async Task What_a_receiver_wants_remembered_is_not_told_to_it_again()
    {
        await using var peer = await WebPeer.AnsweringAsync(200, "text/xml", Samples.Envelope(Samples.Receipt()), ("Set-Cookie", "session=1; Path=/"));
        using var sender = new Sender();

        await sender.SendAsync(peer.Endpoint);
        await sender.SendAsync(peer.Endpoint);

        peer.Received.Count.ShouldBe(2);
        peer.Received.ShouldAllBe(request => !request.Headers.ContainsKey("Cookie"));
    }

    /// <summary>An address is checked when it is connected to, which a proxy would do for us; a connection that lies idle for long may be dead without a sign.</summary>
    [Fact]
    public void Nobody_stands_between_and_no_connection_lies_idle_for_long()
    {
        using var handler = OutboundConnection.CreateHandler(new OutboundAllowList(new OutboundOptions()), TimeSpan.FromSeconds(5));

        handler.UseProxy.ShouldBeFalse();
        handler.PooledConnectionIdleTimeout.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(30), "common servers close after 60 or less");
        handler.PooledConnectionLifetime.ShouldBeLessThanOrEqualTo(TimeSpan.FromMinutes(5), "a name may move to another address");
    }
}
