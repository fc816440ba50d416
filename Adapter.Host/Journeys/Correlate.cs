using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Journeys;

/// <summary>An entry with the subject that it belongs to.</summary>
internal abstract record CorrelatedEntry(long Entry)
{
    /// <param name="Attached">The report waited for its journey and counts as late for it.</param>
    public sealed record Report(long Entry, Subject Subject, LockReport Told, Timing Timing, string Source, bool Attached) : CorrelatedEntry(Entry);

    public sealed record Registered(long Entry, RegisteredJourney Journey) : CorrelatedEntry(Entry);

    public sealed record Fact(long Entry, Subject Subject, Facts.JourneyFact Told) : CorrelatedEntry(Entry);

    /// <param name="At">When it was found to have passed.</param>
    public sealed record Due(long Entry, string JourneyId, DateTimeOffset At) : CorrelatedEntry(Entry);

    /// <summary>A journey owns a lock from a time on.</summary>
    public sealed record Claimed(long Entry, LockId Lock, DateTimeOffset From) : CorrelatedEntry(Entry);

    public sealed record Closed(long Entry, string JourneyId, Closing Closing) : CorrelatedEntry(Entry);
}

/// <param name="Entries">In the order in which they fold.</param>
/// <param name="Results">Answers to registrations and acts.</param>
/// <param name="Idle">Reports to be found again when their lock is registered.</param>
/// <param name="Attached">Idle reports that a journey has now.</param>
internal sealed record Correlation(
    IReadOnlyList<CorrelatedEntry> Entries, IReadOnlyList<Journal.EntryResult> Results,
    IReadOnlyList<IdleReport> Idle, IReadOnlyList<IdleReport> Attached);

/// <summary>Second step: whose is it? Finds the journey whose lock binding holds at the report's effective time.</summary>
/// <remarks>Goes through the entries in journal order, so that a registration binds the reports behind it.</remarks>
internal sealed partial class Correlate
{
    private readonly World _world;
    private readonly JourneyOptions _options;
    private readonly List<CorrelatedEntry> _entries = [];
    private readonly List<Journal.EntryResult> _results = [];
    private readonly List<IdleReport> _idle = [];
    private readonly List<IdleReport> _attached = [];
    private readonly Dictionary<string, RegisteredJourney> _journeys = new(StringComparer.Ordinal);

    private Correlate(World world, JourneyOptions options)
    {
        _world = world;
        _options = options;
    }

    public static Correlation Run(IReadOnlyList<DecodedEntry> entries, World world, JourneyOptions options)
    {
        var step = new Correlate(world, options);
        foreach (var (entry, content) in entries)
        {
            switch (content)
            {
                case EntryContent.Report report:
                    step.Place(report.Told, entry);
                    break;
                case EntryContent.Registration registration:
                    step.Register(registration.Asked, entry);
                    break;
                case EntryContent.Close close:
                    step.Close(close.Asked, entry);
                    break;
                case EntryContent.Manifest manifest:
                    step.Document(manifest.Told, entry);
                    break;
                case EntryContent.Amend amend:
                    step.Change(amend.Asked, entry);
                    break;
                case EntryContent.Judge judge:
                    step.Judge(judge.Asked, entry);
                    break;
                case EntryContent.Due due:
                    step._entries.Add(new CorrelatedEntry.Due(entry.Position, due.JourneyId, entry.ReceivedAt));
                    break;
                case EntryContent.OfJourney told:
                    step.Tell(told.JourneyId, told.Facts(options), entry);
                    break;
            }
        }

        return new Correlation(step._entries, step._results, [.. step._idle.Except(step._attached)], step._attached);
    }

    private void Place(LockReport report, Journal.JournalEntry entry)
    {
        if (Timing.Of(report, entry.ReceivedAt, _options) is not { } timing)
        {
            // Older than the memory of copies: kept in the journal as evidence, and nothing more.
            return;
        }

        if (_world.Bindings.OwnerOf(report.Lock, timing.At) is { } owner)
        {
            _entries.Add(new CorrelatedEntry.Report(entry.Position, owner, report, timing, entry.Source, Attached: false));
            return;
        }

        _idle.Add(new IdleReport(report, timing, entry.Source, entry.Position));
        _entries.Add(new CorrelatedEntry.Report(entry.Position, Subject.Of(report.Lock), report, timing, entry.Source, Attached: false));
    }

    private void Register(JourneyRegistration asked, Journal.JournalEntry entry)
    {
        if (Find(asked.JourneyId) is { } existing)
        {
            var same = JourneyComparison.Same(existing.Registration, asked);
            Answer(entry, same, same ? "ok" : "journey.exists", same
                ? $"Journey {asked.JourneyId} was registered before with the same content."
                : $"Journey {asked.JourneyId} is registered already with other content. Amend it, or choose another id.");
            return;
        }

        var contended = new List<LockId>();
        var attached = new List<IdleReport>();
        foreach (var assignment in asked.Locks)
        {
            if (Bind(assignment, asked.JourneyId, entry) is { } found)
            {
                attached.AddRange(found);
            }
            else
            {
                contended.Add(assignment.Lock);
            }
        }

        var journey = new RegisteredJourney(asked, entry.ReceivedAt, entry.Source, entry.Position, contended, Closing: null);
        _journeys[asked.JourneyId] = journey;
        var subject = Subject.OfJourney(asked.JourneyId);
        _entries.Add(new CorrelatedEntry.Registered(entry.Position, journey));
        AddManifest(subject, asked.ManifestNumber, entry);
        Attach(subject, attached);
        Answer(entry, accepted: true, contended.Count == 0 ? "ok" : "lock.contended", contended.Count == 0
            ? $"Journey {asked.JourneyId} is registered."
            : $"Journey {asked.JourneyId} is registered without {string.Join(", ", contended)}: another open journey controls that lock. Close the other journey, or assign another lock.");
    }

    /// <summary>Gives the lock to the journey.</summary>
    /// <returns>Earlier reports that come with it, or null where another open journey controls the lock.</returns>
    private List<IdleReport>? Bind(LockAssignment assignment, string journeyId, Journal.JournalEntry entry)
    {
        var registeredAt = entry.ReceivedAt;
        var previous = _world.Bindings.LatestOf(assignment.Lock);
        if (previous is { EndsAt: null })
        {
            return null;
        }

        var waiting = assignment.From is { } from
            ? [.. IdleReportsOf(assignment.Lock).Where(r => r.Timing.At >= from)]
            : SinceLastSeal(assignment.Lock, registeredAt);
        var start = assignment.From ?? waiting.FirstOrDefault()?.Timing.At ?? registeredAt;
        if (previous?.EndsAt is { } freeSince && start < freeSince)
        {
            start = freeSince;
        }

        _world.Bindings.Start(new Binding(assignment.Lock, journeyId, assignment.Container, start, EndsAt: null));
        _entries.Add(new CorrelatedEntry.Claimed(entry.Position, assignment.Lock, start));
        return [.. waiting.Where(r => r.Timing.At >= start)];
    }

    /// <summary>Reports since the lock was last sealed, oldest first; none when it is open now or was not heard of.</summary>
    private List<IdleReport> SinceLastSeal(LockId @lock, DateTimeOffset registeredAt)
    {
        var reports = IdleReportsOf(@lock).Where(r => r.Timing.At >= registeredAt - _options.AttachWindow).ToList();
        var lastOpen = reports.FindLastIndex(r => r.Report.State.Locked == false || r.Report.Events.Any(e => e.Kind == LockEventKind.Unseal));
        var since = reports[(lastOpen + 1)..];
        return since.Exists(r => r.Report.State.Locked == true || r.Report.Events.Any(e => e.Kind == LockEventKind.Seal)) ? since : [];
    }

    private IEnumerable<IdleReport> IdleReportsOf(LockId @lock) => _world.IdleReportsOf(@lock).Concat(_idle.Where(r => r.Report.Lock == @lock))
        .OrderBy(r => r.Timing.At).ThenBy(r => r.Entry);

    private void Close(CloseJourney asked, Journal.JournalEntry entry)
    {
        if (Find(asked.JourneyId) is not { } journey)
        {
            Answer(entry, accepted: false, "journey.unknown", $"There is no journey {asked.JourneyId}.");
            return;
        }

        if (journey.Closing is { } closing)
        {
            Answer(entry, accepted: true, "ok", $"Journey {asked.JourneyId} was closed before, by {closing.By}.");
            return;
        }

        EndBindings(asked.JourneyId, entry.ReceivedAt, _ => true);

        var closed = new Closing(entry.ReceivedAt, entry.Source, asked.Reason);
        _journeys[asked.JourneyId] = journey with { Closing = closed };
        _entries.Add(new CorrelatedEntry.Closed(entry.Position, asked.JourneyId, closed));
        Answer(entry, accepted: true, "ok", $"Journey {asked.JourneyId} is closed; its locks are free.");
    }

    private RegisteredJourney? Find(string journeyId) =>
        _journeys.GetValueOrDefault(journeyId) ?? _world.Find(Subject.OfJourney(journeyId))?.Journey;

    private void Answer(Journal.JournalEntry entry, bool accepted, string code, string text) =>
        _results.Add(new Journal.EntryResult(entry.Position, accepted, code, text));
}
