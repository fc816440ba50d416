using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

/// <summary>Sealed locks that move on no journey.</summary>
public sealed class UnownedTripTests : IDisposable
{
    private static readonly GeoPoint Nearby = new(-4.040, 39.633);
    private readonly FlowBench _bench = new();

    private Finding Only => _bench.OfLock().Findings.ShouldHaveSingleItem();

    [Fact]
    public async Task A_sealed_lock_that_moves_on_no_journey_is_found_and_told_to_those_who_take_alarms_of_such_locks()
    {
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road), Position(120, where: Border));

        (Only.Code, Only.Severity, Only.State).ShouldBe(("movement.without-journey", Severity.Warning, FindingState.Open));
        Only.Text.ShouldStartWith("Lock 8022300001 is sealed and on no journey, but moved ");
        _bench.Store.Messages.Where(m => m.Decision.Kind == "UNAUTHORISED_TRIP").ShouldHaveSingleItem().Destination.Name.ShouldBe("transportation");
        JourneyStatus.Of(_bench.OfLock()).ShouldBe("suspicious");
    }

    [Fact]
    public async Task An_open_lock_and_one_that_stays_are_not_found()
    {
        await _bench.TakeAsync(Position(1, locked: false, where: Port), Position(60, locked: false, where: Border));
        await _bench.TakeAsync(Position(70, of: OtherLock, where: Port), Position(80, of: OtherLock, where: Nearby));
        // Each sealing is a trip of its own: carried open in between.
        await _bench.TakeAsync(Position(90, of: OtherLock, locked: false, where: Port), Position(100, of: OtherLock, where: Border));

        _bench.OfLock().Findings.ShouldBeEmpty();
        _bench.OfLock(OtherLock).Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_place_that_is_a_guess_moves_nothing()
    {
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Border, fix: FixKind.Approximate), Position(61, where: null, fix: FixKind.None));

        _bench.OfLock().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_journey_that_is_registered_later_explains_it_and_takes_it_back()
    {
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road));

        await _bench.RegisterAsync(Journey(), At(70));

        (Only.State, Only.Text.EndsWith("Explained by late data.", StringComparison.Ordinal)).ShouldBe((FindingState.Explained, true));
        _bench.Store.Messages.Last(m => m.Decision.Kind == "UNAUTHORISED_TRIP").Source.Message.IsWithdrawal.ShouldBeTrue();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_heard_only_later_of_the_time_before_its_journey_is_no_trip_of_its_own(bool wasHeardOfBefore)
    {
        await _bench.TakeAsync(wasHeardOfBefore ? [Position(0, locked: false, rope: false, where: Port)] : []);
        await _bench.RegisterAsync(Journey(), At(70));

        await _bench.TakeAsync(Position(20, where: Port, cloudMinute: 75), Position(60, where: Road, cloudMinute: 75), Position(80, where: Road));

        _bench.OfLock().Findings.ShouldBeEmpty();
        _bench.Journey().Tracks.ShouldHaveSingleItem().Latest!.At.ShouldBe(At(80));
    }

    [Fact]
    public async Task After_its_journey_a_lock_begins_anew()
    {
        await _bench.TakeAsync(Position(1, where: Port));
        await _bench.RegisterAsync(Journey(), At(2));
        await _bench.TakeAsync(Position(60, where: Road), Position(600, where: Border));
        await _bench.CloseAsync("J-1", At(610));

        await _bench.TakeAsync(Position(620, where: Border), Position(630, where: Border));

        _bench.OfLock().Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Dismissed", "idle")]
    [InlineData("Confirmed", "suspicious")]
    public async Task A_person_s_word_on_it_stands_while_it_goes_on(string word, string status)
    {
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road));

        (await _bench.JudgeLockAsync(Only.Key, Enum.Parse<FindingVerdict>(word))).Code.ShouldBe("ok");
        await _bench.TakeAsync(Position(120, where: Border));

        Only.State.ToString().ShouldBe(word);
        JourneyStatus.Of(_bench.OfLock()).ShouldBe(status);
    }

    [Fact]
    public async Task Places_in_any_order_give_the_same_finding()
    {
        LockReport[] reports = [Position(1, where: Port), Position(60, where: Road), Position(120, where: Border)];
        await _bench.TakeAsync(reports);
        using var other = new FlowBench();
        await other.TakeAsync(reports.Reverse());

        other.OfLock().Findings.ShouldHaveSingleItem().Text.ShouldBe(Only.Text);
        other.OfLock().Findings[0].Lasting.ShouldBe(Only.Lasting);
    }

    public void Dispose() => _bench.Dispose();
}
