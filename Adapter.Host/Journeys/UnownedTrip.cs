using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Journeys;

/// <summary>Where a sealed lock was while no journey owned it, from one sealing to its end.</summary>
/// <remarks>The corners of all its places say how far it came, whatever order they were told in, and take no room.</remarks>
/// <param name="First">The earliest place.</param>
/// <param name="Last">The latest place.</param>
internal sealed record UnownedTrip(Sighting First, Sighting Last, GeoPoint SouthWest, GeoPoint NorthEast)
{
    /// <summary>Trips remembered per lock; an idle lock is never closed.</summary>
    private const int Most = 20;

    /// <summary>True once a journey was registered that it belongs to.</summary>
    public bool Claimed { get; init; }

    /// <summary>Between the corners: at least how far it came.</summary>
    public double Metres => SouthWest.MetresTo(NorthEast);

    /// <summary>Adds a place of a lock that no journey owned then.</summary>
    public static LockTrack Observe(LockTrack track, FixKind fix, Sighting sighting)
    {
        if (fix != FixKind.Satellite || sighting is not { ClockSuspect: false, Where: { } where } || sighting.At <= track.ClaimedAt || track.Sealed.At(sighting.At) is not { Value: true } sealing)
        {
            return track;
        }

        if (track.Unowned is [.., { Claimed: false } last] && (last.First.At > sighting.At || ReferenceEquals(track.Sealed.At(last.Last.At), sealing)))
        {
            // What is older than the last trip and of another sealing comes too late to be told.
            return ReferenceEquals(track.Sealed.At(last.Last.At), sealing) ? track with { Unowned = [.. track.Unowned.SkipLast(1), last.With(sighting, where)] } : track;
        }

        return track with { Unowned = [.. track.Unowned.TakeLast(Most - 1), new UnownedTrip(sighting, sighting, where, where)] };
    }

    /// <summary>A journey owns the lock from <paramref name="from"/> on: what reaches into that time was its own movement.</summary>
    public static LockTrack Claim(LockTrack track, DateTimeOffset from) => track with
    {
        ClaimedAt = track.ClaimedAt > from ? track.ClaimedAt : from,
        Unowned = [.. track.Unowned.Select(trip => trip.Last.At >= from ? trip with { Claimed = true } : trip)],
    };

    private UnownedTrip With(Sighting sighting, GeoPoint where) => this with
    {
        First = sighting.At < First.At ? sighting : First,
        Last = sighting.At > Last.At ? sighting : Last,
        SouthWest = new GeoPoint(Math.Min(SouthWest.Latitude, where.Latitude), Math.Min(SouthWest.Longitude, where.Longitude)),
        NorthEast = new GeoPoint(Math.Max(NorthEast.Latitude, where.Latitude), Math.Max(NorthEast.Longitude, where.Longitude)),
    };
}
