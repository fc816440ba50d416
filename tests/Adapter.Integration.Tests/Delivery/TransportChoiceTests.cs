using Adapter.Contracts.Admin;

namespace Adapter.Integration.Tests.Delivery;

public sealed class TransportChoiceTests
{
    [Fact]
    public async Task Each_destination_is_sent_to_by_the_transport_that_it_is_set_to()
    {
        await using var peer = await WebPeer.AnsweringAsync(200, "text/xml", Samples.Envelope(Samples.Receipt()));
        using var sender = new Sender();
        var call = Samples.Call(peer.Endpoint);

        await sender.ByDestination.SendAsync(call with { To = call.To with { Transport = SoapTransportKind.Raw } }, TestContext.Current.CancellationToken);
        (peer.Received.Count, sender.FactoryCount).ShouldBe((1, 0), "WCF had no part in it");

        await sender.ByDestination.SendAsync(call with { To = call.To with { Transport = SoapTransportKind.Wcf } }, TestContext.Current.CancellationToken);
        (peer.Received.Count, sender.FactoryCount).ShouldBe((2, 1));
    }
}
