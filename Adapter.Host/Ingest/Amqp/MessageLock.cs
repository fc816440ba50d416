namespace Adapter.Host.Ingest.Amqp;

/// <summary>That a message is ours alone, where the broker sets a limit to it.</summary>
/// <remarks>
/// The broker says until when by its own clock. Ours may differ from that by more than a lock lasts, so nothing is reckoned from it: what is held is renewed
/// every two seconds. Locks last a minute where nobody has set another time; those under about three seconds are not kept.
/// </remarks>
/// <param name="token">The broker's name for it.</param>
/// <param name="ends">Whether there is a limit.</param>
internal sealed class MessageLock(Guid token, bool ends, TimeProvider time)
{
    /// <summary>How long a lock is left alone.</summary>
    public static readonly TimeSpan RenewAfter = TimeSpan.FromSeconds(2);

    private long _since = time.GetTimestamp();
    private volatile bool _ends = ends;

    public Guid Token { get; } = token;

    public bool IsDue => _ends && time.GetElapsedTime(Volatile.Read(ref _since)) >= RenewAfter;

    public void Renewed() => Volatile.Write(ref _since, time.GetTimestamp());

    /// <summary>Somebody else may have the message by now; nothing is left to renew.</summary>
    public void Lost() => _ends = false;
}
