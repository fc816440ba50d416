using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Verification;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

/// <summary>Sealing and unsealing as customs mean it, made of what locks report and what was ordered.</summary>
public sealed class SealingTests : IDisposable
{
    private static readonly VerificationOptions Options = new();
    private readonly FlowBench _bench = new();

    private IEnumerable<string> Unordered => new UnsealingAuthority(Options).Check(_bench.Journey()).Select(c => c.Key);

    [Fact]
    public async Task A_lock_is_armed_by_rope_motor_and_its_own_report_together_once_and_for_the_journey_that_has_it()
    {
        await _bench.RegisterAsync(Journey());
        // The rope alone, with the motor open, seals nothing; nor does the motor without its rope.
        await _bench.TakeAsync(Position(1, locked: false, rope: true, where: Port), Position(2, locked: true, rope: false, where: Port));
        Milestones.Sealed(_bench.Journey()).State.ShouldBe(MilestoneState.Open);

        await _bench.TakeAsync(Row(5, LockEventKind.Seal), Position(6, where: Port), Position(10, where: Port));

        _bench.Told().ShouldBe(["seal/episode-1"]);
        Milestones.Sealed(_bench.Journey()).Earliest!.At.ShouldBe(At(5));
    }

    [Theory]
    [InlineData(59)]
    [InlineData(40)]
    public async Task A_lock_that_closes_again_because_its_rope_was_not_pulled_was_opened_and_is_sealed(double lastSeenSealed)
    {
        await UnderWayAsync();
        await _bench.TakeAsync(Position(lastSeenSealed, where: Road));

        // It opens, nobody pulls the rope, and it closes by itself twenty seconds later.
        await _bench.TakeAsync(Row(60, LockEventKind.Unseal), Row(60.33, LockEventKind.Seal), Position(65, where: Road), Position(600, where: Border), Position(601, where: Border));

        _bench.Told().Where(key => key.Contains("seal", StringComparison.Ordinal)).ShouldBe(["seal/episode-1", "unseal/episode-1", "seal/episode-2"]);
        Unordered.ShouldBe(["unseal/episode-1"]);
        new SealedAtArrival(Options).Check(_bench.Journey()).ShouldBeEmpty("it came sealed");
        JourneyStatus.Of(_bench.Journey()).ShouldBe("arrived");
    }

    [Fact]
    public async Task An_order_is_matched_with_the_locks_own_report_and_covers_the_closing_and_a_second_try()
    {
        await UnderWayAsync();
        await _bench.ActAsync(EntryKind.UnsealOrder, Operations.AuthoriseUnseal, new AuthoriseUnsealRequest
        {
            MovementId = "J-1",
            OrderId = "O-1",
            Officer = "7",
            Purpose = UnsealPurpose.Examination,
            Locks = [TheLock.Value],
            From = At(55),
            Until = At(70),
        }, At(56));

        await _bench.TakeAsync(Row(60, LockEventKind.Unseal), Row(60.33, LockEventKind.Seal), Row(63, LockEventKind.Unseal), Position(66, locked: false, rope: false, where: Road), Row(69, LockEventKind.Seal));
        Unordered.ShouldBeEmpty();

        await _bench.TakeAsync(Row(71, LockEventKind.Unseal));
        Unordered.ShouldBe(["unseal/episode-3"]);
    }

    [Fact]
    public async Task A_refusal_is_told_as_an_alarm_and_opens_nothing()
    {
        await UnderWayAsync();

        await _bench.TakeAsync(Row(60, LockEventKind.UnsealRefused), Position(61, where: Road));

        _bench.Store.Messages.Last(m => m.Destination.Name == "manifest").Decision.ShouldSatisfyAllConditions(told => told.Kind.ShouldBe("UNSEAL_REFUSED"), told => told.IsAlarm.ShouldBeTrue());
        _bench.Journey().Episodes.ShouldNotContain(e => e.Kind == LockEventKind.Unseal);
        Unordered.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_opening_outside_the_zone_is_found_and_one_that_an_order_allows_there_is_not()
    {
        await UnderWayAsync();
        await _bench.TakeAsync(Position(60, locked: false, rope: false, where: Road));
        new UnsealedAtDestination(Options).Check(_bench.Journey()).ShouldHaveSingleItem();

        await _bench.ActAsync(EntryKind.UnsealOrder, Operations.AuthoriseUnseal, new AuthoriseUnsealRequest
        {
            MovementId = "J-1",
            OrderId = "O-1",
            Officer = "7",
            Purpose = UnsealPurpose.Examination,
            From = At(50),
            Until = At(90),
            Latitude = Road.Latitude,
            Longitude = Road.Longitude,
            RadiusMetres = 1000,
        }, At(61));

        new UnsealedAtDestination(Options).Check(_bench.Journey()).ShouldBeEmpty();
        Unordered.ShouldBeEmpty();
    }

    public void Dispose() => _bench.Dispose();

    private async Task UnderWayAsync()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port), Position(30, where: Road));
    }
}
