using Adapter.Contracts.Customs;
using Adapter.Contracts.Transit;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

/// <summary>Goods that change vehicles, as receivers are told of it.</summary>
public sealed class TransferTests : IDisposable
{
    private static readonly VehicleItem Ugandan = new() { Plate = "UBB 114K", Nationality = "UG" };
    private readonly FlowBench _bench = new();

    private static JourneyRegistration TwoContainers => Journey() with
    {
        Vehicle = new Vehicle("KDA 482B", "KE"),
        Containers = [new Container("KMSU4829139", []), new Container("TGHU3004410", [])],
    };

    [Fact]
    public async Task A_container_that_another_vehicle_takes_over_is_told_once()
    {
        await _bench.RegisterAsync(TwoContainers);
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road));

        await TransferAsync(70, Ugandan, "TGHU3004410");
        var again = await TransferAsync(71, Ugandan, "TGHU3004410");

        again.Text.ShouldBe("Journey J-1 is as asked already.");
        var told = _bench.Store.Messages.Where(m => m.Destination.Name == "manifest" && m.Decision.Kind == "TRANSHIPMENT").ShouldHaveSingleItem();
        (told.DecisionKey, told.Source.Event.Container, told.Source.Event.Vehicle, told.Source.Event.ObservedAt).ShouldBe(
            ("transhipment/TGHU3004410/1", "TGHU3004410", new Vehicle("UBB 114K", "UG"), At(70)));
        told.Source.Journey!.Vehicle.ShouldBe(new Vehicle("KDA 482B", "KE"), "One container is still on it.");
    }

    [Fact]
    public async Task A_container_that_goes_over_twice_is_told_twice()
    {
        await _bench.RegisterAsync(TwoContainers);
        await _bench.TakeAsync(Position(1, where: Port));

        await TransferAsync(70, Ugandan, "TGHU3004410");
        await TransferAsync(80, new VehicleItem { Plate = "UBC 200M" }, "TGHU3004410");

        _bench.Told().Where(key => key.StartsWith("transhipment", StringComparison.Ordinal)).ShouldBe(["transhipment/TGHU3004410/1", "transhipment/TGHU3004410/2"]);
    }

    [Fact]
    public async Task Once_all_containers_have_gone_over_it_is_the_vehicle_of_the_journey()
    {
        await _bench.RegisterAsync(TwoContainers);
        await _bench.TakeAsync(Position(1, where: Port));

        await TransferAsync(70, Ugandan, "TGHU3004410", "KMSU4829139");
        await _bench.TakeAsync(Position(600, where: Border));

        _bench.Store.Messages.Last(m => m.DecisionKey == "arrival").Source.Journey!.Vehicle.ShouldBe(new Vehicle("UBB 114K", "UG"));
    }

    [Fact]
    public async Task Another_vehicle_of_the_whole_journey_is_told_under_way_and_is_a_correction_of_the_papers_before()
    {
        await _bench.RegisterAsync(TwoContainers);
        await AmendAsync(1, new AmendMovementRequest { Vehicle = new VehicleItem { Plate = "KDB 100A" } });
        await _bench.TakeAsync(Position(5, where: Port));

        await AmendAsync(50, new AmendMovementRequest { Vehicle = Ugandan });

        _bench.Told().Where(key => key.StartsWith("vehicle", StringComparison.Ordinal)).ShouldBe(["vehicle-change/2"]);
        _bench.Store.Messages.Last().Source.Event.Vehicle.ShouldBe(new Vehicle("UBB 114K", "UG"));
    }

    [Fact]
    public async Task A_sealing_that_is_heard_of_late_makes_the_transfer_behind_it_known()
    {
        await _bench.RegisterAsync(TwoContainers);
        await TransferAsync(70, Ugandan, "TGHU3004410");
        _bench.Told().ShouldBeEmpty();

        await _bench.TakeAsync(Position(1, where: Port, cloudMinute: 80));

        _bench.Told().ShouldBe(["seal/episode-1", "transhipment/TGHU3004410/1"]);
    }

    public void Dispose() => _bench.Dispose();

    private Task<EntryResult> TransferAsync(double minute, VehicleItem to, params string[] containers) =>
        AmendAsync(minute, new AmendMovementRequest { Transfers = [.. containers.Select(c => new ContainerTransfer { Container = c, Vehicle = to })] });

    private Task<EntryResult> AmendAsync(double minute, AmendMovementRequest request) =>
        _bench.ActAsync(EntryKind.Amendment, Operations.AmendMovement, request with { MovementId = "J-1", Reason = "break-down" }, At(minute));
}
