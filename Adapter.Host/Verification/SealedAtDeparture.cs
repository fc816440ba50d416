using System.Globalization;
using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>Document flow says the goods travel under e-lock; goods flow says the lock was open when the truck left.</summary>
internal sealed class SealedAtDeparture(VerificationOptions options) : ICheck
{
    public string Code => "seal.open-at-departure";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Journey is not { } registered || Milestones.Departed(journey).Earliest is not { } departure)
        {
            yield break;
        }

        foreach (var track in journey.Tracks.Where(t => t.Sealed.At(departure.At) is { Value: false } open && IsOfTheOffice(open, t.Area(registered.Registration.Departure.Code), departure)))
        {
            var (key, which) = track.SubLock is null ? (track.Lock.Value, $"{track.Lock}") : ($"{track.Lock}/{track.SubLock}", $"{track.Lock}, sub-lock {track.SubLock}");
            yield return new Contradiction(key, string.Create(CultureInfo.InvariantCulture,
                $"The journey was registered with lock {which}, but the lock was open when it left {registered.Registration.Departure.Code} at {departure.At:yyyy-MM-dd HH:mm} UTC."));
        }
    }

    /// <summary>
    /// Whether it was open while it was there. Where another side says that it left, that side was at the office; the lock's own departure is its first place elsewhere,
    /// and says nothing of an office where the lock was last seen long before it was opened, or never.
    /// </summary>
    private bool IsOfTheOffice(Run open, Timeline area, Sighting departed) => departed.Lock is null
        ? open.First.At < departed.At
        : area.Runs.LastOrDefault(run => run.Value && run.First.At < departed.At) is { } there && open.First.At - there.Last.At <= options.PlaceKnownFor;
}
