using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Transports;
using Adapter.Host.Observability;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>The transport with fake time and this machine allowed.</summary>
internal sealed class Sender : IDisposable
{
    public Sender(OutboundOptions? options = null) => Transport = new WcfTransport(new OutboundAllowList(options ?? new OutboundOptions { AllowLoopback = true }), CrashPoints.None, Time);

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public WcfTransport Transport { get; }

    public Task<AttemptEvidence> SendAsync(Uri endpoint, SoapVersion version = SoapVersion.Soap11) =>
        Transport.SendAsync(Samples.Call(endpoint, version), TestContext.Current.CancellationToken);

    public (NextMove Move, AttemptEvidence Evidence) Judge(AttemptEvidence evidence, bool idempotent = false, bool inquiry = false)
    {
        var destination = Samples.Destination(idempotent, inquiry);
        var (read, receipt) = ReplyReader.Read(evidence, destination.Reply, Samples.MessageId);
        return (OutcomePolicy.After(read, receipt, destination, attempt: 1, Time.GetUtcNow()), read);
    }

    public void Dispose() => Transport.Dispose();
}
