namespace Adapter.Host.Delivery.Outcomes;

/// <summary>What a lane does with its head after an attempt or an inquiry.</summary>
internal abstract record NextMove
{
    /// <summary>The message took effect; the lane goes on.</summary>
    public sealed record Delivered(bool Duplicate) : NextMove;

    /// <summary>The lane stops for a person.</summary>
    /// <param name="OutcomeUnknown">
    /// True when the last attempt may have taken effect: only the frozen bytes may go again under this id, an edited message may not.
    /// </param>
    public sealed record Park(string Reason, bool OutcomeUnknown = false) : NextMove;

    /// <summary>The same frozen bytes go again at a time.</summary>
    /// <param name="CountsAsAttempt">False when the receiver certainly did not take the message on, so that it costs none of its attempts.</param>
    /// <param name="OutcomeUnknown">True when it may have taken effect already, which a repeat does not change at an idempotent receiver.</param>
    public sealed record RetryAt(DateTimeOffset At, bool CountsAsAttempt, string Reason, bool OutcomeUnknown = false) : NextMove;

    /// <summary>The outcome is unknown and the receiver can be asked, not before a time.</summary>
    /// <param name="At">Late enough for a request that is still under way at the receiver to have ended.</param>
    public sealed record Ask(DateTimeOffset At, string Reason) : NextMove;

    /// <summary>The receiver has the message and judges it later; the lane waits for its answer.</summary>
    /// <param name="Until">Then the outcome is unknown.</param>
    public sealed record Await(DateTimeOffset Until, string Reason) : NextMove;

    /// <summary>The outcome is unknown and nobody but customs knows it: a person finds out.</summary>
    public sealed record Reconcile(string Reason) : NextMove;
}
