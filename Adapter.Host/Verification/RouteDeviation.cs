using System.Globalization;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Geography;

namespace Adapter.Host.Verification;

/// <summary>Document flow plans a corridor; goods flow shows the lock outside it between departure and arrival.</summary>
internal sealed class RouteDeviation : ICheck
{
    public string Code => "route.deviation";

    public Severity Ordinary => Severity.Critical;

    public string Kind => EventKinds.Code(LockEventKind.RouteDeviation);

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Journey?.Registration.Route?.Corridor is null || Milestones.Departed(journey).Earliest is not { } departure)
        {
            yield break;
        }

        var end = Milestones.Arrived(journey).Earliest?.At ?? DateTimeOffset.MaxValue;
        // Several locks on one vehicle see the same deviation.
        var map = RouteMap.Of(journey.Journey.Registration);
        var all = Stretch.Merge(journey.Tracks.SelectMany(t => Deviations.Of(t.Trace)), (_, _) => true);
        foreach (var off in all.Where(d => d.To > departure.At && d.From < end && map.PermittedAt(d.Where, Zone.DriftMetres) is null))
        {
            yield return new Contradiction(off.Key, string.Create(CultureInfo.InvariantCulture,
                $"The route has a tolerance of {journey.Journey.Registration.Route.ToleranceMetres:0} m, but the goods were up to {off.Metres / 1000:0.0} km outside it from {Words.When(off.From)} to {Words.When(off.To)}, furthest {Words.Where(off.Where)}."))
            {
                Seen = off.AsSighting(),
                Lasting = off.AsLasting(),
            };
        }
    }
}
