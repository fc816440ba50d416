using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Adapter.Contracts.Admin;
using Adapter.Host.Observability;

namespace Adapter.Host.Delivery.Transports;

/// <summary>The connection pools, one per way of connecting, shared by both transports.</summary>
internal sealed class OutboundHandlers(IOutboundAllowList allowList, OutboundSecrets secrets, ICrashPoint crash, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<ConnectionProfile, Lazy<CaptureHandler>> _handlers = new();

    /// <summary>The pool for this profile; the same one for the same profile.</summary>
    /// <exception cref="CryptographicException">A certificate cannot be had; the message says which and why.</exception>
    public HttpMessageHandler For(ConnectionProfile profile) =>
        _handlers.GetOrAdd(profile, key => new Lazy<CaptureHandler>(() => new CaptureHandler(Connect(key), crash, time))).Value;

    /// <summary>What makes connections differ. A renewed certificate is another profile, so its first request opens a connection with it.</summary>
    /// <exception cref="CryptographicException">A certificate file is not there.</exception>
    public ConnectionProfile ProfileOf(Destination destination) => new(
        destination.ConnectTimeout, destination.ClientCertificate, destination.TrustedAuthorities,
        Stamp(destination.ClientCertificate?.File), Stamp(destination.ClientCertificate?.Key), Stamp(destination.TrustedAuthorities));

    public void Dispose()
    {
        foreach (var handler in _handlers.Values.Where(made => made.IsValueCreated))
        {
            handler.Value.Dispose();
        }
    }

    /// <summary>Looks whether a destination can be reached, without any effect there: its probe address is fetched, or a connection is opened and closed.</summary>
    /// <returns>Why not, or null when it can.</returns>
    public async Task<string?> ReachAsync(Destination destination, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(destination.Probe is null ? destination.ConnectTimeout : destination.AttemptTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var profile = ProfileOf(destination);
            if (destination.Probe is { } address)
            {
                return await FetchAsync(profile, address, stop.Token);
            }

            var endpoint = destination.Endpoint ?? throw new InvalidOperationException($"{destination.Name} fetches its messages and cannot be called.");
            await using var connection = await OutboundConnection.ConnectAsync(allowList, new DnsEndPoint(endpoint.IdnHost, endpoint.Port), stop.Token);
            if (endpoint.Scheme == Uri.UriSchemeHttps)
            {
                using var handler = Connect(profile);
                handler.SslOptions.TargetHost = endpoint.IdnHost;
                await using var tls = new SslStream(connection);
                await tls.AuthenticateAsClientAsync(handler.SslOptions, stop.Token);
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or SocketException or AuthenticationException or CryptographicException or OperationCanceledException)
        {
            return $"{destination.Name} ({destination.Endpoint?.Authority}) cannot be reached: {(timeout.IsCancellationRequested ? "no connection in time" : exception.GetBaseException().Message)}";
        }
    }

    private async Task<string?> FetchAsync(ConnectionProfile profile, Uri address, CancellationToken cancellationToken)
    {
        using var client = new HttpMessageInvoker(For(profile), disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        var exchange = CaptureHandler.Current = new Exchange(cancellationToken);
        using var nothing = await client.SendAsync(request, cancellationToken);
        return exchange switch
        {
            { Failure: { } failure } => $"{address.Authority} cannot be reached: {failure.GetBaseException().Message}",
            { Status: 429 or >= 500 } => $"{address.Authority} answers {address.AbsolutePath} with HTTP {exchange.Status}.",
            _ => null,
        };
    }

    private SocketsHttpHandler Connect(ConnectionProfile profile)
    {
        var handler = OutboundConnection.CreateHandler(allowList, profile.ConnectTimeout);
        if (profile.Certificate is { } named)
        {
            var certificate = Load(named);
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, Chain(named), offline: true);
        }

        if (profile.Authorities is { } authorities)
        {
            var trusted = new X509Certificate2Collection();
            trusted.ImportFromPemFile(secrets.PathOf(authorities));
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(trusted);
        }

        return handler;
    }

    private X509Certificate2 Load(ClientCertificate named)
    {
        var (file, key) = (secrets.PathOf(named.File), named.Key is { } own ? secrets.PathOf(own) : null);
        return named.Password is { } reference
            ? X509Certificate2.CreateFromEncryptedPemFile(file, secrets.Read(reference), key)
            : X509Certificate2.CreateFromPemFile(file, key);
    }

    private X509Certificate2Collection Chain(ClientCertificate named)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(secrets.PathOf(named.File));
        return all;
    }

    private DateTime? Stamp(string? name) => name is null ? null : File.GetLastWriteTimeUtc(secrets.PathOf(name));

    internal sealed record ConnectionProfile(
        TimeSpan ConnectTimeout, ClientCertificate? Certificate, string? Authorities, DateTime? CertificateOf, DateTime? KeyOf, DateTime? AuthoritiesOf);
}
