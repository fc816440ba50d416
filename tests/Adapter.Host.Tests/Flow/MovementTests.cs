using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

public sealed class MovementTests : IDisposable
{
    private static readonly LockId ThirdLock = LockId.Parse("8022300003");
    private readonly FlowBench _bench = new();

    [Fact]
    public async Task Departure_is_one_sided_until_the_lock_and_the_gate_agree()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port));

        await ConfirmDepartureAsync(Observer.Gate, 29);
        var oneSided = Milestones.Departed(_bench.Journey());
        await _bench.TakeAsync(Position(30, where: Road));
        var both = Milestones.Departed(_bench.Journey());

        oneSided.State.ShouldBe(MilestoneState.OneSided);
        oneSided.Evidence.Keys.ShouldBe([Side.Gate]);
        both.State.ShouldBe(MilestoneState.Confirmed);
        both.Evidence[Side.Lock].At.ShouldBe(At(30));
        _bench.Told().Count(key => key == "departure").ShouldBe(1);
    }

    [Fact]
    public async Task Sides_that_are_far_apart_contradict_each_other()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port), Position(30, where: Road));

        await ConfirmDepartureAsync(Observer.Office, 400);

        Milestones.Departed(_bench.Journey()).State.ShouldBe(MilestoneState.Contradicted);
    }

    [Fact]
    public async Task An_arrival_is_known_from_the_office_alone_when_the_lock_is_silent()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port), Position(30, where: Road));

        await _bench.ActAsync(EntryKind.Observation, Operations.ConfirmArrival, new ConfirmArrivalRequest { MovementId = "J-1", Observer = Observer.Office, At = At(600), Office = "UGMLB001" }, At(601));

        JourneyStatus.Of(_bench.Journey()).ShouldBe("arrived");
        _bench.Told().ShouldContain("arrival");
        _bench.Store.Messages.Last().Source.Event.Lock.ShouldBeNull();
    }

    [Fact]
    public async Task The_same_word_twice_has_no_second_effect()
    {
        await _bench.RegisterAsync(Journey());

        await ConfirmDepartureAsync(Observer.Gate, 29, new SeenCargo { VehiclePlate = "KDA 482B" });
        await ConfirmDepartureAsync(Observer.Gate, 29, new SeenCargo { VehiclePlate = "KDA 482B" });

        _bench.Journey().Assertions.Count.ShouldBe(1);
        _bench.Journey().Observations.ShouldHaveSingleItem().VehiclePlate.ShouldBe("KDA 482B");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_manifest_finds_its_journey_whichever_comes_first(bool manifestFirst)
    {
        var manifest = new RegisterManifestRequest { ManifestNumber = "MAN-7", Containers = [new ContainerItem { Number = "KMSU4829139", Seals = ["KE0482913"], PackageCount = 40 }] };
        if (manifestFirst)
        {
            await _bench.ActAsync(EntryKind.Document, Operations.RegisterManifest, manifest, At(0));
        }

        await _bench.RegisterAsync(Journey() with { ManifestNumber = "MAN-7" }, At(1));
        if (!manifestFirst)
        {
            await _bench.ActAsync(EntryKind.Document, Operations.RegisterManifest, manifest, At(2));
        }

        var known = _bench.Journey().Manifest.ShouldNotBeNull();
        (known.Containers[0].Number, known.Containers[0].Seals[0], known.Containers[0].PackageCount).ShouldBe(("KMSU4829139", "KE0482913", 40));
    }

    [Fact]
    public async Task A_lock_added_midway_reports_for_the_journey_from_then_on()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(5, of: OtherLock, where: Road, locked: false, rope: false));

        await AmendAsync(10, new AmendMovementRequest { AddLocks = [new LockItem { Number = OtherLock.Value, Container = "KMSU4829139" }] });
        await _bench.TakeAsync(Position(20, of: OtherLock, where: Road));

        _bench.Journey().Tracks.ShouldContain(t => t.Lock == OtherLock);
        _bench.Journey().Episodes.ShouldContain(e => e.Kind == LockEventKind.Seal && e.Lock == OtherLock);
        _bench.Journey().Journey!.Amendments.ShouldHaveSingleItem().Changes.ShouldBe(["Lock 8022300002 was added."]);
    }

    [Fact]
    public async Task A_replaced_lock_reports_for_itself_again_and_can_go_on_another_journey()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port));

        await AmendAsync(30, new AmendMovementRequest { ReplaceLocks = [new LockReplacement { Old = TheLock.Value, New = ThirdLock.Value }] });
        await _bench.TakeAsync(Row(40, LockEventKind.RopeCut), Position(41, of: ThirdLock, where: Road));
        var second = await _bench.RegisterAsync(Journey("J-2"), At(60));

        _bench.Journey().Episodes.ShouldNotContain(e => e.Kind == LockEventKind.RopeCut);
        _bench.OfLock().Episodes.ShouldContain(e => e.Kind == LockEventKind.RopeCut);
        _bench.Journey().Journey!.Registration.Locks.ShouldHaveSingleItem().ShouldBe(new LockAssignment(ThirdLock, "KMSU4829139", null));
        second.Code.ShouldBe("ok");
    }

    [Fact]
    public async Task A_lock_removed_midway_is_the_journeys_up_to_then_and_silent_or_open_it_troubles_nobody_any_more()
    {
        await _bench.RegisterAsync(Journey(locks: [TheLock, OtherLock]) with { TimeLimit = At(2000) });
        await _bench.TakeAsync(Position(1, where: Port), Position(1, of: OtherLock, where: Port), Position(60, where: Road), Position(60, of: OtherLock, where: Road));

        await AmendAsync(70, new AmendMovementRequest { RemoveLocks = [OtherLock.Value] });
        // A report from before that comes late belongs to the journey, one from after it does not.
        await _bench.TakeAsync(Row(65, LockEventKind.CoverOpen, of: OtherLock), Row(80, LockEventKind.RopeCut, of: OtherLock), Position(75, where: Road));

        _bench.Journey().Episodes.Where(e => e.Lock == OtherLock).Select(e => e.Kind).ShouldBe([LockEventKind.Seal, LockEventKind.CoverOpen]);
        _bench.OfLock(OtherLock).Episodes.ShouldHaveSingleItem().Kind.ShouldBe(LockEventKind.RopeCut);
        _bench.Journey().Journey!.Amendments.ShouldHaveSingleItem().Changes.ShouldBe(["Lock 8022300002 was removed."]);
        await _bench.PassAsync(At(110));
        _bench.Journey().Findings.Where(f => f.Code == "telemetry.signal-lost").ShouldHaveSingleItem().Seen!.Lock.ShouldBe(TheLock);
    }

    [Fact]
    public async Task A_lock_of_another_open_journey_is_not_taken_by_an_amendment()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.RegisterAsync(Journey("J-2", locks: OtherLock));

        var answer = await AmendAsync(10, new AmendMovementRequest { AddLocks = [new LockItem { Number = OtherLock.Value }] });

        answer.Code.ShouldBe("lock.contended");
        _bench.Journey().Journey!.Contended.ShouldBe([OtherLock]);
        _bench.Store.Bindings.Where(b => b.Lock == OtherLock).ShouldHaveSingleItem().JourneyId.ShouldBe("J-2");
    }

    [Fact]
    public async Task A_lock_that_was_contended_is_so_no_more_once_it_is_removed()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.RegisterAsync(Journey("J-2", locks: [TheLock, OtherLock]));
        _bench.Journey("J-2").Journey!.Contended.ShouldBe([TheLock]);

        await _bench.ActAsync(EntryKind.Amendment, Operations.AmendMovement, new AmendMovementRequest { MovementId = "J-2", Reason = "mixed up", RemoveLocks = [TheLock.Value] }, At(10));

        _bench.Journey("J-2").Journey!.Contended.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_manifest_that_is_named_later_comes_with_the_amendment_and_an_older_one_never_takes_its_place()
    {
        await _bench.ActAsync(EntryKind.Document, Operations.RegisterManifest, new RegisterManifestRequest { ManifestNumber = "MAN-8", PackageCount = 40 }, At(0));
        await _bench.RegisterAsync(Journey(), At(1));
        _bench.Journey().Manifest.ShouldBeNull();

        await AmendAsync(10, new AmendMovementRequest { ManifestNumber = "MAN-8" });

        var known = _bench.Journey().Manifest.ShouldNotBeNull();
        known.PackageCount.ShouldBe(40);
        var corrected = new Adapter.Host.Journeys.Facts.JourneyFact.Documented(known with { PackageCount = 41, Entry = known.Entry + 5 }).Into(_bench.Journey());
        new Adapter.Host.Journeys.Facts.JourneyFact.Documented(known).Into(corrected).Manifest!.PackageCount.ShouldBe(41);
    }

    [Fact]
    public async Task A_third_vehicle_takes_over_a_container()
    {
        await _bench.RegisterAsync(Journey() with { Vehicle = new Vehicle("KDA 482B", "KE") });

        await AmendAsync(10, new AmendMovementRequest
        {
            AddContainers = [new ContainerItem { Number = "TGHU3004410" }],
            Transfers = [new ContainerTransfer { Container = "TGHU3004410", Vehicle = new VehicleItem { Plate = "UBB 114K", Nationality = "UG" } }],
            AddLocks = [new LockItem { Number = ThirdLock.Value, Container = "TGHU3004410" }],
        });

        var journey = _bench.Journey().Journey!;
        journey.CarriedBy["TGHU3004410"].ShouldBe(new Vehicle("UBB 114K", "UG"));
        journey.Amendments[0].Changes.ShouldBe(
            ["Container TGHU3004410 was added.", "Container TGHU3004410 goes on with UBB 114K instead of KDA 482B.", "Lock 8022300003 was added."]);
        _bench.Store.Bindings.ShouldContain(b => b.Lock == ThirdLock && b.Container == "TGHU3004410");
    }

    [Fact]
    public async Task A_diversion_moves_the_arrival_to_the_new_office()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port), Position(30, where: Road));

        await AmendAsync(40, new AmendMovementRequest { Destination = new OfficeItem { Code = "KENBO001", Latitude = -1.28, Longitude = 36.82, RadiusMetres = 3000 }, Regime = Regime.ToFreeZone });
        await _bench.TakeAsync(Position(200, where: new GeoPoint(-1.28, 36.82)));

        _bench.Store.Messages.Last(m => m.DecisionKey == "arrival").Source.Event.Office!.Code.ShouldBe("KENBO001");
        _bench.Journey().Journey!.Registration.Regime.ShouldBe(Regime.ToFreeZone);
        _bench.Journey().Journey!.ValidAt(At(39)).Destination.Code.ShouldBe("UGMLB001", "what happened before is judged by what was registered then");
    }

    [Fact]
    public async Task An_amendment_that_does_not_fit_changes_nothing_and_names_all_that_is_wrong()
    {
        await _bench.RegisterAsync(Journey());

        var answer = await AmendAsync(10, new AmendMovementRequest { RemoveLocks = ["1"], RemoveContainers = ["NOPE"], Regime = Regime.DangerousGoods });

        (answer.Accepted, answer.Code).ShouldBe((false, "amendment.does-not-fit"));
        answer.Text.ShouldBe("Journey J-1 was not amended: container NOPE is not among those of this journey; lock 1 is not among those of this journey.");
        _bench.Journey().Journey!.Registration.Regime.ShouldBe(Regime.Transit);
    }

    [Fact]
    public async Task A_cancelled_journey_frees_its_locks_and_takes_no_more_orders()
    {
        await _bench.RegisterAsync(Journey());

        await AmendAsync(10, new AmendMovementRequest { Change = MovementChange.Cancel });

        JourneyStatus.Of(_bench.Journey()).ShouldBe("cancelled");
        (await _bench.RegisterAsync(Journey("J-2"), At(11))).Code.ShouldBe("ok");
        (await AmendAsync(12, new AmendMovementRequest { Regime = Regime.ToFreeZone })).Code.ShouldBe("journey.closed");
        (await OrderAsync("O-1", 12)).Code.ShouldBe("journey.closed");
    }

    [Fact]
    public async Task A_suspended_journey_says_so_and_goes_on_when_it_is_resumed()
    {
        await _bench.RegisterAsync(Journey());

        await AmendAsync(10, new AmendMovementRequest { Change = MovementChange.Suspend });
        var between = JourneyStatus.Of(_bench.Journey());
        await AmendAsync(20, new AmendMovementRequest { Change = MovementChange.Resume });

        between.ShouldBe("suspended");
        JourneyStatus.Of(_bench.Journey()).ShouldBe("registered");
    }

    [Fact]
    public async Task An_order_again_is_the_same_order_and_another_one_needs_another_number()
    {
        await _bench.RegisterAsync(Journey());

        var first = await OrderAsync("O-1", 10);
        var again = await OrderAsync("O-1", 11);
        var other = await OrderAsync("O-1", 12, until: 900);

        (first.Code, again.Code, other.Code).ShouldBe(("ok", "ok", "order.exists"));
        _bench.Journey().Orders.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_order_is_about_locks_and_offices_of_its_journey_or_about_a_place()
    {
        await _bench.RegisterAsync(Journey());

        var ofLock = await OrderAsync("O-1", 10, change: o => o with { Locks = [TheLock.Value, OtherLock.Value] });
        var ofOffice = await OrderAsync("O-2", 10, change: o => o with { Office = "KENBO001" });
        var known = await OrderAsync("O-3", 10, change: o => o with { Locks = [TheLock.Value], Office = "UGMLB001" });
        var place = await OrderAsync("O-4", 10, change: o => o with { Latitude = -1.3, Longitude = 36.8 });

        ofLock.ShouldSatisfyAllConditions(a => a.Code.ShouldBe("order.does-not-fit"), a => a.Text.ShouldContain("lock 8022300002"));
        ofOffice.ShouldSatisfyAllConditions(a => a.Code.ShouldBe("order.does-not-fit"), a => a.Text.ShouldContain("office KENBO001"));
        (known.Code, place.Code).ShouldBe(("ok", "ok"));
        _bench.Journey().Orders.Select(o => o.Id).ShouldBe(["O-3", "O-4"]);
    }

    public void Dispose() => _bench.Dispose();

    private Task<EntryResult> ConfirmDepartureAsync(Observer observer, double minute, SeenCargo? seen = null) => _bench.ActAsync(
        EntryKind.Observation, Operations.ConfirmDeparture,
        new ConfirmDepartureRequest { MovementId = "J-1", Observer = observer, At = At(minute), Office = "KEMBA001", Seen = seen }, At(minute));

    private Task<EntryResult> AmendAsync(double minute, AmendMovementRequest request) =>
        _bench.ActAsync(EntryKind.Amendment, Operations.AmendMovement, request with { MovementId = "J-1", Reason = "ordered" }, At(minute));

    private Task<EntryResult> OrderAsync(string id, double minute, double until = 600, Func<AuthoriseUnsealRequest, AuthoriseUnsealRequest>? change = null)
    {
        var order = new AuthoriseUnsealRequest { MovementId = "J-1", OrderId = id, Officer = "7781", Purpose = UnsealPurpose.Examination, Until = At(until) };
        return _bench.ActAsync(EntryKind.UnsealOrder, Operations.AuthoriseUnseal, change?.Invoke(order) ?? order, At(minute));
    }
}
