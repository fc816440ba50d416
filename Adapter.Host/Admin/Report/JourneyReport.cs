using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Admin.Api;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;
using Adapter.Host.Journeys.Geography;

namespace Adapter.Host.Admin.Report;

/// <summary>Everything that is known of one journey, for the file: what was planned, what happened, what contradicts what, who was told, and hashes of all of it.</summary>
/// <param name="StateVersion">Version of the journey's state that the report was made from.</param>
internal sealed record JourneyReport(
    string JourneyId, string Status, DateTimeOffset GeneratedAt, string Software, long StateVersion, JourneyRegistration Registration, DateTimeOffset RegisteredAt,
    string RegisteredBy, ManifestDocument? Manifest, Closing? Closing, IReadOnlyList<MilestoneView> Milestones, IReadOnlyList<LockRoute> Routes, IReadOnlyList<ReportedMoment> Timeline,
    IReadOnlyList<SealLine> Seals, IReadOnlyList<Finding> Findings, IReadOnlyList<MessageLine> Messages, IReadOnlyList<EvidenceLine> Evidence)
{
    /// <summary>True where evidence or messages are so many that only the first are listed.</summary>
    public bool IsCut { get; init; }
}

/// <summary>Where one lock was.</summary>
/// <param name="EverySeconds">Of each stretch of this length the earliest fix is kept.</param>
internal sealed record LockRoute(
    string Lock, string? SubLock, int EverySeconds, IReadOnlyList<RoutePoint> Points, IReadOnlyList<Stretch> Stays, IReadOnlyList<Stretch> Deviations, IReadOnlyList<Jump> Jumps);

/// <param name="OffRouteMetres">Null where no corridor was planned.</param>
internal sealed record RoutePoint(DateTimeOffset At, double Latitude, double Longitude, int? OffRouteMetres);

/// <summary>One line of the timeline.</summary>
/// <param name="Kind">Plan, seal, milestone, alarm, order, observation, finding or act.</param>
/// <param name="KnownAt">When the adapter heard of it.</param>
/// <param name="Late">True when that was much later than it happened.</param>
internal sealed record ReportedMoment(DateTimeOffset At, string Kind, string Text, DateTimeOffset KnownAt, bool Late, GeoPoint? Where);

/// <summary>One seal, mechanical or electronic, and what was seen of it.</summary>
internal sealed record SealLine(string Number, bool IsLock, string? Container, IReadOnlyList<string> Seen);

internal sealed record MessageLine(
    string Id, string Destination, long Number, int Revision, string DecisionKey, string Kind, DateTimeOffset OccurredAt, string State, DateTimeOffset? SettledAt,
    string? Corrects, string? Supersedes, string Document, int DocumentVersion, string? BodySha256, string? Problem, IReadOnlyList<ReceiptLine> Receipts);

/// <summary>How one attempt ended, with the hash of what the receiver answered.</summary>
internal sealed record ReceiptLine(string Purpose, DateTimeOffset StartedAt, string? Outcome, int? HttpStatus, string? Detail, string? ReplySha256);

/// <summary>One journal entry that the report rests on.</summary>
internal sealed record EvidenceLine(long Position, string Kind, string Source, string Route, DateTimeOffset ReceivedAt, string Sha256);
