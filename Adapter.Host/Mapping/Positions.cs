using System.Globalization;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;

namespace Adapter.Host.Mapping;

/// <summary>Where the locks of an open journey are, for destinations that ask for it by name.</summary>
/// <remarks>
/// The newest place of each lock, once per batch, and none older than the one told last: it says where something is, not what happened, so a late one is no
/// news. It is nothing that the fold decides, and is never corrected; only its time is remembered.
/// </remarks>
internal static class Positions
{
    /// <returns>What nobody was told yet, in order of time, and the state that remembers it as told.</returns>
    public static (SubjectState State, IReadOnlyList<OutgoingDecision> Untold) Of(SubjectState state)
    {
        if (state.Journey is not { Closing: null })
        {
            return (state, []);
        }

        // A sub-lock is where its lock is.
        var fresh = state.Tracks.Where(t => t.SubLock is null && t.LatestFix is { } fix && !(t.ToldFixAt >= fix.At)).OrderBy(t => t.LatestFix!.At).ToList();
        foreach (var track in fresh)
        {
            state = state.With(track with { ToldFixAt = track.LatestFix!.At });
        }

        return (state, [.. fresh.Select(track => OutgoingDecision.Original(Of(track, track.LatestFix!), []))]);
    }

    /// <summary>Begins the keys of all positions of one lock.</summary>
    public static string KeyOf(LockId @lock) => $"position/{@lock}/";

    private static Decision Of(LockTrack track, Sighting fix) => new(
        KeyOf(track.Lock) + fix.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        EventKinds.Position, IsAlarm: false, Episode: null, fix, track.Lock, SubLock: null, Office: null, []);
}
