using System.Buffers;
using System.Net;
using Adapter.Host.Observability;

namespace Adapter.Host.Delivery.Transports;

/// <summary>Keeps what WCF would lose: status, Retry-After, the answer's bytes, the true failure, and whether the request had left.</summary>
/// <remarks>
/// WCF always gets an empty 202 back, for failures too. Its own reading of answers drops bodies of 4xx and 503, refuses foreign content types and
/// charsets, and throws NullReferenceException for an empty chunked body; and its exception types mix "not sent" with "answer lost". So the
/// answer is read from the captured bytes, the failure from the exchange, and WCF's part is to write the request.
/// </remarks>
internal sealed class CaptureHandler(HttpMessageHandler inner, ICrashPoint crash, TimeProvider time) : DelegatingHandler(inner)
{
    private static readonly AsyncLocal<Exchange?> Local = new();

    /// <summary>The exchange of the attempt under way in this asynchronous flow.</summary>
    public static Exchange? Current
    {
        get => Local.Value;
        set => Local.Value = value;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var exchange = Current ?? throw new InvalidOperationException("A request was sent outside an attempt.");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, exchange.Stop);
        try
        {
            await TellWhenLeavingAsync(request, exchange, either.Token);
            using var response = await base.SendAsync(request, either.Token);
            crash.Reached(CrashPoints.AttemptAnswered);
            exchange.Status = (int)response.StatusCode;
            exchange.RetryAfter = RetryAfterOf(response);
            exchange.Location = response.Headers.Location;
            exchange.Charset = response.Content.Headers.ContentType?.CharSet;
            exchange.MediaType = response.Content.Headers.ContentType?.MediaType;
            exchange.ContentEncoding = string.Join(", ", response.Content.Headers.ContentEncoding);
            await ReadReplyAsync(response.Content, exchange, either.Token);
        }
        catch (Exception failure)
        {
            exchange.Failure = failure;
        }
        return new HttpResponseMessage(HttpStatusCode.Accepted) { RequestMessage = request, Content = new ByteArrayContent([]) };
    }

    private async Task TellWhenLeavingAsync(HttpRequestMessage request, Exchange exchange, CancellationToken cancellationToken)
    {
        request.Headers.ExpectContinue = false;
        foreach (var (name, value) in exchange.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (exchange.UnquotedAction && request.Headers.TryGetValues("SOAPAction", out var actions))
        {
            var bare = string.Concat(actions).Trim('"');
            request.Headers.Remove("SOAPAction");
            request.Headers.TryAddWithoutValidation("SOAPAction", bare);
        }

        if (request.Content is { } content)
        {
            var told = new LeavingContent(await content.ReadAsByteArrayAsync(cancellationToken), exchange, crash);
            foreach (var header in content.Headers)
            {
                told.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
            request.Content = told;
        }
    }

    private static async Task ReadReplyAsync(HttpContent content, Exchange exchange, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                var room = Exchange.ReplyCap - (int)kept.Length;
                kept.Write(buffer, 0, Math.Min(read, room));
                if (read > room)
                {
                    exchange.ReplyTooLong = true;
                    break;
                }
            }
        }
        finally
        {
            exchange.Reply = kept.ToArray();   // what came before a cut is evidence too
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } when date - time.GetUtcNow() is var wait => wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    /// <summary>A body that says when it is first asked for, which is after a connection was obtained and before a byte of it is written.</summary>
    /// <remarks>The request's head waits in the connection's buffer until then. A second asking would be a silent repetition and is refused.</remarks>
    private sealed class LeavingContent(byte[] bytes, Exchange exchange, ICrashPoint crash) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            if (exchange.RequestLeft)
            {
                throw new InvalidOperationException("The request had left already and is not written a second time.");
            }
            exchange.MarkRequestLeft();
            crash.Reached(CrashPoints.AttemptLeaving);
            await stream.WriteAsync(bytes, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = bytes.Length;
            return true;
        }
    }
}
