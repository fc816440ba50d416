using System.Net;
using System.Net.Sockets;

namespace Adapter.TestKit;

/// <summary>Where a connection is lost: before the server learns what is asked, or after it did it and before anybody hears of that.</summary>
public enum LossOf
{
    Request,
    Answer,
}

/// <summary>A loopback address in front of a server that is asked one thing at a time on each connection, which loses one connection at a chosen request.</summary>
public sealed class CuttingRelay : IAsyncDisposable
{
    private readonly int _target;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private int _requestsUntilCut;
    private LossOf _loss;
    private bool _hasCut;
    private bool _answered = true;
    private int _turns;

    /// <param name="target">Port on loopback.</param>
    public CuttingRelay(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether the loss that was ordered last has happened.</summary>
    public bool HasCut
    {
        get
        {
            lock (_gate)
            {
                return _hasCut;
            }
        }
    }

    /// <summary>How often something was asked after an answer: round trips, however many pieces they travel in.</summary>
    public int Turns
    {
        get
        {
            lock (_gate)
            {
                return _turns;
            }
        }
    }

    /// <param name="request">Counted over all connections from now on, from 1.</param>
    public void LoseAt(int request, LossOf loss)
    {
        lock (_gate)
        {
            (_requestsUntilCut, _loss, _hasCut) = (request, loss, false);
        }
    }

    /// <summary>Loses nothing any more.</summary>
    public void LoseNothing()
    {
        lock (_gate)
        {
            _requestsUntilCut = 0;
        }
    }

    /// <summary>Loses every connection and takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
    }

    /// <returns>What is to be lost with this request; null for nothing.</returns>
    private LossOf? NextRequest()
    {
        lock (_gate)
        {
            _turns += _answered ? 1 : 0;
            _answered = false;
            if (_requestsUntilCut == 0 || --_requestsUntilCut > 0)
            {
                return null;
            }

            _hasCut = true;
            return _loss;
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptSocketAsync(_end.Token);
                var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await far.ConnectAsync(IPAddress.Loopback, _target, _end.Token);
                (near.NoDelay, far.NoDelay) = (true, true);
                _ = CarryAsync(near, far);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task CarryAsync(Socket near, Socket far)
    {
        var answersAreLost = false;
        await Task.WhenAny(CarryAsync(near, far, () =>
        {
            var loss = NextRequest();
            answersAreLost |= loss == LossOf.Answer;
            return loss != LossOf.Request;
        }), CarryAsync(far, near, () =>
        {
            lock (_gate)
            {
                _answered = true;
            }

            return !Volatile.Read(ref answersAreLost);
        }));
        near.Dispose();
        far.Dispose();
    }

    /// <param name="passes">Asked for each piece; where it says no, the connection ends.</param>
    private async Task CarryAsync(Socket from, Socket to, Func<bool> passes)
    {
        try
        {
            var buffer = new byte[256 * 1024];
            while (await from.ReceiveAsync(buffer, _end.Token) is > 0 and var count && passes())
            {
                await to.SendAsync(buffer.AsMemory(0, count), _end.Token);
            }
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // One end is gone; the caller closes the other.
        }
    }
}
