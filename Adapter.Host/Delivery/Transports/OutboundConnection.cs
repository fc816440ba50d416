using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Adapter.Host.Delivery.Transports;

/// <summary>Makes the handler through which every outgoing request passes: no redirects, proxies, cookies or decompression.</summary>
internal static class OutboundConnection
{
    /// <summary>An idle connection is dropped before common servers and firewalls drop it: a request into a dead connection has an unknown outcome.</summary>
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(20);

    /// <summary>A name that moves to another address is followed after this.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    public static SocketsHttpHandler CreateHandler(IOutboundAllowList allowList, TimeSpan connectTimeout) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,   // the request is the same at every attempt
        ConnectTimeout = connectTimeout,
        PooledConnectionLifetime = Lifetime,
        PooledConnectionIdleTimeout = IdleTimeout,
        // How many attempts go side by side is each destination's affair: whoever waited for a connection here would lose the time of its attempt.
        MaxConnectionsPerServer = int.MaxValue,
        // Whatever the machine's own settings allow: an older protocol can be broken on the way.
#pragma warning disable CA5398 // The newest are meant; a newer one will be added.
        SslOptions = { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 },
#pragma warning restore CA5398
        ConnectCallback = (context, cancellationToken) => ConnectAsync(allowList, context.DnsEndPoint, cancellationToken),
    };

    /// <summary>Resolves, asks the allow-list about each address, and connects to one that it was asked about: a name cannot change in between.</summary>
    public static async ValueTask<Stream> ConnectAsync(IOutboundAllowList allowList, DnsEndPoint endpoint, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(endpoint.Host, out var literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken);

        Exception? failure = null;
        foreach (var address in addresses)
        {
            if (!allowList.Permits(endpoint.Host, endpoint.Port, address, out var refusal))
            {
                failure ??= new OutboundRefusedException(refusal);
                continue;
            }
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, endpoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception exception)
            {
                socket.Dispose();
                failure = exception;
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }
}

/// <summary>The allow-list forbids the connection.</summary>
internal sealed class OutboundRefusedException(string refusal) : IOException(refusal);
