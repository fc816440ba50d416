namespace Adapter.TestKit;

/// <summary>A clock that a test sets. Only the time of day is the test's; timers and measured spans stay real.</summary>
/// <remarks>So sockets and waits behave as they do in production, while a lane's schedule of hours passes at once.</remarks>
internal sealed class TestClock : TimeProvider
{
    private readonly Lock _gate = new();
    private DateTimeOffset? _standing;
    private TimeSpan _ahead;

    private TestClock(DateTimeOffset? standing) => _standing = standing;

    /// <summary>Moves only when it is told to.</summary>
    public static TestClock StandingAt(DateTimeOffset time) => new(time);

    /// <summary>Goes with the real clock and can be put ahead of it.</summary>
    public static TestClock Running() => new(standing: null);

    public void Advance(TimeSpan by)
    {
        lock (_gate)
        {
            _standing += by;
            _ahead += by;
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _standing ?? base.GetUtcNow() + _ahead;
        }
    }
}
