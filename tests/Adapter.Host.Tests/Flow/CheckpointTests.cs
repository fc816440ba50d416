using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

/// <summary>What an office on the way is told: the movements that are routed through it, that they come, and that they were there.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly GeoPoint Nairobi = new(-1.32, 36.85);
    private static readonly Office Inland = new("KENAI002", null, null, Nairobi, 1000);
    private static readonly Office WithoutArea = new("KEELD003", null, null, null);

    private readonly FlowBench _bench = new();

    public CheckpointTests() => _bench.Destinations.Add(FlowBench.Receiver("gate") with { Offices = [Inland.Code] });

    [Theory]
    [InlineData("KEMBA001", true)]
    [InlineData("KENAI002", true)]
    [InlineData("UGMLB001", true)]
    [InlineData("KEELD003", false)]
    public async Task It_is_told_of_movements_that_leave_from_pass_or_go_to_its_office_and_of_no_others(string office, bool told)
    {
        _bench.Destinations[2] = _bench.Destinations[2] with { Offices = [office] };
        await _bench.RegisterAsync(Journey() with { Transit = [Inland] });

        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road));

        _bench.Told("gate").Contains("departure").ShouldBe(told);
        _bench.Told("gate").Any(key => key.StartsWith("seal", StringComparison.Ordinal)).ShouldBe(told);
        _bench.Told().ShouldContain("departure", "a receiver without offices is told of all");
    }

    [Fact]
    public async Task A_movement_is_expected_from_its_departure_and_has_passed_when_a_fix_lies_in_the_area()
    {
        await _bench.RegisterAsync(Journey() with { Transit = [Inland] });
        await _bench.TakeAsync(Position(1, where: Port), Position(10, where: Port));
        _bench.Told("gate").ShouldNotContain(key => key.StartsWith("expected", StringComparison.Ordinal) || key.StartsWith("passed", StringComparison.Ordinal), "it has not departed");

        await _bench.TakeAsync(Position(60, where: Road));
        _bench.Told("gate").TakeLast(2).ShouldBe(["departure", "expected/KENAI002"]);

        await _bench.TakeAsync(Position(300, where: Nairobi), Position(301, where: Nairobi));
        _bench.Told("gate")[^1].ShouldBe("passed/KENAI002");
        _bench.Store.Messages.Last(m => m.Destination.Name == "gate").Source.Event.ShouldSatisfyAllConditions(
            e => e.Kind.ShouldBe("PASSED"), e => e.ObservedAt.ShouldBe(At(300)), e => e.Office.ShouldBe(Inland));
        _bench.Told().ShouldNotContain(key => key.StartsWith("expected", StringComparison.Ordinal) || key.StartsWith("passed", StringComparison.Ordinal), "they are for the office alone");
    }

    [Theory]
    [InlineData(Observer.Gate, Occasion.EnRoute, true)]
    [InlineData(Observer.Weighbridge, Occasion.EnRoute, true)]
    [InlineData(Observer.Office, Occasion.Border, true)]
    // A neighbour's office speaks of what happens anywhere on its roads.
    [InlineData(Observer.Office, Occasion.EnRoute, false)]
    public async Task An_office_without_an_area_is_passed_when_somebody_there_says_so(Observer observer, Occasion occasion, bool passed)
    {
        _bench.Destinations[2] = _bench.Destinations[2] with { Offices = [WithoutArea.Code] };
        await _bench.RegisterAsync(Journey() with { Transit = [WithoutArea] });
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road));

        await _bench.ActAsync(
            EntryKind.Observation, Operations.ReportObservation,
            new ReportObservationRequest { MovementId = "J-1", Observer = observer, Occasion = occasion, At = At(400), Office = WithoutArea.Code, Seen = new SeenCargo { VehiclePlate = "KDA 482B" } }, At(401));

        _bench.Told("gate").Contains("passed/KEELD003").ShouldBe(passed);
    }

    [Fact]
    public async Task Each_checkpoint_hears_of_itself_alone_and_an_office_that_is_named_twice_is_one()
    {
        _bench.Destinations.Add(FlowBench.Receiver("other") with { Offices = [WithoutArea.Code] });
        _bench.Destinations.Add(FlowBench.Receiver("both") with { Offices = [Inland.Code, WithoutArea.Code] });
        await _bench.RegisterAsync(Journey() with { Transit = [Inland, WithoutArea, Inland] });

        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road));

        Expected("gate").ShouldBe(["expected/KENAI002"]);
        Expected("other").ShouldBe(["expected/KEELD003"]);
        Expected("both").ShouldBe(["expected/KENAI002", "expected/KEELD003"], ignoreOrder: true);
    }

    [Fact]
    public async Task Numbers_of_a_checkpoint_count_what_it_is_told_and_leave_nothing_out()
    {
        await _bench.RegisterAsync(Journey() with { Transit = [Inland] });
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road), Position(300, where: Nairobi), Position(600, where: Border));

        _bench.Store.Messages.Where(m => m.Destination.Name == "gate").Select(m => (m.Number, m.DecisionKey)).ShouldBe(
            [(1, "seal/episode-1"), (2, "departure"), (3, "expected/KENAI002"), (4, "passed/KENAI002"), (5, "arrival")]);
    }

    [Fact]
    public async Task Who_was_told_hears_of_the_correction_also_when_the_movement_no_longer_comes_its_way()
    {
        _bench.Destinations[2] = _bench.Destinations[2] with { Offices = ["UGMLB001"] };
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road));
        await _bench.ActAsync(
            EntryKind.Amendment, Operations.AmendMovement,
            new AmendMovementRequest { MovementId = "J-1", Reason = "diverted", Destination = new OfficeItem { Code = "UGBUS001", Latitude = 0.46, Longitude = 34.09 } }, At(70));

        // Late, and earlier than what was told; then something new, which is no longer its business.
        await _bench.TakeAsync(Position(30, where: Road), Position(600, where: new GeoPoint(0.46, 34.09)));

        _bench.Told("gate").ShouldBe(["seal/episode-1", "departure", "departure/correction-1"]);
        _bench.Store.Messages.Last(m => m.Destination.Name == "gate").Corrects.ShouldBe(MessageId.Of("gate", Subject.OfJourney("J-1"), "departure", 1));
        _bench.Told().ShouldContain("arrival");
    }

    public void Dispose() => _bench.Dispose();

    private List<string> Expected(string gate) => [.. _bench.Told(gate).Where(key => key.StartsWith("expected", StringComparison.Ordinal))];
}
