namespace Adapter.Host.Rehearsal.Twins;

/// <summary>Which ids took effect at a twin, and what that means for the next message. Not thread-safe.</summary>
internal sealed class TwinMemory(bool idempotent)
{
    private readonly Dictionary<string, Taken> _taken = new(StringComparer.Ordinal);

    /// <summary>How many effects there were in all.</summary>
    public int Effects { get; private set; }

    /// <summary>Remembers a record of the log.</summary>
    public void Recall(TwinRecord record)
    {
        if (record.Effect > 0)
        {
            Take(record.MessageId, record.BodySha256, record.At);
        }
    }

    /// <summary>Decides, and remembers the effect that follows from it.</summary>
    public TwinVerdict Judge(TwinMessage message, string bodySha256, bool refuse, DateTimeOffset now)
    {
        var known = _taken.GetValueOrDefault(message.MessageId);
        if (message.Asks)
        {
            return new TwinVerdict(known is null ? TwinFinding.NotKnown : TwinFinding.Known, 0, known?.At ?? now);
        }

        if (refuse)
        {
            return new TwinVerdict(TwinFinding.RefusedByOrder, 0, now);
        }

        if (known is not null && idempotent)
        {
            return known.BodySha256 == bodySha256
                ? new TwinVerdict(TwinFinding.Duplicate, 0, known.At)
                : new TwinVerdict(TwinFinding.IdReused, 0, now);
        }

        return new TwinVerdict(TwinFinding.TookEffect, Take(message.MessageId, bodySha256, now), known?.At ?? now);
    }

    private int Take(string messageId, string bodySha256, DateTimeOffset at)
    {
        var taken = _taken.TryGetValue(messageId, out var before)
            ? before with { Effects = before.Effects + 1 }
            : new Taken(bodySha256, at, 1);
        _taken[messageId] = taken;
        Effects++;
        return taken.Effects;
    }

    private sealed record Taken(string BodySha256, DateTimeOffset At, int Effects);
}
