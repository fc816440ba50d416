namespace Adapter.Host.Delivery;

internal sealed record LaneFilter(string? Destination, string? Subject, string? State, int Most);

internal sealed record LaneView(
    string Destination, string Subject, string State, long LastNumber, long? Head, string? HeadMessage, DateTimeOffset? DueAt, int Attempts, int Tries,
    string? Reason, DateTimeOffset Since)
{
    /// <summary>Times that somebody was called since it waits for a person: after an hour, a day, a week.</summary>
    public int Escalated { get; init; }

    /// <summary>True while nobody knows whether the head took effect.</summary>
    public bool InDoubt { get; init; }
}

/// <param name="Cause">Fingerprint of the reason; null for lanes parked before causes were kept.</param>
/// <param name="Subject">One of the lanes, as an example, beside <paramref name="Reason"/>.</param>
internal sealed record DeadLetterGroup(
    string Destination, string State, string? Cause, long Lanes, DateTimeOffset Oldest, DateTimeOffset Newest, string Subject, string? Reason);

internal sealed record MessageStory(
    string Id, string Destination, string Subject, long Number, int Revision, string DecisionKey, string Kind, DateTimeOffset OccurredAt,
    DateTimeOffset CreatedAt, long Entry, string State, DateTimeOffset? SettledAt, string? Corrects, string? Supersedes, string Document,
    int DocumentVersion, string? BodySha256, string? Problem, string? Body, IReadOnlyList<AttemptView> Attempts)
{
    /// <summary>The revision that took its place.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>True while nobody knows whether it took effect.</summary>
    public bool InDoubt { get; init; }

    /// <summary>True when it was sent before its turn.</summary>
    public bool OutOfSequence { get; init; }

    /// <summary>Business answers that came later.</summary>
    public IReadOnlyList<AnswerView> Answers { get; init; } = [];

    /// <summary>What the mapping document read, as JSON.</summary>
    public string? Source { get; init; }
}

internal sealed record AttemptView(
    string Purpose, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Outcome, int? HttpStatus, string? Detail, string? Reply);

internal sealed record AnswerView(DateTimeOffset ReceivedAt, string Verdict, string Code, string? Text, string Effect, string? Body);

/// <param name="Step">1 for an hour, 2 for a day, 3 for a week.</param>
/// <param name="Subject">One of the lanes, as an example.</param>
internal sealed record Escalation(string Destination, string? Cause, int Step, int Lanes, string Subject, string? Reason);
