using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>A peer of bare sockets, for answers that no proper server gives. Counts every request that arrives on any connection.</summary>
internal sealed class SocketPeer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<SocketPeer, Socket, int, Task<bool>> _answer;
    private readonly Task _accepting;
    private int _requests;
    private int _connections;

    /// <param name="answer">Gets the socket and the request's number from 1; true keeps the connection.</param>
    public SocketPeer(Func<SocketPeer, Socket, int, Task<bool>> answer)
    {
        _answer = answer;
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/soap");
        _accepting = AcceptAsync();
    }

    public Uri Endpoint { get; }

    public int Requests => Volatile.Read(ref _requests);

    public int Connections => Volatile.Read(ref _connections);

    public ConcurrentQueue<byte[]> Received { get; } = new();

    /// <summary>Set when a request has arrived to its last byte.</summary>
    public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Writes as given and closes the connection in order.</summary>
    public static SocketPeer Writing(string answer) => new(async (_, socket, _) =>
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(answer));
        socket.Shutdown(SocketShutdown.Both);
        return false;
    });

    /// <summary>Never answers, or stops in the middle.</summary>
    public static SocketPeer Silent(string beginning = "") => new(async (peer, socket, _) =>
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(beginning));
        peer.Arrived.TrySetResult();
        return true;
    });

    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public static string Ok(string body) => $"HTTP/1.1 200 OK\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _ = ServeAsync(socket);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException
            || (exception is InvalidOperationException && _stop.IsCancellationRequested))
        {
            // The test is over; between two connections the listener says so in a way of its own.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var owned = socket;
        try
        {
            while (await ReadRequestAsync(socket) is { } request)
            {
                Received.Enqueue(request);
                if (!await _answer(this, socket, Interlocked.Increment(ref _requests)))
                {
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The client went away, as some tests want.
        }
    }

    private async Task<byte[]?> ReadRequestAsync(Socket socket)
    {
        var bytes = new List<byte>();
        var buffer = new byte[4096];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, _stop.Token);
            if (read == 0)
            {
                return null;
            }
            bytes.AddRange(buffer.AsSpan(0, read));
            var text = Encoding.Latin1.GetString([.. bytes]);
            var head = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (head >= 0)
            {
                var length = text[..head].Split("\r\n").First(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Split(':')[1];
                if (bytes.Count >= head + 4 + int.Parse(length, System.Globalization.CultureInfo.InvariantCulture))
                {
                    return [.. bytes];
                }
            }
        }
    }
}
