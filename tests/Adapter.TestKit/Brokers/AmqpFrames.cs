using System.Buffers.Binary;

namespace Adapter.TestKit.Brokers;

/// <summary>Reads AMQP as it is on the wire, frame by frame.</summary>
internal static class AmqpFrames
{
    /// <summary>The next frame, or the eight bytes of a protocol header.</summary>
    /// <exception cref="EndOfStreamException">There is no more.</exception>
    public static async Task<byte[]> ReadAsync(Stream from, CancellationToken cancellationToken)
    {
        var head = new byte[8];
        await from.ReadExactlyAsync(head, cancellationToken);
        if (IsHeader(head))
        {
            return head;
        }

        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(head)];
        head.CopyTo(frame, 0);
        await from.ReadExactlyAsync(frame.AsMemory(8), cancellationToken);
        return frame;
    }

    public static bool IsHeader(byte[] frame) => frame.AsSpan(0, 4).SequenceEqual("AMQP"u8);

    /// <summary>Protocol 0; the login is protocol 3.</summary>
    public static bool BeginsAmqp(byte[] frame) => IsHeader(frame) && frame[4] == 0;
}
