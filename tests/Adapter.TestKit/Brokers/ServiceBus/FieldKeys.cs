using System.Buffers.Binary;

namespace Adapter.TestKit.Brokers.ServiceBus;

/// <summary>Turns text into symbols where a disposition's maps have text for keys.</summary>
/// <remarks>
/// Microsoft's JavaScript client writes the reason of a dead letter so. The service takes it; the library of the tests' server would
/// close the connection. Both encodings have the same length, so one byte changes and nothing moves.
/// </remarks>
internal static class FieldKeys
{
    private const int FrameHeader = 8;

    private const byte Disposition = 0x15;

    /// <param name="frame">One whole frame, its size included.</param>
    public static void Mend(Span<byte> frame)
    {
        var start = frame[4] * 4;
        if (frame[5] == 0 && start >= FrameHeader && frame.Length > start + 2 && frame[start] == 0 && frame[start + 1] == 0x53 && frame[start + 2] == Disposition)
        {
            var at = start;
            Skip(frame, ref at, isKey: false);
        }
    }

    private static void Skip(Span<byte> frame, ref int at, bool isKey)
    {
        var code = frame[at];
        if (isKey && code is (0xa1 or 0xb1))
        {
            frame[at] = code == 0xa1 ? (byte)0xa3 : (byte)0xb3;
        }

        at++;
        switch (code)
        {
            case 0x00:
                Skip(frame, ref at, isKey: false);
                Skip(frame, ref at, isKey: false);
                break;
            case 0xc0 or 0xc1:
                Compound(frame, ref at, isMap: code == 0xc1, count: frame[at + 1], header: 2);
                break;
            case 0xd0 or 0xd1:
                Compound(frame, ref at, isMap: code == 0xd1, count: BinaryPrimitives.ReadInt32BigEndian(frame[(at + 4)..]), header: 8);
                break;
            default:
                at += (code >> 4) switch
                {
                    0x4 => 0,
                    0x5 => 1,
                    0x6 => 2,
                    0x7 => 4,
                    0x8 => 8,
                    0x9 => 16,
                    0xa or 0xe => 1 + frame[at],
                    _ => 4 + BinaryPrimitives.ReadInt32BigEndian(frame[at..]),
                };
                break;
        }
    }

    private static void Compound(Span<byte> frame, ref int at, bool isMap, int count, int header)
    {
        at += header;
        for (var i = 0; i < count; i++)
        {
            Skip(frame, ref at, isMap && i % 2 == 0);
        }
    }
}
