using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Adapter.TestKit.Brokers.ServiceBus;

/// <summary>A stored message.</summary>
internal sealed class Stored(long number, Message sent, DateTimeOffset enqueuedAt)
{
    public long Number { get; } = number;

    public Message Sent { get; } = sent;

    public DateTimeOffset EnqueuedAt { get; } = enqueuedAt;

    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>Deliveries that counted as failed.</summary>
    public int Failed { get; set; }

    public bool Deferred { get; set; }

    public Delivery? LockedBy { get; set; }

    public string? SessionId => Sent.Properties?.GroupId;
}

/// <summary>A message on its way to one receiver.</summary>
internal sealed class Delivery : Message
{
    public Delivery(Stored stored, Guid lockToken, DateTimeOffset? lockedUntil, string? deadLetterSource)
    {
        (Stored, LockToken, LockedUntil) = (stored, lockToken, lockedUntil);
        Header = new Header { DeliveryCount = (uint)stored.Failed, Durable = true };
        Properties = stored.Sent.Properties;
        ApplicationProperties = stored.Sent.ApplicationProperties;
        BodySection = stored.Sent.BodySection;
        MessageAnnotations = new MessageAnnotations();
        foreach (var (key, value) in stored.Sent.MessageAnnotations?.Map ?? [])
        {
            MessageAnnotations.Map[key] = value;
        }

        MessageAnnotations[new Symbol("x-opt-sequence-number")] = stored.Number;
        MessageAnnotations[new Symbol("x-opt-enqueued-time")] = stored.EnqueuedAt.UtcDateTime;
        MessageAnnotations[new Symbol("x-opt-message-state")] = stored.Deferred ? 1 : stored.ScheduledFor is not null ? 2 : 0;
        if (lockedUntil is { } until)
        {
            MessageAnnotations[new Symbol("x-opt-locked-until")] = until.UtcDateTime;
        }

        if (deadLetterSource is not null)
        {
            MessageAnnotations[new Symbol("x-opt-deadletter-source")] = deadLetterSource;
        }
    }

    public Stored Stored { get; }

    public Guid LockToken { get; }

    public DateTimeOffset? LockedUntil { get; set; }
}
