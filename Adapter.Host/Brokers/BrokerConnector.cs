using Amqp;
using Amqp.Sasl;

namespace Adapter.Host.Brokers;

/// <summary>Opens connections; the one place that knows the client library's settings.</summary>
internal static class BrokerConnector
{
    /// <summary>How long each step of connecting may take; the library has no limit of its own on a peer that is silent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Largest frame in bytes that we take.</summary>
    private const int MaxFrame = 256 * 1024;

    public static async Task<Connection> ConnectAsync(
        BrokerAddress address, SaslProfile? sasl, BrokerSettings settings, BrokerCertificates certificates, TimeProvider time, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory();
        factory.AMQP.ContainerId = $"customstransit-{Guid.NewGuid():N}";
        factory.AMQP.HostName = address.Host;
        factory.AMQP.MaxFrameSize = MaxFrame;
        factory.AMQP.IdleTimeout = (int)settings.IdleTimeout.TotalMilliseconds;
        factory.SASL.Profile = sasl;
        factory.SSL.RemoteCertificateValidationCallback = (_, certificate, _, errors) => certificates.Trusts(certificate, errors);
        if (certificates.Own is { } own)
        {
            factory.SSL.ClientCertificates.Add(own);
        }

        var connecting = factory.CreateAsync(
            new Address(address.Host, address.Port, address.User, address.Password, "/", address.Tls ? "amqps" : "amqp"), cancellationToken, handler: null);
        try
        {
            return await connecting.WaitAsync(Patience, time, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            // It may still come about; nobody would close it.
            _ = connecting.ContinueWith(
                async task => (await task).Close(TimeSpan.Zero, null), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }
}
