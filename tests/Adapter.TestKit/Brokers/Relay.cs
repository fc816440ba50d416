using System.Net;
using System.Net.Sockets;

namespace Adapter.TestKit.Brokers;

/// <summary>A loopback address in front of a port, which can be shut, or fall silent while its connections stay open.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly int _target;
    private readonly Socket _reserved = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _end = new();
    private volatile TaskCompletionSource _passes = Passing();

    /// <param name="target">Port on loopback.</param>
    /// <param name="address">Where to listen; a loopback address.</param>
    public Relay(int target, IPAddress? address = null)
    {
        _target = target;
        // Bound and not listening: the port is this relay's, and nobody answers there.
        _reserved.Bind(new IPEndPoint(address ?? IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_reserved.LocalEndPoint!).Port;
    }

    public int Port { get; }

    /// <summary>Takes connections from now on.</summary>
    public void Open()
    {
        _reserved.Listen();
        _ = AcceptAsync();
    }

    /// <summary>Nothing passes any more, and nothing is closed.</summary>
    public void Freeze() => _passes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Thaw() => _passes.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Thaw();
        await _end.CancelAsync();
        _reserved.Dispose();
        _end.Dispose();
    }

    private static TaskCompletionSource Passing()
    {
        var passing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        passing.SetResult();
        return passing;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _reserved.AcceptAsync(_end.Token);
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await far.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
                _ = CarryAsync(near, far);
                _ = CarryAsync(far, near);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Nobody is waiting for more.
        }
    }

    private async Task CarryAsync(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count)
            {
                await _passes.Task.WaitAsync(_end.Token);
                await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // One end is gone; the other learns it below.
        }

        from.Dispose();
        to.Dispose();
    }
}
