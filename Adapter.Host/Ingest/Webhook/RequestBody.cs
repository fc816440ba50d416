using System.Buffers;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>A request's body in a pooled array, which this object alone owns and returns once.</summary>
internal sealed class RequestBody : IDisposable
{
    private byte[] _array;
    private int _length;

    private RequestBody(int size) => _array = ArrayPool<byte>.Shared.Rent(size);

    /// <summary>Valid until this is disposed.</summary>
    public ReadOnlyMemory<byte> Bytes => _array.AsMemory(0, _length);

    /// <exception cref="BadHttpRequestException">The body is larger than <paramref name="most"/> (413), or was cut.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        var body = new RequestBody((int)Math.Min(request.ContentLength ?? 4096, most) + 1);
        try
        {
            await body.FillAsync(request.Body, most, cancellationToken);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        var array = Interlocked.Exchange(ref _array, []);
        if (array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }

    private async Task FillAsync(Stream stream, int most, CancellationToken cancellationToken)
    {
        while (await stream.ReadAsync(_array.AsMemory(_length), cancellationToken) is > 0 and var read)
        {
            _length += read;
            if (_length > most)
            {
                throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
            }

            if (_length == _array.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(_array.Length * 2);
                Bytes.CopyTo(larger);
                var outgrown = _array;
                _array = larger;
                ArrayPool<byte>.Shared.Return(outgrown);
            }
        }
    }
}
