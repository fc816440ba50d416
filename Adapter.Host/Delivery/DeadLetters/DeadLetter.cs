namespace Adapter.Host.Delivery.DeadLetters;

/// <summary>Something that has stopped until a person decides, as it was when it stopped.</summary>
/// <param name="Id">Counted up by the store.</param>
/// <param name="State"><c>parked</c> or <c>unknown</c> for the head of a lane, <c>entry</c> for an entry of the journal.</param>
/// <param name="Cause">Groups those that stopped for one reason, as <c>/api/dead-letters</c> does.</param>
/// <param name="Entry">Position in the journal of what it came from.</param>
/// <param name="Message">Null for an entry of the journal.</param>
internal sealed record DeadLetter(long Id, DateTimeOffset At, string State, string? Reason, string? Cause, long? Entry, DeadMessage? Message)
{
    public const string OfEntry = "entry";
}

/// <param name="Sha256">Of the bytes, lower-case hex; null where it has none because its mapping failed.</param>
/// <param name="Attempts">How often it was sent or asked about until now.</param>
internal sealed record DeadMessage(LaneKey Lane, long Number, string Id, string Kind, DateTimeOffset OccurredAt, string? Sha256, long Attempts);
