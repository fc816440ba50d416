namespace Adapter.Host.Delivery.Outcomes;

/// <summary>What the receiver says about one message. Exists only where the answer names that message.</summary>
/// <param name="Code">The receiver's code as it stands in the answer.</param>
/// <param name="Text">The receiver's explanation; null without one.</param>
internal sealed record Receipt(Verdict Verdict, string Code, string? Text);

internal enum Verdict
{
    /// <summary>Took effect now.</summary>
    Accepted,

    /// <summary>Had taken effect before.</summary>
    Duplicate,

    /// <summary>Received, and judged later.</summary>
    Acknowledged,

    /// <summary>Refused for good.</summary>
    Rejected,

    /// <summary>The code is in none of the destination's lists, so it decides nothing.</summary>
    Unknown,
}
