namespace Adapter.Host.Storage;

/// <summary>The clock that due times and deadlines go by: the database's, or this machine's where the store has none. Timers and measured spans are the machine's.</summary>
/// <remarks>
/// It follows a clock that is put ahead, and does not go back: what was due in five minutes when a clock was put back by an hour is due in five minutes all the same.
/// Then it stays ahead until the host ends, or until that clock has caught up.
/// </remarks>
internal sealed class StoreClock(StoreDatabase database, TimeProvider time) : TimeProvider
{
    /// <summary>Who asks for a <see cref="TimeProvider"/> by this key gets this one.</summary>
    public const string Key = "store";

    /// <summary>Less is the database's answer taking longer or shorter, or a clock that is being adjusted.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private (DateTimeOffset Shown, long At)? _last;
    private TimeSpan _held;

    /// <summary>How far the clock that it goes by is ahead of this machine's.</summary>
    public TimeSpan Ahead => database.Clock - time.GetUtcNow() ?? TimeSpan.Zero;

    /// <summary>By how much the clock that it goes by was put back since the host started, and has not caught up.</summary>
    public TimeSpan Held
    {
        get
        {
            GetUtcNow();
            lock (_gate)
            {
                return _held;
            }
        }
    }

    public override long TimestampFrequency => time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            var (shows, at) = (database.Clock ?? time.GetUtcNow(), time.GetTimestamp());
            if (_last is { } last)
            {
                var expected = last.Shown + time.GetElapsedTime(last.At, at);
                if (shows < last.Shown - Step)
                {
                    _held += expected - shows;
                }
                else if (_held > TimeSpan.Zero && shows > expected + Step)
                {
                    var caughtUp = shows - expected;
                    _held = caughtUp < _held ? _held - caughtUp : TimeSpan.Zero;
                }
            }

            _last = (shows, at);
            return shows + _held;
        }
    }

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
}
