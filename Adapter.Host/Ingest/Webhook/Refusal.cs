using Adapter.Host.Ingest.Gaps;

namespace Adapter.Host.Ingest.Webhook;

/// <summary>Why a request is not accepted, and what its sender may do.</summary>
/// <param name="Reason">For the metric, and for the gap record where it leaves one.</param>
/// <param name="LeavesAGap">Whether something of a source that never repeats is lost by it.</param>
/// <param name="RetryAfter">Seconds, where it is worth coming back.</param>
internal sealed record Refusal(int Status, string Code, string Detail, string Reason, bool LeavesAGap = false, string? RetryAfter = null)
{
    private const string Soon = "5";

    /// <summary>One text whatever was wrong: which part failed is nobody's business who has no credentials.</summary>
    public static Refusal Unauthenticated { get; } = new(
        StatusCodes.Status401Unauthorized, "intake.unauthenticated",
        "Send the source's credentials as it is configured: its secret in the header of its settings, or 'Authorization: Bearer KEY' with a key of the role source, "
        + "or webhook-id, webhook-timestamp and webhook-signature made with its signing key over the bytes that are sent, by a clock that is right. Nothing was kept.",
        "unauthenticated");

    public static Refusal OffTheList { get; } = new(
        StatusCodes.Status403Forbidden, "intake.address", "This address is not on the source's list. The peer of the connection counts, not X-Forwarded-For. Nothing was kept.", "address");

    public static Refusal IdReused { get; } = new(
        StatusCodes.Status409Conflict, "intake.id-reused", "This webhook-id came before with another body. Give every message an id of its own. Nothing was kept.", "id-reused");

    public static Refusal Encoded { get; } = new(
        StatusCodes.Status415UnsupportedMediaType, "intake.content-encoding", "Send the body as it is, without Content-Encoding. Nothing was kept.", GapReason.ContentEncoding, LeavesAGap: true);

    public static Refusal TooSlow { get; } = new(
        StatusCodes.Status408RequestTimeout, "intake.too-slow", "The body came too slowly. Nothing was kept; send it again.", GapReason.TooSlow, LeavesAGap: true);

    public static Refusal CutOff { get; } = new(
        StatusCodes.Status400BadRequest, "intake.cut-off", "The body ended before its end. Nothing was kept; send it again.", GapReason.CutOff, LeavesAGap: true);

    public static Refusal Busy { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "intake.busy", "Too many requests are waiting. Nothing of this one was kept; send it again.", GapReason.Busy, LeavesAGap: true, Soon);

    public static Refusal StoreUnavailable { get; } = new(
        StatusCodes.Status503ServiceUnavailable, "intake.store-unavailable", "The store cannot commit now. Nothing of this request was kept; send it again.", GapReason.StoreUnavailable, LeavesAGap: true, Soon);

    public static Refusal TooFast(string retryAfter) => new(
        StatusCodes.Status429TooManyRequests, "intake.too-fast", "This source sends faster than it may. Nothing of this request was kept; send it again later.", "too-fast", RetryAfter: retryAfter);

    public static Refusal TooLarge(int most) => new(
        StatusCodes.Status413PayloadTooLarge, "intake.too-large", $"The body may have {most} bytes. Send the array in parts. Nothing was kept.", GapReason.TooLarge, LeavesAGap: true);

    /// <summary>The body is kept for people to look at, but its records take no effect.</summary>
    public static Refusal Of(BodyReading.Unreadable unreadable) => unreadable.Fault switch
    {
        BodyFault.NotText => new(StatusCodes.Status400BadRequest, "intake.not-text", unreadable.Body.Reason, "not-text"),
        BodyFault.NotJson => new(StatusCodes.Status400BadRequest, "intake.not-json", unreadable.Body.Reason, "not-json"),
        BodyFault.TooManyRecords => new(StatusCodes.Status413PayloadTooLarge, "intake.too-many-records", unreadable.Body.Reason, GapReason.TooManyRecords, LeavesAGap: true),
        var other => throw new InvalidOperationException($"No answer is known for {other}."),
    };
}
