using System.Buffers;
using Adapter.Host.Ingest.Webhook;

namespace Adapter.Integration.Tests.Surfaces;

public sealed class BodyBufferTests
{
    private readonly WatchedPool _pool = new();

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    public async Task A_body_is_read_whole_whatever_size_was_announced(int size)
    {
        var bytes = Enumerable.Range(0, size).Select(n => (byte)n).ToArray();

        using (var buffer = new BodyBuffer(_pool, 16))
        {
            await buffer.ReadAsync(new MemoryStream(bytes), most: 1000, TestContext.Current.CancellationToken);
            buffer.Bytes.ToArray().ShouldBe(bytes);
        }

        _pool.Out.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_array_goes_back_once_also_when_a_body_that_has_grown_is_too_large_or_breaks_off(bool tooLarge)
    {
        using (var buffer = new BodyBuffer(_pool, 16))
        {
            await Should.ThrowAsync<IOException>(() => buffer.ReadAsync(new BrokenStream(100), most: tooLarge ? 90 : 1000, TestContext.Current.CancellationToken));
        }

        _pool.Out.ShouldBeEmpty();
    }

    /// <summary>Refuses what was not rented, or has been given back before.</summary>
    private sealed class WatchedPool : ArrayPool<byte>
    {
        public HashSet<byte[]> Out { get; } = new(ReferenceEqualityComparer.Instance);

        public override byte[] Rent(int minimumLength)
        {
            var array = new byte[minimumLength];
            Out.Add(array);
            return array;
        }

        public override void Return(byte[] array, bool clearArray = false) => Out.Remove(array).ShouldBeTrue("the array was given back before");
    }

    /// <summary>A sender that goes away.</summary>
    private sealed class BrokenStream(int bytes) : MemoryStream(new byte[bytes])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length ? throw new IOException("The connection is gone.") : base.ReadAsync(buffer, cancellationToken);
    }
}
