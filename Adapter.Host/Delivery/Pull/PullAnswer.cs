namespace Adapter.Host.Delivery.Pull;

/// <param name="Receiver">Whose messages they are.</param>
internal sealed record PullAnswer(string Receiver, IReadOnlyList<LeasedMessage> Messages)
{
    /// <summary>Stable problem code where the call was refused.</summary>
    public string? Problem { get; init; }

    /// <summary>What to do about it.</summary>
    public string? Text { get; init; }

    public static PullAnswer Refused(string problem, string text) => new("", []) { Problem = problem, Text = text };
}

/// <param name="Lease">From the answer that handed it out.</param>
/// <param name="Code">The receiver's code; a rejection must have one.</param>
internal sealed record Acknowledgement(string MessageId, long Lease, bool Accepted, string? Code, string? Text);

/// <param name="Code"><c>settled</c>, <c>parked</c>, <c>known</c>, or a problem code with <c>notifications.</c> before it.</param>
internal sealed record AcknowledgeAnswer(string Code, string Text)
{
    public bool Refused => Code.StartsWith("notifications.", StringComparison.Ordinal);
}
