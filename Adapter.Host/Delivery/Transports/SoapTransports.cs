using Adapter.Contracts.Admin;

namespace Adapter.Host.Delivery.Transports;

/// <summary>Sends each call through the transport that its destination is set to.</summary>
internal sealed class SoapTransports(WcfTransport wcf, RawTransport raw) : ISoapTransport
{
    public Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken) =>
        (call.To.Transport == SoapTransportKind.Raw ? (ISoapTransport)raw : wcf).SendAsync(call, cancellationToken);
}
