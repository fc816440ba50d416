using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;

namespace Adapter.Host.Tests.Journeys;

/// <summary>What an amendment makes of a registration, and why one does not fit. Binding and freeing of locks: MovementTests.</summary>
public class AmendTests
{
    private const string First = "KMSU4829131";
    private const string Second = "TCLU7265190";
    private static readonly DateTimeOffset At = Story.Start.AddMinutes(60);
    private static readonly LockId OtherLock = LockId.Parse("8022300002");
    private static readonly Vehicle Truck = new("KDA 482B", "KE");

    private static readonly RegisteredJourney Journey = new(
        Story.Registration(from: Story.Start) with
        {
            ManifestNumber = "MAN-7",
            DriverReference = "D-11",
            Vehicle = Truck,
            Containers = [new Container(First, []), new Container(Second, [])],
            Locks = [new LockAssignment(Story.Lock, First, Story.Start), new LockAssignment(OtherLock, Second, From: null)],
        },
        Story.Start, "alice", Entry: 1, Contended: [], Closing: null);

    [Fact]
    public void Papers_and_driver_are_replaced_and_the_change_names_both_values()
    {
        var amended = Amend(new AmendMovementRequest { Mrn = "26KE0MBA00482918J9", ManifestNumber = "MAN-8", DriverReference = "D-12" });

        (amended.Registration.Mrn, amended.Registration.ManifestNumber, amended.Registration.DriverReference).ShouldBe(("26KE0MBA00482918J9", "MAN-8", "D-12"));
        amended.Changes.ShouldBe(["MRN is 26KE0MBA00482918J9 instead of 26KE0MBA00482917J1.", "Manifest is MAN-8 instead of MAN-7.", "Driver is D-12 instead of D-11."]);
    }

    [Fact]
    public void What_is_as_it_was_is_no_change()
    {
        var amended = Amend(new AmendMovementRequest { Mrn = Journey.Registration.Mrn, ManifestNumber = "MAN-7", DriverReference = "D-11", Regime = Regime.Transit, Vehicle = new VehicleItem { Plate = Truck.Plate } });

        amended.Registration.ShouldBe(Journey.Registration);
        amended.Changes.ShouldBeEmpty();
        amended.Vehicles.ShouldBeEmpty();
    }

    [Fact]
    public void A_container_is_removed_with_the_vehicle_that_carried_it()
    {
        var transferred = Journey with { CarriedBy = new Dictionary<string, Vehicle> { [First] = new("KCX 117Z", "KE") } };

        var amended = Amend(new AmendMovementRequest { RemoveContainers = [First], RemoveLocks = [Story.Lock.Value] }, transferred);

        amended.Problems.ShouldBeEmpty();
        amended.Registration.Containers.ShouldHaveSingleItem().Number.ShouldBe(Second);
        amended.CarriedBy.ShouldBeEmpty();
        amended.Changes.ShouldContain($"Container {First} was removed.");
    }

    [Fact]
    public void A_container_is_added_once()
    {
        var amended = Amend(new AmendMovementRequest { AddContainers = [new ContainerItem { Number = "MSCU1234566" }] });

        amended.Registration.Containers.Select(c => c.Number).ShouldBe([First, Second, "MSCU1234566"]);
        Amend(new AmendMovementRequest { AddContainers = [new ContainerItem { Number = First }] }).Problems.ShouldBe([$"container {First} is among those of this journey already"]);
    }

    [Fact]
    public void A_lock_in_the_place_of_another_keeps_its_container_and_begins_when_it_is_named()
    {
        var amended = Amend(new AmendMovementRequest { ReplaceLocks = [new LockReplacement { Old = Story.Lock.Value, New = "8022300003" }] });

        amended.Registration.Locks[0].ShouldBe(new LockAssignment(LockId.Parse("8022300003"), First, From: null));
    }

    [Fact]
    public void A_removed_lock_is_named_no_more_and_the_others_stay()
    {
        var amended = Amend(new AmendMovementRequest { RemoveLocks = [Story.Lock.Value] });

        amended.Registration.Locks.ShouldHaveSingleItem().Lock.ShouldBe(OtherLock);
        amended.Changes.ShouldBe([$"Lock {Story.Lock} was removed."]);
    }

    [Fact]
    public void A_lock_of_the_journey_is_neither_added_again_nor_put_in_the_place_of_another()
    {
        Amend(new AmendMovementRequest { AddLocks = [new LockItem { Number = OtherLock.Value }] }).Problems.ShouldBe([$"lock {OtherLock} is among those of this journey already"]);
        Amend(new AmendMovementRequest { ReplaceLocks = [new LockReplacement { Old = Story.Lock.Value, New = OtherLock.Value }] }).Problems.ShouldBe([$"lock {OtherLock} is among those of this journey already"]);
    }

    [Fact]
    public void A_journey_is_suspended_once_and_resumed_once()
    {
        var suspended = Amend(new AmendMovementRequest { Change = MovementChange.Suspend });

        suspended.SuspendedAt.ShouldBe(At);
        Amend(new AmendMovementRequest { Change = MovementChange.Suspend }, Journey with { SuspendedAt = Story.Start }).Problems.ShouldBe(["the journey is suspended already"]);
        Amend(new AmendMovementRequest { Change = MovementChange.Resume }, Journey with { SuspendedAt = Story.Start }).SuspendedAt.ShouldBeNull();
        Amend(new AmendMovementRequest { Change = MovementChange.Resume }).Problems.ShouldBe(["the journey is not suspended"]);
    }

    [Fact]
    public void What_no_registration_may_be_no_amendment_makes() =>
        Amend(new AmendMovementRequest { RemoveContainers = [First] }).Problems.ShouldHaveSingleItem().ShouldStartWith($"locks[0].container: '{First}' is not among the containers");

    private static AmendedJourney Amend(AmendMovementRequest asked, RegisteredJourney? journey = null) => Adapter.Host.Journeys.Amend.Apply(journey ?? Journey, asked, At);
}
