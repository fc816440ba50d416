using System.Net;
using System.Net.Sockets;

namespace Adapter.TestKit.Brokers;

/// <summary>A loopback address in front of a broker whose first connection ends after so many frames; those after it last.</summary>
internal sealed class FrameCutter : IAsyncDisposable
{
    private readonly int _target;
    private readonly int _frames;
    private readonly bool _ofTheBroker;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();

    /// <param name="target">Port on loopback.</param>
    /// <param name="frames">How many may pass.</param>
    /// <param name="ofTheBroker">Whether the broker's frames are counted, or those of the client.</param>
    public FrameCutter(int target, int frames, bool ofTheBroker)
    {
        (_target, _frames, _ofTheBroker) = (target, frames, ofTheBroker);
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether as many frames have passed, and the connection was ended.</summary>
    public bool HasCut { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var first = true; ; first = false)
            {
                var near = await _listener.AcceptTcpClientAsync(_end.Token);
                var far = new TcpClient { NoDelay = true };
                near.NoDelay = true;
                await far.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
                _ = CarryAsync(near, far, first && !_ofTheBroker);
                _ = CarryAsync(far, near, first && _ofTheBroker);
            }
        }
        catch (Exception over) when (IsOver(over))
        {
            // Nobody is waiting for more.
        }
    }

    private async Task CarryAsync(TcpClient from, TcpClient to, bool cut)
    {
        try
        {
            var (near, far) = (from.GetStream(), to.GetStream());
            for (var passed = 0; !cut || passed < _frames; passed++)
            {
                await far.WriteAsync(await AmqpFrames.ReadAsync(near, _end.Token), _end.Token);
            }

            HasCut = true;
        }
        catch (Exception over) when (IsOver(over))
        {
            // One end is gone; the other learns it below.
        }

        from.Dispose();
        to.Dispose();
    }

    private static bool IsOver(Exception exception) => exception is OperationCanceledException or ObjectDisposedException or SocketException or IOException;
}
