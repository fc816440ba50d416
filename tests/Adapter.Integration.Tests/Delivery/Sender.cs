using Adapter.Contracts.Admin;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Transports;
using Adapter.Host.Observability;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>The transport with fake time and this machine allowed.</summary>
internal sealed class Sender : IDisposable
{
    private readonly OutboundHandlers _handlers;
    private readonly WcfTransport _wcf;
    private readonly RawTransport _raw;

    public Sender(SoapTransportKind kind = SoapTransportKind.Wcf, OutboundOptions? options = null)
    {
        options ??= new OutboundOptions { AllowLoopback = true };
        var secrets = new OutboundSecrets(Microsoft.Extensions.Options.Options.Create(options));
        _handlers = new OutboundHandlers(new OutboundAllowList(options), secrets, CrashPoints.None, Time);
        (_wcf, _raw) = (new WcfTransport(_handlers, secrets, Time), new RawTransport(_handlers, secrets, Time));
        Transport = kind == SoapTransportKind.Raw ? _raw : _wcf;
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public ISoapTransport Transport { get; }

    /// <summary>Chooses between the two as the host does.</summary>
    public ISoapTransport ByDestination => new SoapTransports(_wcf, _raw);

    public int FactoryCount => _wcf.FactoryCount;

    public Task<AttemptEvidence> SendAsync(Uri endpoint, SoapVersion version = SoapVersion.Soap11) =>
        Transport.SendAsync(Samples.Call(endpoint, version), TestContext.Current.CancellationToken);

    /// <summary>Looks whether a receiver is back, as the host does after an outage.</summary>
    public Task<string?> ReachAsync(Destination destination) => _handlers.ReachAsync(destination, TestContext.Current.CancellationToken);

    public (NextMove Move, AttemptEvidence Evidence) Judge(AttemptEvidence evidence, bool idempotent = false, bool inquiry = false)
    {
        var destination = Samples.Destination(idempotent, inquiry);
        var (read, receipt) = ReplyReader.Read(evidence, destination.Reply!, Samples.MessageId);
        return (OutcomePolicy.After(read, receipt, destination, attempt: 1, Time.GetUtcNow()), read);
    }

    public void Dispose()
    {
        _wcf.Dispose();
        _raw.Dispose();
        _handlers.Dispose();
    }
}
