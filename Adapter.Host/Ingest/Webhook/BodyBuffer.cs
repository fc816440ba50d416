using System.Buffers;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>The bytes of one request in a rented array, which goes back to its pool once.</summary>
/// <remarks>An array given back twice would be rented to two requests at a time, and the records of one would be journalled for the other.</remarks>
internal sealed class BodyBuffer(ArrayPool<byte> pool, int size) : IDisposable
{
    private byte[] _rented = pool.Rent(size);
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _rented.AsMemory(0, _length);

    /// <exception cref="BadHttpRequestException">413: the body has more than <paramref name="most"/> bytes.</exception>
    public async Task ReadAsync(Stream body, int most, CancellationToken cancellationToken)
    {
        int read;
        while ((read = await body.ReadAsync(_rented.AsMemory(_length), cancellationToken)) > 0)
        {
            _length += read;
            if (_length > most)
            {
                throw new BadHttpRequestException("Request body too large.", StatusCodes.Status413PayloadTooLarge);
            }

            if (_length == _rented.Length)
            {
                var outgrown = _rented;
                _rented = pool.Rent(outgrown.Length * 2);
                outgrown.CopyTo(_rented, 0);
                pool.Return(outgrown);
            }
        }
    }

    public void Dispose() => pool.Return(_rented);
}
