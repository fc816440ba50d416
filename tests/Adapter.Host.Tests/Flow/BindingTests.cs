using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

public sealed class BindingTests : IDisposable
{
    private readonly FlowBench _bench = new();

    [Fact]
    public void A_binding_holds_from_its_start_to_just_before_its_end()
    {
        var bindings = new Bindings([new Binding(TheLock, "J-1", null, At(10), At(20)), new Binding(TheLock, "J-2", null, At(20), null)]);

        bindings.OwnerOf(TheLock, At(10).AddTicks(-1)).ShouldBeNull();
        bindings.OwnerOf(TheLock, At(10)).ShouldBe(Subject.OfJourney("J-1"));
        bindings.OwnerOf(TheLock, At(20).AddTicks(-1)).ShouldBe(Subject.OfJourney("J-1"));
        bindings.OwnerOf(TheLock, At(20)).ShouldBe(Subject.OfJourney("J-2"));
        bindings.OwnerOf(OtherLock, At(15)).ShouldBeNull();
    }

    [Fact]
    public async Task A_late_report_belongs_to_the_journey_that_had_the_lock_when_it_happened()
    {
        await _bench.RegisterAsync(Journey("J-1"), At(0));
        await _bench.CloseAsync("J-1", At(100));
        await _bench.RegisterAsync(Journey("J-2"), At(200));
        await _bench.TakeAsync(Row(50, LockEventKind.Vibration), Row(150, LockEventKind.IllegalCard), Row(250, LockEventKind.Vibration));

        _bench.Journey("J-1").Episodes.ShouldHaveSingleItem().First.At.ShouldBe(At(50));
        _bench.OfLock().Episodes.ShouldHaveSingleItem().First.At.ShouldBe(At(150));
        _bench.Journey("J-2").Episodes.ShouldHaveSingleItem().First.At.ShouldBe(At(250));
    }

    [Fact]
    public async Task A_lock_that_another_open_journey_controls_is_left_out_of_the_registration()
    {
        await _bench.RegisterAsync(Journey("J-1"));

        var result = await _bench.RegisterAsync(Journey("J-2", locks: [TheLock, OtherLock]), At(5));

        result.Accepted.ShouldBeTrue();
        result.Code.ShouldBe("lock.contended");
        result.Text.ShouldContain(TheLock.Value);
        result.Text.ShouldNotContain(OtherLock.Value);
        _bench.Journey("J-2").Journey!.Contended.ShouldBe([TheLock]);
        await _bench.TakeAsync(Row(10, LockEventKind.Vibration), Row(10, LockEventKind.Vibration, of: OtherLock));
        _bench.Journey("J-1").Episodes.ShouldHaveSingleItem().Lock.ShouldBe(TheLock);
        _bench.Journey("J-2").Episodes.ShouldHaveSingleItem().Lock.ShouldBe(OtherLock);
    }

    [Fact]
    public async Task Unsealing_at_the_destination_frees_the_lock_although_nobody_closed_the_journey()
    {
        await CompleteAsync(Journey("J-1"), TheLock);

        (await _bench.RegisterAsync(Journey("J-2"), At(700))).Code.ShouldBe("ok");
        _bench.Store.Bindings.Select(b => (b.JourneyId, b.EndsAt is null)).ShouldBe([("J-1", false), ("J-2", true)]);
    }

    [Fact]
    public async Task Unsealing_one_lock_at_the_destination_does_not_free_another_that_is_still_sealed()
    {
        await CompleteAsync(Journey("J-1", locks: [TheLock, OtherLock]), TheLock, OtherLock);

        (await _bench.RegisterAsync(Journey("J-2", locks: OtherLock), At(700))).Code.ShouldBe("lock.contended");
        (await _bench.RegisterAsync(Journey("J-3", locks: TheLock), At(701))).Code.ShouldBe("ok");
    }

    [Fact]
    public async Task Closing_a_journey_frees_its_locks()
    {
        await _bench.RegisterAsync(Journey("J-1"));

        var closed = await _bench.CloseAsync("J-1", At(10));

        closed.ShouldSatisfyAllConditions(r => r.Accepted.ShouldBeTrue(), r => r.Text.ShouldBe("Journey J-1 is closed; its locks are free."));
        JourneyStatus.Of(_bench.Journey("J-1")).ShouldBe("closed");
        (await _bench.RegisterAsync(Journey("J-2"), At(20))).Code.ShouldBe("ok");
    }

    [Fact]
    public async Task A_journey_that_is_closed_before_its_lock_was_due_leaves_the_lock_free_at_once()
    {
        await _bench.RegisterAsync(Journey("J-1", from: At(24 * 60)), At(0));
        await _bench.CloseAsync("J-1", At(10));

        (await _bench.RegisterAsync(Journey("J-2"), At(20))).Code.ShouldBe("ok");
        await _bench.TakeAsync(Row(30, LockEventKind.Vibration), Row((24 * 60) + 5, LockEventKind.Vibration));

        _bench.Journey("J-2").Episodes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_journey_planned_for_the_same_hour_as_one_that_was_called_off_gets_the_lock()
    {
        await _bench.RegisterAsync(Journey("J-1", from: At(24 * 60)), At(0));
        await _bench.CloseAsync("J-1", At(10));
        await _bench.RegisterAsync(Journey("J-2", from: At(24 * 60)), At(20));
        await _bench.TakeAsync(Row((24 * 60) + 5, LockEventKind.Vibration));

        _bench.Journey("J-2").Episodes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Closing_again_is_ok_and_closing_the_unknown_is_refused()
    {
        await _bench.RegisterAsync(Journey("J-1"));
        await _bench.CloseAsync("J-1", At(10));

        (await _bench.CloseAsync("J-1", At(20))).ShouldSatisfyAllConditions(r => r.Accepted.ShouldBeTrue(), r => r.Text.ShouldContain("closed before"));
        (await _bench.CloseAsync("J-9", At(20))).ShouldSatisfyAllConditions(r => r.Accepted.ShouldBeFalse(), r => r.Code.ShouldBe("journey.unknown"));
        _bench.Journey("J-1").Journey!.Closing!.At.ShouldBe(At(10));
    }

    [Fact]
    public async Task A_late_report_does_not_open_a_closed_journey_again_and_is_told()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1));
        await _bench.CloseAsync("J-1", At(100));
        _bench.Receive(Row(50, LockEventKind.RopeCut), At(200));
        await _bench.RunAsync();

        JourneyStatus.Of(_bench.Journey()).ShouldBe("closed");
        _bench.Told().ShouldBe(["seal/episode-1", "rope-cut/episode-1"]);
    }

    [Fact]
    public async Task The_same_registration_again_is_ok_and_changes_nothing()
    {
        await _bench.RegisterAsync(Journey("J-1"));
        var before = _bench.Journey();

        var again = await _bench.RegisterAsync(Journey("J-1"), At(30));

        again.ShouldSatisfyAllConditions(r => r.Accepted.ShouldBeTrue(), r => r.Code.ShouldBe("ok"));
        _bench.Journey().ShouldBe(before);
        _bench.Store.Bindings.ShouldHaveSingleItem().StartsAt.ShouldBe(At(0));
    }

    [Fact]
    public async Task Another_registration_under_the_same_id_is_refused_and_changes_nothing()
    {
        await _bench.RegisterAsync(Journey("J-1"));
        var before = _bench.Journey();

        var other = await _bench.RegisterAsync(Journey("J-1") with { Mrn = "26KE0MBA00482918J9" }, At(30));

        other.ShouldSatisfyAllConditions(r => r.Accepted.ShouldBeFalse(), r => r.Code.ShouldBe("journey.exists"));
        _bench.Journey().ShouldBe(before);
    }

    public void Dispose() => _bench.Dispose();

    /// <summary>Drives all locks to the destination and unseals the first of them there.</summary>
    private async Task CompleteAsync(JourneyRegistration journey, params LockId[] locks)
    {
        await _bench.RegisterAsync(journey);
        foreach (var @lock in locks)
        {
            await _bench.TakeAsync(Position(1, of: @lock, where: Port), Position(60, of: @lock, where: Road), Position(600, of: @lock, where: Border));
        }

        await _bench.TakeAsync(Position(630, of: locks[0], locked: false, rope: false, where: Border));
        JourneyStatus.Of(_bench.Journey(journey.JourneyId)).ShouldBe("unsealed");
    }
}
