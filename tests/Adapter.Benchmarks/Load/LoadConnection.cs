using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Adapter.Benchmarks.Load;

/// <summary>One keep-alive connection that sends the next request when the last is answered.</summary>
/// <remarks>Writes prepared bytes and looks for the end of the answer, nothing else: on two cores a comfortable client would take the time that is being measured.</remarks>
internal sealed class LoadConnection
{
    private readonly Uri _address;
    private readonly IRequestBodies _bodies;
    private readonly int _batch;
    private readonly byte[] _request;
    private readonly int _body;
    private readonly byte[] _answer = new byte[64 * 1024];

    public LoadConnection(Uri address, string kind, int number, int batch, int first)
    {
        (_address, _batch) = (address, batch);
        _bodies = kind == "registration" ? new Registrations(number, first) : new Reports(kind, number, first);
        var length = batch == 1 ? _bodies.Length : (batch * (_bodies.Length + 1)) + 1;
        var head = Encoding.ASCII.GetBytes(
            $"POST {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\n{_bodies.Head}"
            + $"Content-Length: {length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n");
        _body = head.Length;
        _request = new byte[head.Length + length];
        head.CopyTo(_request, 0);
    }

    public List<long> Latencies { get; } = [];

    public long Answered { get; private set; }

    public long Errors { get; private set; }

    /// <param name="most">Requests after which it ends.</param>
    public async Task RunAsync(long until, int most)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(_address.Host, _address.Port);
        for (var sent = 0; sent < most && Stopwatch.GetTimestamp() < until; sent++)
        {
            Write();
            var begun = Stopwatch.GetTimestamp();
            await socket.SendAsync(_request);
            if (await AnswerAsync(socket))
            {
                Answered++;
            }
            else
            {
                Errors++;
            }

            Latencies.Add(Stopwatch.GetTimestamp() - begun);
        }
    }

    private void Write()
    {
        var body = _request.AsSpan(_body);
        if (_batch == 1)
        {
            _bodies.Next(body);
            return;
        }

        body[0] = (byte)'[';
        var at = 1;
        for (var i = 0; i < _batch; i++)
        {
            _bodies.Next(body[at..]);
            at += _bodies.Length;
            body[at++] = i + 1 == _batch ? (byte)']' : (byte)',';
        }
    }

    /// <summary>Reads one answer to its end, which Content-Length or the last chunk tells.</summary>
    private async Task<bool> AnswerAsync(Socket socket)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(_answer.AsMemory(length));
            if (read == 0)
            {
                throw new IOException("The peer closed the connection.");
            }

            length += read;
            if (IsWhole(_answer.AsSpan(0, length)))
            {
                return _answer.AsSpan(0, length).StartsWith("HTTP/1.1 2"u8);
            }
        }
    }

    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = answer[..end];
        var at = head.IndexOf("Content-Length: "u8);
        if (at < 0)
        {
            return answer.EndsWith("0\r\n\r\n"u8);
        }

        var value = head[(at + 16)..];
        var stop = value.IndexOf((byte)'\r');
        return answer.Length >= end + 4 + int.Parse(stop < 0 ? value : value[..stop], CultureInfo.InvariantCulture);
    }
}
