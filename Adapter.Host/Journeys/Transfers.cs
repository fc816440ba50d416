using System.Globalization;

namespace Adapter.Host.Journeys;

/// <summary>That sealed goods go on with another vehicle, as amendments say.</summary>
internal static class Transfers
{
    /// <remarks>Before the sealing an amendment only corrects the papers; whatever is told later names the right vehicle anyway.</remarks>
    public static IEnumerable<Decision> Of(SubjectState state)
    {
        if (state.Journey is not { } journey || (Milestones.Sealed(state).Earliest ?? Milestones.Departed(state).Earliest) is not { } begun)
        {
            yield break;
        }

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var amendment in journey.Amendments)
        {
            foreach (var change in amendment.Vehicles)
            {
                // Counted from the first amendment on, so that a key stays whatever late data say of the sealing.
                var what = change.Container is null ? "vehicle-change" : $"transhipment/{change.Container}";
                var number = numbers[what] = numbers.GetValueOrDefault(what) + 1;
                if (amendment.At >= begun.At)
                {
                    var seen = new Sighting(Lock: null, amendment.At, amendment.At, Late: false, ClockSuspect: false, Where: null, amendment.Entry);
                    yield return new Decision(
                        string.Create(CultureInfo.InvariantCulture, $"{what}/{number}"), change.Container is null ? EventKinds.VehicleChange : EventKinds.Transhipment,
                        IsAlarm: false, Episode: null, seen, Lock: null, SubLock: null, Office: null, [])
                    {
                        Container = change.Container,
                        Vehicle = change.Now,
                    };
                }
            }
        }
    }
}
