using System.Security.Cryptography;
using System.Text;
using Adapter.Host.Delivery;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Geography;
using Adapter.Host.Mapping;

namespace Adapter.Host.Admin.Report;

/// <summary>Collects what a report shows.</summary>
internal sealed class ReportAssembly(IJourneyReader journeys, IJournal journal, ILaneStore lanes, TimeProvider time)
{
    private const int MostEntries = 2_000;
    private const int MostMessages = 2_000;

    /// <returns>The report, or null where there is no such journey.</returns>
    public async Task<JourneyReport?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (await journeys.FindAsync(Subject.OfJourney(id), cancellationToken) is not { Journey: not null } state)
        {
            return null;
        }

        var entries = ReportMoments.Entries(state);
        var messages = new List<MessageLine>();
        foreach (var message in FirstIds(state).Take(MostMessages))
        {
            // A message that was refused may have been issued again, and that again.
            for (var next = message; next is not null && messages.Count < MostMessages;)
            {
                var story = await lanes.FindMessageAsync(next, cancellationToken);
                if (story is not null)
                {
                    messages.Add(Line(story));
                }

                next = story?.SupersededBy;
            }
        }

        var evidence = new List<EvidenceLine>();
        foreach (var position in entries.Take(MostEntries))
        {
            if (await journal.FindAsync(position, cancellationToken) is { Entry: var entry })
            {
                evidence.Add(new EvidenceLine(
                    entry.Position, entry.Kind.ToString(), entry.Source, entry.Route, entry.ReceivedAt, Convert.ToHexStringLower(SHA256.HashData(entry.Body.Span))));
            }
        }

        return Compose(state, messages, evidence, time.GetUtcNow()) with { IsCut = entries.Count > MostEntries || messages.Count >= MostMessages };
    }

    /// <summary>The report of a state; pure but for what is handed in.</summary>
    public static JourneyReport Compose(SubjectState state, IReadOnlyList<MessageLine> messages, IReadOnlyList<EvidenceLine> evidence, DateTimeOffset now)
    {
        var journey = state.Journey!;
        return new JourneyReport(
            state.Subject.Id, JourneyStatus.Of(state), now, $"CustomsTransit {typeof(ReportAssembly).Assembly.GetName().Version}", state.Version, journey.Registration, journey.RegisteredAt,
            journey.RegisteredBy, state.Manifest, journey.Closing, Api.JourneyView.Of(state).Milestones, Routes(state), ReportMoments.Of(state), ReportSeals.Of(state), state.Findings,
            [.. messages.OrderBy(m => m.Destination, StringComparer.Ordinal).ThenBy(m => m.Number).ThenBy(m => m.Revision)], evidence);
    }

    /// <summary>Ids follow from what was told, so no search is needed.</summary>
    private static IEnumerable<string> FirstIds(SubjectState state) =>
        from told in state.Emissions
        from correction in Enumerable.Range(0, told.Corrections + 1)
        from destination in told.Destinations
        select MessageId.Of(destination, state.Subject, correction == 0 ? told.Key : FormattableString.Invariant($"{told.Key}/correction-{correction}"), revision: 1);

    private static IReadOnlyList<LockRoute> Routes(SubjectState state) =>
        [.. state.Tracks.Select(track => new LockRoute(
            track.Lock.Value, track.SubLock, track.Trace.StretchSeconds,
            [.. track.Trace.Fixes.Select(fix => new RoutePoint(fix.At, fix.Where.Latitude, fix.Where.Longitude, fix.OffRoute == TraceFix.NotJudged ? null : fix.OffRoute))],
            Stays.Of(track.Trace), Deviations.Of(track.Trace), Jump.Of(track.Trace)))];

    private static MessageLine Line(MessageStory story) => new(
        story.Id, story.Destination, story.Number, story.Revision, story.DecisionKey, story.Kind, story.OccurredAt, story.State, story.SettledAt, story.Corrects, story.Supersedes,
        story.Document, story.DocumentVersion, story.BodySha256, story.Problem,
        [.. story.Attempts.Select(a => new ReceiptLine(a.Purpose, a.StartedAt, a.Outcome, a.HttpStatus, a.Detail, a.Reply is null ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(a.Reply)))))]);
}
