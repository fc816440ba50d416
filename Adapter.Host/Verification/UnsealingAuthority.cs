using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;
using Adapter.Host.Journeys.Geography;

namespace Adapter.Host.Verification;

/// <summary>Every unsealing after departure has an order for that lock, that time and that place.</summary>
/// <remarks>
/// At the office of destination an order is asked for only where customs give orders for this journey at all, or the goods are dangerous or special:
/// many offices release goods without telling us first. An opening of which nobody knows whether it was there gets the same benefit.
/// </remarks>
internal sealed class UnsealingAuthority(VerificationOptions options) : ICheck
{
    public string Code => "seal.opened-without-order";

    public Severity Ordinary => Severity.Critical;

    public IEnumerable<Contradiction> Check(SubjectState journey)
    {
        if (journey.Journey is not { } registered || Milestones.Departed(journey).Earliest is not { } departure)
        {
            yield break;
        }

        var needsOrder = journey.Orders.Count > 0 || SeverityPolicy.IsSensitive(registered.Registration.Regime);
        foreach (var opened in journey.Episodes.Where(e => e.Kind == LockEventKind.Unseal && e.First.At >= departure.At))
        {
            if (Covers(journey, opened) || (!needsOrder && WasIn(registered.ValidAt(opened.First.At).Destination.Code, journey, opened, options) != false))
            {
                continue;
            }

            yield return new Contradiction(opened.Key,
                $"Lock {opened.Lock} was opened on {Words.When(opened.First.At)} {Words.Where(opened.First.Where)}, and {Orders(journey, opened)}.")
            {
                Seen = opened.First,
            };
        }
    }

    /// <summary>Whether an order allows this opening; an opening at an unknown place is allowed by what the order says of lock and time.</summary>
    public static bool Covers(SubjectState journey, Episode opened) =>
        journey.Orders.Any(order => order.Covers(opened.Lock, opened.First.At) && IsPlace(order, journey, opened.First) != false);

    /// <summary>Whether a lock was opened in the area of an office; null where no position lies near enough in time to tell.</summary>
    public static bool? WasIn(string office, SubjectState journey, Episode opened, VerificationOptions options) =>
        journey.TrackOf(opened.Lock, opened.SubLock).Area(office).Near(opened.First.At, options.PlaceKnownFor);

    private static bool? IsPlace(UnsealOrder order, SubjectState journey, Sighting opened)
    {
        if ((order.Office is null && order.Place is null) || opened.Where is not { } where)
        {
            return null;
        }

        var zone = order.Office is { } office
            ? RouteMap.Of(journey.Journey!.ValidAt(opened.At)).Offices.GetValueOrDefault(office)
            : new CircleZone(order.Place!, order.RadiusMetres);
        return zone?.Contains(where, Zone.DriftMetres);
    }

    private static string Orders(SubjectState journey, Episode opened) => journey.Orders.Count == 0
        ? "no order to open it was given"
        : $"no order allows that: {string.Join("; ", journey.Orders.Select(o => Order(o, opened)))}";

    private static string Order(UnsealOrder order, Episode opened)
    {
        var which = order.Locks.Count == 0 ? "all locks" : $"lock {Words.List(order.Locks.Select(l => l.Value))}";
        var where = order.Office is { } office ? $" at {office}" : order.Place is { } place ? $" {Words.Where(place)}" : "";
        var fault = !order.Covers(opened.Lock, opened.First.At) ? "" : ", which is elsewhere";
        return $"order {order.Id} of {order.Officer} is for {which}{where} from {Words.When(order.From)} to {Words.When(order.Until)}{fault}";
    }
}
