using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

public sealed class MilestoneTests : IDisposable
{
    private readonly FlowBench _bench = new();

    [Fact]
    public async Task A_journey_goes_through_its_milestones_once_each_and_in_order()
    {
        await _bench.RegisterAsync(Journey());
        List<string> statuses = [JourneyStatus.Of(_bench.Journey())];
        LockReport[] reports =
        [
            Position(1, where: Port), Position(60, where: Road), Position(120, where: Road), Position(600, where: Border),
            Position(610, where: Border), Position(630, locked: false, rope: false, where: Border),
        ];
        foreach (var report in reports)
        {
            await _bench.TakeAsync(report);
            statuses.Add(JourneyStatus.Of(_bench.Journey()));
        }

        statuses.ShouldBe(["registered", "sealed", "under-way", "under-way", "arrived", "arrived", "unsealed"]);
        _bench.Told().ShouldBe(["seal/episode-1", "departure", "arrival", "unseal/episode-1"]);
        Milestones.Of(_bench.Journey()).Select(m => (m.Name, m.State, m.Earliest!.At)).ShouldBe([
            ("sealed", MilestoneState.OneSided, At(1)), ("departed", MilestoneState.OneSided, At(60)),
            ("arrived", MilestoneState.OneSided, At(600)), ("unsealed", MilestoneState.OneSided, At(630))]);
    }

    [Fact]
    public async Task A_base_station_fix_decides_neither_departure_nor_arrival()
    {
        await SealedInPortAsync();
        await _bench.TakeAsync(Position(60, where: Road, fix: FixKind.Approximate), Position(70, where: Border, fix: FixKind.Approximate), Position(80, where: Road, fix: FixKind.None));

        _bench.Told().ShouldBe(["seal/episode-1"]);
    }

    [Fact]
    public async Task A_fix_at_zero_zero_decides_nothing()
    {
        await SealedInPortAsync();
        await _bench.TakeAsync(Position(60, where: GeoPoint.From(0, 0)));

        _bench.Told().ShouldBe(["seal/episode-1"]);
    }

    [Fact]
    public async Task A_fix_whose_time_is_a_guess_decides_nothing()
    {
        await SealedInPortAsync();
        _bench.Receive(Position(60, where: Road) with { DeviceTime = null });
        await _bench.RunAsync();

        _bench.Told().ShouldBe(["seal/episode-1"]);
        _bench.Journey().Tracks.ShouldHaveSingleItem().Latest!.Where.ShouldBe(Road);
    }

    [Fact]
    public async Task A_satellite_fix_decides_where_the_others_could_not()
    {
        await SealedInPortAsync();
        await _bench.TakeAsync(Position(60, where: Road));

        _bench.Told().ShouldBe(["seal/episode-1", "departure"]);
    }

    [Fact]
    public async Task A_truck_that_was_never_sealed_has_not_departed()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, locked: false, rope: false, where: Port), Position(60, locked: false, rope: false, where: Road));

        _bench.Told().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_office_is_left_beyond_its_radius_and_the_drift_of_a_receiver()
    {
        await SealedInPortAsync();
        await _bench.TakeAsync(Position(60, where: Port with { Latitude = Port.Latitude + (2400 / 111_195.0) }));
        await _bench.TakeAsync(Position(65, where: Port with { Latitude = Port.Latitude + (2590 / 111_195.0) }));
        _bench.Told().ShouldBe(["seal/episode-1"]);

        await _bench.TakeAsync(Position(70, where: Port with { Latitude = Port.Latitude + (2610 / 111_195.0) }));
        _bench.Told().ShouldBe(["seal/episode-1", "departure"]);
    }

    [Fact]
    public async Task Unsealing_before_arrival_is_told_and_does_not_complete_the_journey()
    {
        await SealedInPortAsync();
        await _bench.TakeAsync(Position(60, where: Road), Position(70, locked: false, rope: false, where: Road));

        _bench.Told().ShouldBe(["seal/episode-1", "departure", "unseal/episode-1"]);
        JourneyStatus.Of(_bench.Journey()).ShouldBe("under-way");
    }

    [Fact]
    public void A_milestone_is_open_one_sided_confirmed_or_contradicted_by_what_its_sides_say()
    {
        Of([]).State.ShouldBe(MilestoneState.Open);
        Of([(Side.Lock, 0)]).State.ShouldBe(MilestoneState.OneSided);
        Of([(Side.Lock, 0), (Side.Gate, 120)]).State.ShouldBe(MilestoneState.Confirmed);
        Of([(Side.Lock, 0), (Side.Gate, 121)]).State.ShouldBe(MilestoneState.Contradicted);
        Of([(Side.Lock, 5), (Side.Gate, 3)]).Earliest!.At.ShouldBe(At(3));

        static Milestone Of((Side Side, double Minute)[] said) => new("departed", said.ToDictionary(
            s => s.Side, s => new Sighting(TheLock, At(s.Minute), At(s.Minute), Late: false, ClockSuspect: false, Where: null, Entry: 1)));
    }

    public void Dispose() => _bench.Dispose();

    private async Task SealedInPortAsync()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port));
    }
}
