using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Geography;
using Adapter.Host.Verification;

namespace Adapter.Host.Admin.Report;

/// <summary>The timeline of a journey: everything that happened or was said, in order of when it happened.</summary>
internal static class ReportMoments
{
    public static IReadOnlyList<ReportedMoment> Of(SubjectState state) => [.. All(state).OrderBy(m => m.At).ThenBy(m => m.KnownAt)];

    /// <summary>Journal positions that the report rests on, each once.</summary>
    public static IReadOnlyList<long> Entries(SubjectState state)
    {
        var journey = state.Journey!;
        return
        [
            .. new[] { journey.Entry, state.Manifest?.Entry ?? journey.Entry }
                .Concat(journey.Amendments.Select(a => a.Entry)).Concat(state.Assertions.Select(a => a.Entry)).Concat(state.Observations.Select(o => o.Entry))
                .Concat(state.Orders.Select(o => o.Entry)).Concat(state.Episodes.SelectMany(e => e.Evidence))
                .Concat(Milestones.Of(state).SelectMany(m => m.Evidence.Values.Select(e => e.Entry))).Distinct().Order(),
        ];
    }

    private static IEnumerable<ReportedMoment> All(SubjectState state)
    {
        var journey = state.Journey!;
        yield return new ReportedMoment(journey.RegisteredAt, "act", $"Registered by {journey.RegisteredBy}.", journey.RegisteredAt, Late: false, Where: null);
        foreach (var amendment in journey.Amendments)
        {
            yield return new ReportedMoment(amendment.At, "act", $"Amended by {amendment.By}: {string.Join(" ", amendment.Changes)} Reason: {amendment.Reason}", amendment.At, Late: false, Where: null);
        }

        foreach (var milestone in Milestones.Of(state))
        {
            foreach (var (side, seen) in milestone.Evidence)
            {
                yield return new ReportedMoment(seen.At, "milestone", $"{Words.Who(side)}: {milestone.Name}.", seen.ReceivedAt, seen.Late, seen.Where);
            }
        }

        foreach (var episode in state.Episodes)
        {
            var text = $"Lock {episode.Lock}{(episode.SubLock is null ? "" : $", sub-lock {episode.SubLock}")}: {EventKinds.Code(episode.Kind)}"
                + (episode.Last.At > episode.First.At ? $", until {Words.When(episode.Last.At)}." : ".") + (episode.First.ClockSuspect ? " The lock's clock was unusable." : "");
            yield return new ReportedMoment(episode.First.At, EventKinds.IsAlarm(episode.Kind) ? "alarm" : "seal", text, episode.First.ReceivedAt, episode.First.Late, episode.First.Where);
        }

        foreach (var order in state.Orders)
        {
            yield return new ReportedMoment(order.From, "order",
                $"Order {order.Id} of {order.Officer} to open {(order.Locks.Count == 0 ? "all locks" : Words.List(order.Locks.Select(l => l.Value)))} for {order.Purpose}, until {Words.When(order.Until)}.",
                order.ReceivedAt, Late: false, order.Place);
        }

        foreach (var seen in state.Observations)
        {
            yield return new ReportedMoment(seen.At, "observation", $"{Words.Who(seen)}: {Seen(seen)}.", seen.ReceivedAt, Late: false, Where: null);
        }

        foreach (var finding in state.Findings)
        {
            yield return new ReportedMoment(finding.OpenedAt, "finding", $"{finding.Severity}: {finding.Code}.", finding.OpenedAt, Late: false, PlaceOf(state, finding));
        }

        if (journey.Closing is { } closing)
        {
            yield return new ReportedMoment(closing.At, "act", $"{(closing.Cancelled ? "Cancelled" : "Closed")} by {closing.By}: {closing.Reason}", closing.At, Late: false, Where: null);
        }
    }

    /// <summary>Where the thing happened that a finding is about; null where it is about the papers alone.</summary>
    private static GeoPoint? PlaceOf(SubjectState state, Finding finding)
    {
        var about = finding.Key[(finding.Code.Length + 1)..];
        return state.Episodes.FirstOrDefault(e => e.Key == about)?.First.Where
            ?? state.Tracks.SelectMany(t => finding.Code switch { "route.deviation" => Deviations.Of(t.Trace), "stop.unauthorised" => Stays.Of(t.Trace), _ => [] }).FirstOrDefault(s => s.Key == about)?.Where
            ?? state.Tracks.Where(t => finding.Code == "position.jump" && t.Lock.Value == about).SelectMany(t => Jump.Of(t.Trace)).MaxBy(j => j.Kilometres)?.End;
    }

    private static string Seen(Journeys.Facts.Observation seen)
    {
        var parts = new List<string>();
        if (seen.VehiclePlate is { } plate)
        {
            parts.Add($"vehicle {plate}");
        }

        parts.AddRange(seen.Containers.Select(c => $"container {c.Number}{(c.Seals.Count == 0 ? "" : $" with {string.Join(", ", c.Seals.Select(s => $"{s.Number} ({s.Condition})"))}")}"));
        if (seen.PackageCount is { } packages)
        {
            parts.Add(FormattableString.Invariant($"{packages} packages"));
        }

        if (seen.GrossMassKg is { } mass)
        {
            parts.Add(FormattableString.Invariant($"{mass:0.#} kg"));
        }

        if (seen.Conform is { } conform)
        {
            parts.Add(conform ? "goods as declared" : "goods not as declared");
        }

        if (seen.Remark is { } remark)
        {
            parts.Add(remark);
        }

        return parts.Count == 0 ? "was there" : string.Join(", ", parts);
    }
}
