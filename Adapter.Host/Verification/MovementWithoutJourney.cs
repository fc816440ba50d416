using System.Globalization;
using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>A sealed lock moves only on a registered journey. A journey that is registered later, and that its movement belongs to, explains it.</summary>
internal sealed class MovementWithoutJourney(VerificationOptions options) : ICheck
{
    public string Code => "movement.without-journey";

    public string Kind => EventKinds.UnauthorisedTrip;

    public bool IsOfLocks => true;

    public IEnumerable<Contradiction> Check(SubjectState journey) =>
        from track in journey.Tracks
        from trip in track.Unowned
        where !trip.Claimed && trip.Metres >= options.MovedMetres
        select new Contradiction(trip.First.At.UtcDateTime.ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture,
            $"Lock {track.Lock} is sealed and on no journey, but moved {trip.Metres / 1000:0.0} km: {Words.Where(trip.First.Where)} at {Words.When(trip.First.At)}, {Words.Where(trip.Last.Where)} at {Words.When(trip.Last.At)}."))
        {
            Seen = trip.First,
            Lasting = new Lasting(trip.First.At, trip.Last.At, track.Lock),
        };
}
