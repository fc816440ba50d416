using System.Net;
using System.Net.Sockets;

namespace Adapter.TestKit.Brokers.ServiceBus;

/// <summary>Stands before the server's listener and lets frames through: those of the client mended by <see cref="FieldKeys"/>, those of the server in the service's order.</summary>
/// <remarks>
/// The library's listener opens the connection in one breath with the outcome of the login. The service waits for the client's turn, and Microsoft's client counts on that:
/// what it reads together with the outcome lies there until more comes, which is never.
/// </remarks>
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
                var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _ = CarryAsync(near, far, (from, to, cancellationToken) => CarryRequestsAsync(from, to, begun, cancellationToken));
                _ = CarryAsync(far, near, (from, to, cancellationToken) => CarryAnswersAsync(from, to, begun.Task, cancellationToken));
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

    /// <param name="begun">Set when the client begins to speak AMQP: its login is over.</param>
    private static async Task CarryRequestsAsync(Stream from, Stream to, TaskCompletionSource begun, CancellationToken cancellationToken)
    {
        while (true)
        {
            var frame = await AmqpFrames.ReadAsync(from, cancellationToken);
            if (!AmqpFrames.IsHeader(frame))
            {
                FieldKeys.Mend(frame);
            }
            else if (AmqpFrames.BeginsAmqp(frame))
            {
                begun.TrySetResult();
            }

            await to.WriteAsync(frame, cancellationToken);
        }
    }

    private static async Task CarryAnswersAsync(Stream from, Stream to, Task begun, CancellationToken cancellationToken)
    {
        byte[] frame;
        do
        {
            frame = await AmqpFrames.ReadAsync(from, cancellationToken);
            if (AmqpFrames.BeginsAmqp(frame))
            {
                await begun.WaitAsync(cancellationToken);
            }

            await to.WriteAsync(frame, cancellationToken);
        }
        while (!AmqpFrames.BeginsAmqp(frame));

        await from.CopyToAsync(to, cancellationToken);
    }
}
