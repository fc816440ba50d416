using System.Globalization;
using Adapter.Contracts.Customs;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys.Facts;

namespace Adapter.Host.Journeys;

/// <summary>What people reported that others must hear of: an examination by customs, and an accident.</summary>
internal static class Reported
{
    public static IEnumerable<Decision> Of(SubjectState state) =>
        from observation in state.Observations
        where observation.Occasion is Occasion.Examination or Occasion.Accident
        select Of(observation, state);

    private static Decision Of(Observation observation, SubjectState state)
    {
        var accident = observation.Occasion == Occasion.Accident;
        return new Decision(
            // The entry that first told of it: nothing else tells two reports of one minute apart for ever.
            string.Create(CultureInfo.InvariantCulture, $"{(accident ? "accident" : "examination")}/entry-{observation.Entry}"),
            accident ? EventKinds.Accident : EventKinds.Examination, IsAlarm: accident || observation.Conform == false, Episode: null,
            observation.AsSighting(), Lock: null, SubLock: null, OfficeOf(observation, state), [])
        {
            Observation = new ObservationInfo(observation.Side.ToString(), observation.Conform, observation.Remark),
        };
    }

    /// <summary>As the journey names it, else by its code alone.</summary>
    private static Office? OfficeOf(Observation observation, SubjectState state) => observation.Office is not { } code ? null
        : state.Journey is { Registration: var registration } && registration.Transit.Prepend(registration.Departure).Append(registration.Destination).FirstOrDefault(o => o.Code == code) is { } office ? office
        : new Office(code, Name: null, Country: null, Position: null);
}
