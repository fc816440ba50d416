namespace Adapter.Host.Ingest.Amqp;

/// <summary>Until when a message is ours alone, where the broker sets a limit to it.</summary>
/// <param name="token">The broker's name for it.</param>
/// <param name="until">Null where there is no limit.</param>
internal sealed class MessageLock(Guid token, DateTimeOffset? until, DateTimeOffset since)
{
    private DateTimeOffset? _dueAt = until is { } end ? Half(since, end) : null;

    public Guid Token { get; } = token;

    /// <summary>Half of its time is over.</summary>
    public bool IsDue(DateTimeOffset now) => _dueAt <= now;

    public void Renewed(DateTimeOffset now, DateTime until) => _dueAt = Half(now, new DateTimeOffset(until));

    /// <summary>Somebody else may have the message by now; nothing is left to renew.</summary>
    public void Lost() => _dueAt = null;

    private static DateTimeOffset Half(DateTimeOffset from, DateTimeOffset to) => from + ((to - from) / 2);
}
