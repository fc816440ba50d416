using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

public sealed class CorrectionTests : IDisposable
{
    private readonly FlowBench _bench = new();

    [Fact]
    public async Task A_time_that_moves_beyond_the_tolerance_is_corrected_once_with_reference_to_the_first_message()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(20), Position(14), Position(14.5), Position(21));

        _bench.Told().ShouldBe(["seal/episode-1", "seal/episode-1/correction-1"]);
        var correction = _bench.Store.Messages.Last(m => m.Destination.Name == "manifest");
        correction.Corrects.ShouldBe(MessageId.Of("manifest", Subject.OfJourney("J-1"), "seal/episode-1", 1));
        correction.Source.Event.ObservedAt.ShouldBe(At(14));
        correction.Source.Message.IsWithdrawal.ShouldBeFalse();
        correction.Number.ShouldBe(2);
    }

    [Fact]
    public async Task A_time_that_moves_within_the_tolerance_is_not_worth_a_message()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(20), Position(15));

        _bench.Told().ShouldBe(["seal/episode-1"]);
    }

    [Fact]
    public async Task The_tolerance_counts_from_what_was_last_told()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(20), Position(14), Position(10), Position(8));

        _bench.Told().ShouldBe(["seal/episode-1", "seal/episode-1/correction-1", "seal/episode-1/correction-2"]);
        _bench.Store.Messages.Where(m => m.Corrects is not null).Select(m => m.Corrects).Distinct().Count().ShouldBe(2, "each destination's corrections refer to its first message");
    }

    [Fact]
    public async Task A_decision_that_vanishes_is_withdrawn_once_and_told_again_as_a_correction_when_it_returns()
    {
        // Both offices in one harbour: while departure is unseen, standing in the destination's area counts as arrival.
        await _bench.RegisterAsync(Journey() with { Destination = new Office("KEMBA002", null, "KE", Port, 2000) });
        await _bench.TakeAsync(Position(1, where: Port));
        _bench.Told().ShouldBe(["seal/episode-1", "arrival"]);

        await _bench.TakeAsync(Position(40, where: Road), Position(50, where: Road));
        _bench.Told().Skip(2).ShouldBe(["-arrival/correction-1", "departure"]);
        _bench.Store.Messages.Single(m => m is { DecisionKey: "arrival/correction-1", Destination.Name: "manifest" }).Corrects
            .ShouldBe(MessageId.Of("manifest", Subject.OfJourney("J-1"), "arrival", 1));

        await _bench.TakeAsync(Position(80, where: Port), Position(90, where: Port));
        _bench.Told().Skip(4).ShouldBe(["arrival/correction-2"]);
        _bench.Journey().Emissions.Single(e => e.Key == "arrival").ShouldSatisfyAllConditions(
            e => e.Withdrawn.ShouldBeFalse(), e => e.At.ShouldBe(At(80)), e => e.Corrections.ShouldBe(2));
    }

    [Fact]
    public async Task A_correction_goes_only_to_those_who_were_told()
    {
        _bench.Destinations[1] = _bench.Destinations[1] with { Subscribes = ["DEPARTURE"] };
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(20));
        _bench.Destinations[1] = _bench.Destinations[1] with { Subscribes = ["*"] };
        _bench.Destinations.Add(FlowBench.Receiver("newcomer"));

        await _bench.TakeAsync(Position(10));

        _bench.Told("manifest").ShouldBe(["seal/episode-1", "seal/episode-1/correction-1"]);
        _bench.Told("transportation").ShouldBeEmpty();
        _bench.Told("newcomer").ShouldBeEmpty();
    }

    [Fact]
    public async Task Corrections_take_the_next_numbers_of_the_lane()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(20, where: Port), Position(60, where: Road), Position(10, where: Port), Position(50, where: Road));

        _bench.Store.Messages.Where(m => m.Destination.Name == "manifest").Select(m => (m.Number, m.DecisionKey)).ShouldBe([
            (1, "seal/episode-1"), (2, "departure"), (3, "seal/episode-1/correction-1"), (4, "departure/correction-1")]);
    }

    public void Dispose() => _bench.Dispose();
}
