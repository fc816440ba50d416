using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys.Facts;

namespace Adapter.Host.Journeys;

/// <summary>Something must have been heard by then.</summary>
/// <param name="Lock">The lock that is waited for; null for the journey's arrival.</param>
/// <param name="Since">From when it runs.</param>
internal sealed record Deadline(DeadlineKind Kind, LockId? Lock, DateTimeOffset Since, DateTimeOffset Due);

/// <summary>A journal entry: a deadline of this journey was due.</summary>
internal sealed record DeadlineDue(string JourneyId, DateTimeOffset Due);

/// <summary>What is waited for, as a function of the facts; the store wakes the journey when the next is due.</summary>
/// <remarks>Whether one has passed is decided when its entry is processed, so that a report which came before the entry is never overlooked.</remarks>
internal static class Deadlines
{
    /// <summary>A lock that moves faster than this is not parked.</summary>
    private const double MovingKmh = 5;

    public static DateTimeOffset? Next(SubjectState state, JourneyOptions options) => Of(state, options).Select(d => (DateTimeOffset?)d.Due).Min();

    public static IEnumerable<Deadline> Of(SubjectState state, JourneyOptions options)
    {
        if (state.Journey is not { Closing: null, SuspendedAt: null } journey || Milestones.Arrived(state).Earliest is not null)
        {
            yield break;
        }

        if (journey.Registration.TimeLimit is { } limit && !state.Fired.Any(f => f.Kind == DeadlineKind.TimeLimit && f.Due == limit))
        {
            yield return new Deadline(DeadlineKind.TimeLimit, Lock: null, journey.RegisteredAt, limit);
        }

        if (Milestones.Departed(state).Earliest is null)
        {
            yield break;
        }

        foreach (var @lock in journey.Registration.Locks.Select(l => l.Lock).Except(journey.Contended))
        {
            var tracks = state.Tracks.Where(t => t.Lock == @lock).ToList();
            if (tracks.Max(t => t.HeardAt) is { } heard && !state.Fired.Any(f => f.Lock == @lock && f.Since == heard))
            {
                var moving = tracks.Exists(t => t.Latest?.SpeedKmh > MovingKmh);
                yield return new Deadline(DeadlineKind.Silence, @lock, heard, heard + (moving ? options.SilentWhenMoving : options.SilentWhenParked));
            }
        }
    }

    /// <summary>The state after all that was due by then has passed; nothing passes twice.</summary>
    public static SubjectState Fire(SubjectState state, DateTimeOffset now, long entry, JourneyOptions options)
    {
        var due = Of(state, options).Where(d => d.Due <= now).Select(d => new FiredDeadline(d.Kind, d.Lock, d.Since, d.Due, now, entry)
        {
            BatteryPercent = d.Lock is null ? null : state.TrackOf(d.Lock, subLock: null).Latest?.BatteryPercent,
        }).ToList();
        return due.Count == 0 ? state : state with { Fired = [.. state.Fired.Concat(due).OrderBy(f => f.Due).ThenBy(f => f.Lock?.Value, StringComparer.Ordinal)] };
    }

    /// <summary>A report from within a silence shows that the lock was there and only its words were under way.</summary>
    public static SubjectState Explain(SubjectState state, LockId @lock, DateTimeOffset at) =>
        state.Fired.Any(f => Fills(f, @lock, at)) ? state with { Fired = [.. state.Fired.Select(f => Fills(f, @lock, at) ? f with { Filled = true } : f)] } : state;

    private static bool Fills(FiredDeadline fired, LockId @lock, DateTimeOffset at) => !fired.Filled && fired.Lock == @lock && at > fired.Since && at <= fired.Due;
}
