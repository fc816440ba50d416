using Amqp;
using Amqp.Framing;

namespace Adapter.TestKit.Brokers.ServiceBus;

/// <summary>A batch is one message whose data sections are messages.</summary>
internal static class Batch
{
    private const uint Format = 0x80013700;

    public static IReadOnlyList<Message> Open(Message message)
    {
        if (message.Format != Format)
        {
            return [message];
        }

        return message.BodySection switch
        {
            DataList list => [.. Enumerable.Range(0, list.Count).Select(i => Decode(list[i].Binary))],
            Data data => [Decode(data.Binary)],
            _ => throw new InvalidOperationException("A batch without data sections."),
        };
    }

    public static Message Decode(byte[] encoded) => Message.Decode(new ByteBuffer(encoded, 0, encoded.Length, encoded.Length));
}
