using Adapter.Contracts.Transit;

namespace Adapter.Host.Journeys;

/// <summary>What follows from the facts, and how it differs from what was told.</summary>
/// <remarks>Pure: the same facts give the same decisions whatever order they came in.</remarks>
internal static class Decide
{
    /// <summary>Decisions not yet told, and corrections of those that changed, in order of their time.</summary>
    public static IReadOnlyList<OutgoingDecision> Outgoing(SubjectState state, JourneyOptions options)
    {
        var decisions = All(state);
        var now = decisions.ToDictionary(d => d.Decision.Key, d => d.Decision, StringComparer.Ordinal);
        var told = state.Emissions.ToDictionary(e => e.Key, StringComparer.Ordinal);

        var outgoing = new List<OutgoingDecision>();
        foreach (var (decision, knownTo) in decisions)
        {
            if (!told.TryGetValue(decision.Key, out var earlier))
            {
                outgoing.Add(OutgoingDecision.Original(decision, knownTo));
            }
            else if (earlier.Withdrawn || (decision.Seen.At - earlier.At).Duration() > options.CorrectionTolerance)
            {
                outgoing.Add(new OutgoingDecision(decision, Corrects: decision.Key, IsWithdrawal: false, knownTo));
            }
        }

        outgoing.AddRange(state.Emissions
            .Where(e => !e.Withdrawn && e.Told.Finding is null && !now.ContainsKey(e.Key))
            .Select(e => new OutgoingDecision(e.Told, Corrects: e.Key, IsWithdrawal: true, [])));
        return [.. outgoing.OrderBy(o => o.Decision.Seen.At)];
    }

    private static List<(Decision Decision, IReadOnlyList<string> KnownTo)> All(SubjectState state)
    {
        var decisions = new List<(Decision, IReadOnlyList<string>)>();
        foreach (var episode in state.Episodes)
        {
            decisions.Add((OfEpisode(episode), episode.SentForLock));
        }

        if (state.Journey is { } journey)
        {
            AddMilestone("departure", EventKinds.Departure, Milestones.Departed(state), journey.Registration.Departure);
            AddMilestone("arrival", EventKinds.Arrival, Milestones.Arrived(state), journey.Registration.Destination);
            decisions.AddRange(((IEnumerable<Decision>)[.. Borders.Of(state), .. Transfers.Of(state), .. Reported.Of(state), .. Checkpoints.Of(state)])
                .Select(decision => (decision, (IReadOnlyList<string>)[])));
        }

        return decisions;

        void AddMilestone(string key, string kind, Milestone milestone, Office office)
        {
            if (milestone.Earliest is { } seen)
            {
                decisions.Add((new Decision(key, kind, IsAlarm: false, Episode: null, seen, seen.Lock, SubLock: null, office, []), []));
            }
        }
    }

    private static Decision OfEpisode(Episode episode) => new(
        episode.Key, EventKinds.Code(episode.Kind), EventKinds.IsAlarm(episode.Kind), episode.Number, episode.First,
        episode.Lock, episode.SubLock, Office: null, episode.Codes);
}
