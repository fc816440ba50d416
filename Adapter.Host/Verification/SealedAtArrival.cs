using Adapter.Host.Journeys;

namespace Adapter.Host.Verification;

/// <summary>Document flow says the goods travel under e-lock; goods flow says the lock was open when the truck arrived.</summary>
internal sealed class SealedAtArrival(VerificationOptions options) : ICheck
{
    public string Code => "seal.open-at-arrival";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (Milestones.Arrived(journey).Earliest is not { } arrival)
        {
            yield break;
        }

        var destination = journey.Journey!.Registration.Destination.Code;
        // Open in the very report that shows the arrival is open at the office, and a matter of authority. So is a lock whose arrival went unreported
        // and that shows there just after its opening.
        foreach (var track in journey.Tracks)
        {
            if (track.Sealed.At(arrival.At) is { Value: false } open && open.First.At < arrival.At && WasOutside(track.Area(destination), open.First.At, arrival.At))
            {
                var which = track.SubLock is null ? track.Lock.Value : $"{track.Lock}/{track.SubLock}";
                yield return new Contradiction(which,
                    $"The goods are to arrive under lock {which}, but it was open when they came to {destination} on {Words.When(arrival.At)}; it was opened on {Words.When(open.First.At)} {Words.Where(open.First.Where)}.")
                {
                    Seen = open.First,
                };
            }
        }
    }

    private bool WasOutside(Timeline area, DateTimeOffset opened, DateTimeOffset arrived) =>
        area.Near(opened, options.PlaceKnownFor) == false || area.Runs.Any(run => !run.Value && run.Last.At >= opened && run.First.At < arrived);
}
