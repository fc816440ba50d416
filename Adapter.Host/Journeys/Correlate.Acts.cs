using Adapter.Contracts.Customs;
using Adapter.Host.Journal;
using Adapter.Host.Journeys.Facts;

namespace Adapter.Host.Journeys;

/// <summary>Manifests, amendments, observations and orders: whose are they, and do they fit what is known?</summary>
internal sealed partial class Correlate
{
    private void Document(RegisterManifestRequest told, JournalEntry entry)
    {
        var fact = new JourneyFact.Documented(ManifestDocument.Of(told, entry));
        var journeys = _world.JourneysOf(told.ManifestNumber).Select(j => j.Subject).ToList();
        foreach (var subject in journeys.Prepend(Subject.OfManifest(told.ManifestNumber)))
        {
            _entries.Add(new CorrelatedEntry.Fact(entry.Position, subject, fact));
        }

        Answer(entry, accepted: true, "ok", journeys.Count == 0
            ? $"Manifest {told.ManifestNumber} is registered; no journey names it yet."
            : $"Manifest {told.ManifestNumber} is registered for {string.Join(", ", journeys.Select(j => j.Id))}.");
    }

    /// <summary>The manifest may have been there before its journey.</summary>
    private void AddManifest(Subject journey, string? number, JournalEntry entry)
    {
        if (number is not null && _world.Find(Subject.OfManifest(number))?.Manifest is { } manifest)
        {
            _entries.Add(new CorrelatedEntry.Fact(entry.Position, journey, new JourneyFact.Documented(manifest)));
        }
    }

    private void Change(AmendMovementRequest asked, JournalEntry entry)
    {
        if (FindOpen(asked.MovementId, entry) is not { } journey)
        {
            return;
        }

        var amended = Amend.Apply(journey, asked, entry.ReceivedAt);
        if (amended.Problems.Count > 0)
        {
            Answer(entry, accepted: false, "amendment.does-not-fit", $"Journey {asked.MovementId} was not amended: {string.Join("; ", amended.Problems)}.");
            return;
        }

        var subject = Subject.OfJourney(asked.MovementId);
        if (amended.Changes.Count == 0)
        {
            Answer(entry, accepted: true, "ok", $"Journey {asked.MovementId} is as asked already.");
            return;
        }

        var freed = (asked.RemoveLocks ?? []).Concat((asked.ReplaceLocks ?? []).Select(r => r.Old)).ToHashSet(StringComparer.Ordinal);
        EndBindings(asked.MovementId, entry.ReceivedAt, binding => freed.Contains(binding.Lock.Value) || asked.Change == MovementChange.Cancel);
        var contended = journey.Contended.Where(l => !freed.Contains(l.Value)).ToList();
        var attached = new List<IdleReport>();
        var newLocks = Amend.NewLocks(asked).ToHashSet();
        foreach (var assignment in amended.Registration.Locks.Where(l => newLocks.Contains(l.Lock)))
        {
            if (Bind(assignment, asked.MovementId, entry) is { } found)
            {
                attached.AddRange(found);
            }
            else
            {
                contended.Add(assignment.Lock);
            }
        }

        var now = journey with
        {
            Registration = amended.Registration,
            Contended = contended,
            CarriedBy = amended.CarriedBy,
            SuspendedAt = amended.SuspendedAt,
            Closing = asked.Change == MovementChange.Cancel ? new Closing(entry.ReceivedAt, entry.Source, asked.Reason, Cancelled: true) : null,
            Amendments = [.. journey.Amendments, new Amendment(entry.ReceivedAt, entry.Source, asked.Reason, amended.Changes, entry.Position) { Before = journey.Registration, Vehicles = amended.Vehicles }],
        };
        _journeys[asked.MovementId] = now;
        _entries.Add(new CorrelatedEntry.Fact(entry.Position, subject, new JourneyFact.Amended(now)));
        AddManifest(subject, asked.ManifestNumber, entry);
        Attach(subject, attached);
        var lost = contended.Where(newLocks.Contains).ToList();
        Answer(entry, accepted: true, lost.Count == 0 ? "ok" : "lock.contended", lost.Count == 0
            ? $"Journey {asked.MovementId}: {string.Join(" ", amended.Changes)}"
            : $"Journey {asked.MovementId} is amended without {string.Join(", ", lost)}: another open journey controls that lock. Close the other journey, or assign another lock.");
    }

    private void Tell(string journeyId, IReadOnlyList<JourneyFact> facts, JournalEntry entry)
    {
        if (Find(journeyId) is not { } journey)
        {
            Answer(entry, accepted: false, "journey.unknown", $"There is no journey {journeyId}.");
            return;
        }

        var subject = Subject.OfJourney(journeyId);
        foreach (var fact in facts)
        {
            if (fact is JourneyFact.Ordered { Order: var order } && Refusal(order, journey, subject) is { } refusal)
            {
                Answer(entry, refusal.Accepted, refusal.Code, refusal.Text);
                return;
            }

            _entries.Add(new CorrelatedEntry.Fact(entry.Position, subject, fact));
        }

        Answer(entry, accepted: true, "ok", journey.Closing is null
            ? $"Taken for journey {journeyId}."
            : $"Taken for journey {journeyId}, which is closed and stays closed.");
    }

    private void Judge(JudgeFinding asked, JournalEntry entry)
    {
        var subject = asked.Subject;
        if (_world.Find(subject)?.Findings.FirstOrDefault(f => f.Key == asked.Finding) is not { } finding)
        {
            Answer(entry, accepted: false, "finding.unknown", $"{subject.Kind} {subject.Id} has no finding '{asked.Finding}'.");
            return;
        }

        if (!Judgement.MayFollow(finding.State, asked.Verdict))
        {
            Answer(entry, accepted: false, "finding.not-possible", $"Finding '{asked.Finding}' is {finding.State.ToString().ToLowerInvariant()}: an open one is confirmed or dismissed, a confirmed one is closed or dismissed.");
            return;
        }

        _entries.Add(new CorrelatedEntry.Fact(
            entry.Position, subject, new JourneyFact.Judged(asked.Finding, new Judgement(asked.Verdict, entry.Source, entry.ReceivedAt, asked.Reason, entry.Position))));
        Answer(entry, accepted: true, "ok", $"Finding '{asked.Finding}' is {asked.Verdict.ToString().ToLowerInvariant()}.");
    }

    private (bool Accepted, string Code, string Text)? Refusal(UnsealOrder order, RegisteredJourney journey, Subject subject)
    {
        if (_world.Find(subject)?.Orders.FirstOrDefault(o => o.Id == order.Id) is { } earlier)
        {
            return order.SaysTheSame(earlier)
                ? (true, "ok", $"Order {order.Id} was given before with the same content.")
                : (false, "order.exists", $"Order {order.Id} was given already with other content. Give another number.");
        }

        if (journey.Closing is { } closing)
        {
            return (false, "journey.closed", $"Journey {subject.Id} was closed by {closing.By} at {closing.At:yyyy-MM-dd HH:mm} UTC; nothing of it can be opened by order.");
        }

        if (order.Locks.FirstOrDefault(l => journey.Registration.Locks.All(a => a.Lock != l)) is { } strange)
        {
            return (false, "order.does-not-fit", $"Order {order.Id} is about lock {strange}, which is not among those of journey {subject.Id}.");
        }

        var offices = journey.Registration.Transit.Prepend(journey.Registration.Departure).Append(journey.Registration.Destination);
        return order.Office is { } office && offices.All(o => o.Code != office)
            ? (false, "order.does-not-fit", $"Order {order.Id} is for office {office}, which is not among those of journey {subject.Id}. Give its place as latitude and longitude.")
            : null;
    }

    /// <summary>The journey, unless it is unknown or closed, which is answered.</summary>
    private RegisteredJourney? FindOpen(string journeyId, JournalEntry entry)
    {
        switch (Find(journeyId))
        {
            case null:
                Answer(entry, accepted: false, "journey.unknown", $"There is no journey {journeyId}.");
                return null;
            case { Closing: { } closing }:
                Answer(entry, accepted: false, "journey.closed", $"Journey {journeyId} was closed by {closing.By} at {closing.At:yyyy-MM-dd HH:mm} UTC and cannot be changed. Register another one.");
                return null;
            case var open:
                return open;
        }
    }

    private void EndBindings(string journeyId, DateTimeOffset at, Func<Binding, bool> which)
    {
        foreach (var binding in _world.Bindings.Of(journeyId).Where(b => b.EndsAt is null && which(b)).ToList())
        {
            _world.Bindings.End(binding, at);
        }
    }

    /// <summary>Gives a journey the reports that its locks made before it had them.</summary>
    private void Attach(Subject journey, IReadOnlyList<IdleReport> reports)
    {
        foreach (var report in reports.OrderBy(r => r.Entry))
        {
            _entries.Add(new CorrelatedEntry.Report(report.Entry, journey, report.Report, report.Timing with { Late = true }, report.Source, Attached: true));
        }

        _attached.AddRange(reports);
    }
}
