using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Adapter.TestKit.Brokers.ServiceBus;

/// <summary>Stands before the server's listener and lets frames through, mended by <see cref="FieldKeys"/>.</summary>
internal sealed class FrameRelay : IAsyncDisposable
{
    private readonly int _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();

    public FrameRelay(int target)
    {
        _target = target;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        _end.Dispose();
    }

    private static bool IsOver(Exception exception) => exception is OperationCanceledException or ObjectDisposedException or SocketException or IOException;

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_end.Token);
                var far = new TcpClient { NoDelay = true };
                near.NoDelay = true;
                await far.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
                _ = CarryAsync(near, far, CarryFramesAsync);
                _ = CarryAsync(far, near, (from, to, cancellationToken) => from.CopyToAsync(to, cancellationToken));
            }
        }
        catch (Exception over) when (IsOver(over))
        {
            // The server ends.
        }
    }

    private async Task CarryAsync(TcpClient from, TcpClient to, Func<Stream, Stream, CancellationToken, Task> carry)
    {
        try
        {
            await carry(from.GetStream(), to.GetStream(), _end.Token);
        }
        catch (Exception over) when (IsOver(over))
        {
            // One end is gone; the other learns it below.
        }

        from.Dispose();
        to.Dispose();
    }

    private static async Task CarryFramesAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var head = new byte[8];
        while (true)
        {
            await from.ReadExactlyAsync(head, cancellationToken);
            if (head.AsSpan(0, 4).SequenceEqual("AMQP"u8))
            {
                await to.WriteAsync(head, cancellationToken);
                continue;
            }

            var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(head)];
            head.CopyTo(frame, 0);
            await from.ReadExactlyAsync(frame.AsMemory(8), cancellationToken);
            FieldKeys.Mend(frame);
            await to.WriteAsync(frame, cancellationToken);
        }
    }
}
