using System.Globalization;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>A message that a broker has handed over and that is not settled.</summary>
internal sealed class BrokerMessage(Message wire, TimeProvider time)
{
    private const uint FirstDelivery = 0;

    private static readonly Symbol LockedUntil = new("x-opt-locked-until");

    private static readonly Symbol SequenceNumber = new("x-opt-sequence-number");

    private readonly Lazy<ReadOnlyMemory<byte>?> _body = new(() => Read(wire.BodySection));

    public Message Wire => wire;

    /// <summary>That it is ours alone for a time; only some brokers set a limit, and then the delivery's tag is the lock's name.</summary>
    public MessageLock Lock { get; } = new(
        wire.DeliveryTag is { Length: 16 } tag ? new Guid(tag) : Guid.Empty, ends: wire.MessageAnnotations?[LockedUntil] is DateTime, time);

    /// <summary>The sender's id; where the sender gave none, the number that Service Bus gave; or null. Ids of other types than text are written out.</summary>
    public string? Id => wire.Properties?.GetMessageId()?.ToString()
        ?? (wire.MessageAnnotations?[SequenceNumber] is long number ? string.Create(CultureInfo.InvariantCulture, $"sequence {number}") : null);

    /// <summary>What the sender says the message is about, such as <c>alarm</c>, or null.</summary>
    public string? Subject => wire.Properties?.Subject;

    public string? ContentType => wire.Properties?.ContentType?.ToString();

    /// <summary>Null for a body as it is; a name where the sender has compressed it.</summary>
    public string? ContentEncoding => wire.Properties?.ContentEncoding?.ToString() is { Length: > 0 } name && name is not ("identity" or "utf-8" or "UTF-8") ? name : null;

    /// <summary>Deliveries before this one that the broker counted as failed. Not all brokers count.</summary>
    public int FailedDeliveries => (int)Math.Min(wire.Header?.DeliveryCount ?? FirstDelivery, int.MaxValue);

    /// <summary>The bytes that the sender meant; null for a body that holds neither bytes nor text.</summary>
    public ReadOnlyMemory<byte>? Body => _body.Value;

    private static ReadOnlyMemory<byte>? Read(RestrictedDescribed section) => section switch
    {
        Data data => new ReadOnlyMemory<byte>(data.Binary),
        DataList list => new ReadOnlyMemory<byte>(Joined(list)),
        AmqpValue { Value: byte[] bytes } => new ReadOnlyMemory<byte>(bytes),
        AmqpValue { Value: string text } => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(text)),
        _ => (ReadOnlyMemory<byte>?)null,
    };

    private static byte[] Joined(DataList list)
    {
        using var all = new MemoryStream();
        for (var i = 0; i < list.Count; i++)
        {
            all.Write(list[i].Binary);
        }

        return all.ToArray();
    }
}
