namespace Adapter.Host.Rehearsal;

/// <summary>The time of a journey that is replayed: runs as the real one does and leaps ahead when the journey goes on.</summary>
/// <remarks>Sixteen hours of telemetry pass in seconds; with the real clock every report but the last would count as late.</remarks>
internal sealed class ReplayClock(TimeProvider real, DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private TimeSpan _ahead = start - real.GetUtcNow();

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return real.GetUtcNow() + _ahead;
        }
    }

    /// <summary>Leaps to this moment, unless it has passed.</summary>
    public void LeapTo(DateTimeOffset moment)
    {
        lock (_gate)
        {
            var ahead = moment - real.GetUtcNow();
            _ahead = ahead > _ahead ? ahead : _ahead;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => real.CreateTimer(callback, state, dueTime, period);

    public override long GetTimestamp() => real.GetTimestamp();

    public override long TimestampFrequency => real.TimestampFrequency;
}
