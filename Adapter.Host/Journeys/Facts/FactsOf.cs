using Adapter.Contracts.Customs;
using Adapter.Host.Journal;

namespace Adapter.Host.Journeys.Facts;

/// <summary>What a request of customs says about its journey.</summary>
internal static class FactsOf
{
    public static EntryContent Observation(ReportObservationRequest told, JournalEntry entry) => new EntryContent.OfJourney(told.MovementId, _ =>
        [new JourneyFact.Observed(Facts.Observation.Of(SideOf(told.Observer), told.Occasion, told.Office, told.At, told.Seen, told.Remark, entry) with { Conform = told.Conform })]);

    public static EntryContent Departure(ConfirmDepartureRequest told, JournalEntry entry) =>
        Confirmation(told.MovementId, MilestoneNames.Departed, Occasion.Departure, told.Observer, told.Office, told.At, told.Seen, entry);

    public static EntryContent Arrival(ConfirmArrivalRequest told, JournalEntry entry) =>
        Confirmation(told.MovementId, MilestoneNames.Arrived, Occasion.Arrival, told.Observer, told.Office, told.At, told.Seen, entry);

    public static EntryContent Order(AuthoriseUnsealRequest asked, JournalEntry entry) =>
        new EntryContent.OfJourney(asked.MovementId, _ => [new JourneyFact.Ordered(UnsealOrder.Of(asked, entry))]);

    private static EntryContent.OfJourney Confirmation(
        string journeyId, string milestone, Occasion occasion, Observer observer, string? office, DateTimeOffset at, SeenCargo? seen, JournalEntry entry) =>
        new(journeyId, options =>
        {
            var assertion = new JourneyFact.Asserted(new MilestoneAssertion(
                milestone, SideOf(observer), office, at, entry.ReceivedAt, entry.ReceivedAt - at > options.LateAfter, entry.Source, entry.Position));
            return seen is null
                ? [assertion]
                : [assertion, new JourneyFact.Observed(Facts.Observation.Of(SideOf(observer), occasion, office, at, seen, remark: null, entry))];
        });

    private static Side SideOf(Observer observer) => observer switch
    {
        Observer.Gate => Side.Gate,
        Observer.Weighbridge => Side.Weighbridge,
        Observer.Officer => Side.Officer,
        Observer.TransportationSystem => Side.TransportationSystem,
        _ => Side.Office,
    };
}
