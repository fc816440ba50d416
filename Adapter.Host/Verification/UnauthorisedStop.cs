using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Geography;

namespace Adapter.Host.Verification;

/// <summary>Between departure and arrival the goods stand only at offices, planned stops and permitted areas, and there no longer than allowed.</summary>
internal sealed class UnauthorisedStop(VerificationOptions options) : ICheck
{
    public string Code => "stop.unauthorised";

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Journey is not { } registered || Milestones.Departed(journey).Earliest is not { } departure)
        {
            yield break;
        }

        var end = Milestones.Arrived(journey).Earliest?.At ?? DateTimeOffset.MaxValue;
        var least = options.StopAfterOf(registered.Registration.Regime);
        // Several locks on one vehicle see the same stop.
        var stays = Stretch.Merge(journey.Tracks.SelectMany(t => Stays.Of(t.Trace)), (one, other) => one.Where.MetresTo(other.Where) <= 2 * Stays.DriftMetres);
        foreach (var stay in stays.Where(s => s.From >= departure.At && s.From < end && s.Length >= least))
        {
            var permitted = RouteMap.Of(registered.ValidAt(stay.From)).PermittedAt(stay.Where, Stays.DriftMetres);
            if (permitted is null)
            {
                yield return new Contradiction(stay.Key,
                    $"No stop is planned there, but the goods stood {Words.Where(stay.Where)} from {Words.When(stay.From)} to {Words.When(stay.To)}, {Words.Length(stay.Length)}; {Words.Length(least)} are allowed.")
                {
                    Seen = stay.AsSighting(),
                    Lasting = stay.AsLasting(),
                };
            }
            else if (stay.Length > permitted.AtMost)
            {
                yield return new Contradiction(stay.Key,
                    $"The goods may stand {Words.Length(permitted.AtMost.Value)} at {permitted.Name}, but stood there from {Words.When(stay.From)} to {Words.When(stay.To)}, {Words.Length(stay.Length)}.")
                {
                    Seen = stay.AsSighting(),
                    Lasting = stay.AsLasting(),
                };
            }
        }
    }
}
