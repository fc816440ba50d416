using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Verification;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

/// <summary>What happens to journeys on the way that no plan had in it.</summary>
public sealed class RealJourneyTests : IDisposable
{
    private static readonly GeoPoint Busia = new(0.46, 34.09);
    private readonly FlowBench _bench = new();

    private static JourneyRegistration OverTheBorder => Journey() with { Transit = [new Office("KENBO001", "Nairobi", "KE", new GeoPoint(-1.32, 36.85)), new Office("UGBUS001", "Busia", "UG", Busia)] };

    [Fact]
    public async Task The_border_is_reached_by_the_word_of_the_lock_alone()
    {
        await _bench.RegisterAsync(OverTheBorder);
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road), Position(500, where: Busia), Position(510, where: Busia));

        var border = Milestones.Border(_bench.Journey()).ShouldNotBeNull();

        (border.State, border.Evidence[Side.Lock].At).ShouldBe((MilestoneState.OneSided, At(500)));
        Milestones.Of(_bench.Journey()).Select(m => m.Name).ShouldBe(["sealed", "departed", "border", "arrived", "unsealed"]);
    }

    [Fact]
    public async Task The_border_is_reached_by_the_word_of_an_officer_alone_and_confirmed_by_the_lock()
    {
        await _bench.RegisterAsync(OverTheBorder);
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road));
        await ObserveAsync(505, Occasion.Border, office: null);
        var oneSided = Milestones.Border(_bench.Journey())!;

        await _bench.TakeAsync(Position(500, where: Busia));

        (oneSided.State, oneSided.Evidence.Keys.Single()).ShouldBe((MilestoneState.OneSided, Side.Officer));
        Milestones.Border(_bench.Journey())!.State.ShouldBe(MilestoneState.Confirmed);
    }

    [Fact]
    public async Task What_is_seen_at_another_office_says_nothing_of_the_border_and_hours_apart_is_a_finding()
    {
        await _bench.RegisterAsync(OverTheBorder);
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road), Position(500, where: Busia));
        await ObserveAsync(300, Occasion.EnRoute, "KENBO001");
        Milestones.Border(_bench.Journey())!.State.ShouldBe(MilestoneState.OneSided);

        await ObserveAsync(800, Occasion.Border, "UGBUS001");

        Milestones.Border(_bench.Journey())!.State.ShouldBe(MilestoneState.Contradicted);
        new SidesAgree().Check(_bench.Journey()).ShouldHaveSingleItem().Text.ShouldStartWith("The goods came to the border on ");
    }

    [Fact]
    public async Task A_journey_without_offices_on_the_way_has_no_border()
    {
        await _bench.RegisterAsync(Journey());
        await ObserveAsync(10, Occasion.Border, office: null);

        Milestones.Border(_bench.Journey()).ShouldBeNull();
        Milestones.Of(_bench.Journey()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_regime_that_changes_midway_makes_what_is_open_critical()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port), Position(50, locked: false, rope: false, where: Port), Position(60, locked: false, rope: false, where: Road));
        _bench.Journey().Findings.Single(f => f.Code == "seal.open-at-departure").Severity.ShouldBe(Severity.Warning);

        await AmendAsync(70, new AmendMovementRequest { Regime = Regime.DangerousGoods });

        _bench.Journey().Findings.Single(f => f.Code == "seal.open-at-departure").Severity.ShouldBe(Severity.Critical);
    }

    [Fact]
    public async Task Destination_and_regime_change_in_one_amendment_and_the_new_office_counts()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road));

        await AmendAsync(70, new AmendMovementRequest
        {
            Regime = Regime.ToBondedZone,
            Destination = new OfficeItem { Code = "UGBUS001", Latitude = Busia.Latitude, Longitude = Busia.Longitude, RadiusMetres = 2000 },
        });
        await _bench.TakeAsync(Position(600, where: Busia), Position(620, locked: false, rope: false, where: Busia));

        (JourneyStatus.Of(_bench.Journey()), _bench.Journey().Journey!.Registration.Regime).ShouldBe(("unsealed", Regime.ToBondedZone));
        _bench.Journey().Findings.ShouldNotContain(f => f.Code == "seal.opened-outside-destination");
        _bench.Journey().Journey!.Amendments.ShouldHaveSingleItem().Changes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_diversion_with_a_way_of_its_own_is_judged_by_that_way()
    {
        await _bench.RegisterAsync(Journey());

        (await AmendAsync(70, new AmendMovementRequest { Route = new RouteItem { Way = [Point(Port), Point(Busia)], ToleranceMetres = 2000 } })).Code.ShouldBe("ok");
        var wrong = await AmendAsync(80, new AmendMovementRequest { Route = new RouteItem { Way = [Point(Port), Point(Busia)], ToleranceMetres = 1e6 } });

        _bench.Journey().Journey!.Registration.Route!.ToleranceMetres.ShouldBe(2000);
        (wrong.Code, wrong.Text.Contains("route.toleranceMetres", StringComparison.Ordinal)).ShouldBe(("amendment.does-not-fit", true), wrong.Text);
    }

    [Fact]
    public async Task A_movement_that_is_registered_after_its_limit_is_overdue_at_once_and_kept()
    {
        (await _bench.RegisterAsync(Journey() with { TimeLimit = At(-60) })).Code.ShouldBe("ok");

        await _bench.PassAsync(At(1));

        var overdue = _bench.Journey().Findings.ShouldHaveSingleItem();
        (overdue.Code, overdue.State).ShouldBe(("journey.overdue", FindingState.Open));
        overdue.Text.ShouldContain("UGMLB001");
    }

    public void Dispose() => _bench.Dispose();

    private static PointItem Point(GeoPoint place) => new() { Latitude = place.Latitude, Longitude = place.Longitude };

    private Task<EntryResult> ObserveAsync(double minute, Occasion occasion, string? office) => _bench.ActAsync(
        EntryKind.Observation, Operations.ReportObservation,
        new ReportObservationRequest { MovementId = "J-1", Observer = Observer.Officer, Occasion = occasion, At = At(minute), Office = office, Seen = new SeenCargo(), Remark = "passed" }, At(minute));

    private Task<EntryResult> AmendAsync(double minute, AmendMovementRequest request) =>
        _bench.ActAsync(EntryKind.Amendment, Operations.AmendMovement, request with { MovementId = "J-1", Reason = "ordered" }, At(minute));
}
