using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;

namespace Adapter.Host.Admin.Api;

/// <summary>A journey as the API shows it.</summary>
internal sealed record JourneyView(
    string Id, string Status, JourneyRegistration Registration, DateTimeOffset RegisteredAt, string RegisteredBy, IReadOnlyList<string> ContendedLocks,
    IReadOnlyList<MilestoneView> Milestones, IReadOnlyList<EpisodeView> Episodes, IReadOnlyList<ToldView> Told, IReadOnlyList<Finding> Findings,
    IReadOnlyList<LockView> Locks)
{
    public static JourneyView Of(SubjectState state) => new(
        state.Subject.Id, JourneyStatus.Of(state), state.Journey!.Registration, state.Journey.RegisteredAt, state.Journey.RegisteredBy,
        [.. state.Journey.Contended.Select(l => l.Value)],
        [.. Journeys.Milestones.Of(state).Select(m => new MilestoneView(
            m.Name, m.State.ToString(), m.Earliest?.At, m.Evidence.ToDictionary(e => e.Key.ToString(), e => e.Value.At, StringComparer.Ordinal)))],
        [.. state.Episodes.Select(e => new EpisodeView(
            e.Key, EventKinds.Code(e.Kind), e.Lock.Value, e.SubLock, e.First.At, e.Last.At, e.First.Late, e.First.ClockSuspect, [.. e.Codes.Select(c => $"{c.Space}:{c.Code}")], e.Evidence))],
        [.. state.Emissions.Select(e => new ToldView(e.Key, e.Told.Kind, e.At, e.Corrections, e.Withdrawn, e.Destinations))],
        state.Findings,
        [.. state.Tracks.Select(t => new LockView(t.Lock.Value, t.SubLock, t.Latest))]);
}

internal sealed record MilestoneView(string Name, string State, DateTimeOffset? At, IReadOnlyDictionary<string, DateTimeOffset> Evidence);

/// <param name="Evidence">Journal positions of the reports that tell of it.</param>
internal sealed record EpisodeView(
    string Key, string Kind, string Lock, string? SubLock, DateTimeOffset First, DateTimeOffset Last, bool Late, bool ClockSuspect,
    IReadOnlyList<string> Codes, IReadOnlyList<long> Evidence);

internal sealed record ToldView(string Key, string Kind, DateTimeOffset At, int Corrections, bool Withdrawn, IReadOnlyList<string> Destinations);

internal sealed record LockView(string Lock, string? SubLock, LatestPosition? Latest);
