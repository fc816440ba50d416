using Adapter.Contracts.Customs;
using Adapter.Contracts.Transit;
using Adapter.Host.Delivery;
using Adapter.Host.Journeys;
using Adapter.Host.Rehearsal.Neighbours;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Two adapters, two countries, one journey.</summary>
public sealed class TwoCountriesTests
{
    [Fact]
    public async Task A_journey_is_handed_over_through_an_outage_and_duplicates_without_loss()
    {
        var folder = Directory.CreateTempSubdirectory("countries-");
        try
        {
            var told = new List<string>();

            var problems = await NeighbourRun.PlayAsync(folder.FullName, told.Add, TimeProvider.System, TestContext.Current.CancellationToken);

            problems.ShouldBeEmpty();
            told[^1].ShouldBe("Kenya closed the movement.");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_a_neighbour_took_and_lost_is_asked_for_and_goes_again_under_its_id_and_bytes()
    {
        var cancel = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("countries-");
        try
        {
            await using var toUganda = await NeighbourLine.OpenAsync(cancel);
            await using var toKenya = await NeighbourLine.OpenAsync(cancel);
            await using var kenya = new Country(Path.Combine(folder.FullName, "kenya"), "kenya", "uganda", toUganda.Address, tells: "*");
            await using var uganda = new Country(Path.Combine(folder.FullName, "uganda"), "uganda", "kenya", toKenya.Address, tells: "ARRIVAL");
            await kenya.StartAsync(cancel);
            await uganda.StartAsync(cancel);
            (toUganda.To, toKenya.To) = (uganda.Address, kenya.Address);
            await uganda.AdmitAsync(kenya, cancel);
            await kenya.AdmitAsync(uganda, cancel);

            toUganda.Swallow("EXAMINATION");
            await ReportAsync(kenya, desk => desk.RegisterMovementAsync(
                new RegisterMovementRequest
                {
                    MovementId = "KE-1",
                    Regime = Regime.CrossBorder,
                    Mrn = NeighbourRun.Mrn,
                    Departure = new OfficeItem { Code = "KEMBA", Country = "KE" },
                    Destination = new OfficeItem { Code = "UGMAL", Country = "UG" },
                }, Office, cancel));
            var now = TimeProvider.System.GetUtcNow();
            await ReportAsync(kenya, desk => desk.ConfirmDepartureAsync(new ConfirmDepartureRequest { MovementId = "KE-1", Observer = Observer.Office, At = now, Office = "KEMBA" }, Office, cancel));
            await ReportAsync(kenya, desk => desk.ReportObservationAsync(Seen(Occasion.Examination, now, "nothing found"), Office, cancel));
            await Eventually.HoldsAsync(() => toUganda.Swallowed is not null, "the line took the examination and lost it");
            await ReportAsync(kenya, desk => desk.ReportObservationAsync(Seen(Occasion.Accident, now, "a tyre burst"), Office, cancel));

            var journeys = uganda.Services.GetRequiredService<IJourneyReader>();
            // The examination as well as the accident.
            await Eventually.GetAsync(() => journeys.FindAsync(Subject.OfJourney(NeighbourRun.Mrn), cancel), state => state is { Observations.Count: 2 });
            // The line writes down what has its answer.
            await Eventually.HoldsAsync(() => toUganda.Log.Any(line => line is { IsQuestion: false, Sequence: 2 }), "what was lost has its answer");

            var arrived = toUganda.Log.Where(line => !line.IsQuestion).ToList();
            arrived.Select(line => line.Sequence).Distinct().ShouldBe([1L, 3, 2], "what was lost came last, and nothing else was sent again");
            arrived.Single(line => line.Sequence == 2).BodySha256.ShouldBe(toUganda.Swallowed, "the very message that was lost");
            // Nothing of Kenya's waits any more.
            await Eventually.GetAsync(() => kenya.Services.GetRequiredService<ILaneStore>().CountAsync(cancel), lanes => lanes.All(lane => lane.Key == LaneState.Idle || lane.Value == 0));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static readonly Actor Office = new("office");

    private static ReportObservationRequest Seen(Occasion occasion, DateTimeOffset at, string remark) =>
        new() { MovementId = "KE-1", Observer = Observer.Officer, At = at, Occasion = occasion, Seen = new SeenCargo(), Remark = remark };

    private static async Task ReportAsync(Country country, Func<MovementDesk, Task<MovementAnswer>> say) =>
        (await say(country.Services.GetRequiredService<MovementDesk>())).Receipt.ShouldNotBeNull().Accepted.ShouldBeTrue();
}
