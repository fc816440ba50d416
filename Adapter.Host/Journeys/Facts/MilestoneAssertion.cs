namespace Adapter.Host.Journeys.Facts;

/// <summary>One side says that a milestone was reached.</summary>
/// <param name="Milestone">A name of <see cref="MilestoneNames"/>.</param>
/// <param name="Office">Code of the office as that side has it.</param>
/// <param name="Late">We were told much later than it happened.</param>
/// <param name="By">The principal who told us.</param>
internal sealed record MilestoneAssertion(string Milestone, Side Side, string? Office, DateTimeOffset At, DateTimeOffset ReceivedAt, bool Late, string By, long Entry)
{
    public Sighting AsSighting() => new(Lock: null, At, ReceivedAt, Late, ClockSuspect: false, Where: null, Entry);

    /// <summary>The same word again has no second effect, however often it is sent.</summary>
    public bool SaysTheSame(MilestoneAssertion other) => (Milestone, Side, Office, At) == (other.Milestone, other.Side, other.Office, other.At);
}
