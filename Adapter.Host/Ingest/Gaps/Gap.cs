namespace Adapter.Host.Ingest.Gaps;

/// <summary>A time for which a source that never repeats may have told us something that we do not have.</summary>
/// <param name="Route">The intake route, or <c>*</c> where it may have been any.</param>
/// <param name="Reason">One of <see cref="GapReason"/>.</param>
/// <param name="Refused">How many requests were refused; 0 where nobody could count them.</param>
/// <param name="CloseReason">What an operator did about it.</param>
internal sealed record Gap(
    long Id, string Source, string Route, string Reason, DateTimeOffset FirstAt, DateTimeOffset LastAt, long Refused,
    DateTimeOffset? ClosedAt, string? ClosedBy, string? CloseReason);

/// <summary>Refusals of one source on one route for one reason, to be added to the record.</summary>
internal sealed record Refusals(string Source, string Route, string Reason, DateTimeOffset FirstAt, DateTimeOffset LastAt, long Count)
{
    public Refusals With(Refusals other) => this with
    {
        FirstAt = other.FirstAt < FirstAt ? other.FirstAt : FirstAt,
        LastAt = other.LastAt > LastAt ? other.LastAt : LastAt,
        Count = Count + other.Count,
    };
}

/// <summary>Why something may be missing.</summary>
internal static class GapReason
{
    public const string StoreUnavailable = "store-unavailable";
    public const string Busy = "busy";
    public const string TooLarge = "too-large";
    public const string TooManyRecords = "too-many-records";
    public const string ContentEncoding = "content-encoding";
    public const string TooSlow = "too-slow";
    public const string CutOff = "cut-off";
    public const string HostDown = "host-down";
}
