using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Tests.Journeys;

public class CorrectionTests
{
    [Fact]
    public void A_late_position_that_moves_the_departure_beyond_the_tolerance_corrects_it()
    {
        var story = EpisodeTests.Sealed().Report(Story.Position(45, receivedMinute: 90));

        story.ToldKeys.ShouldBe(["seal/episode-1", "departure", "correct departure"]);
        story.Told[^1].Decision.Seen.At.ShouldBe(Story.Start.AddMinutes(45));
    }

    [Fact]
    public void A_late_position_that_moves_it_by_less_corrects_nothing()
    {
        EpisodeTests.Sealed().Report(Story.Position(56, receivedMinute: 90)).ToldKeys.ShouldBe(["seal/episode-1", "departure"]);
    }

    [Fact]
    public void What_turns_out_not_to_have_happened_is_withdrawn_and_what_turns_out_to_have_is_told_again()
    {
        // Sealed outside the area at first sight; then the true order of things arrives late.
        var story = new Story().Register().Report(
            Story.Event(10, LockEventKind.Seal, Story.Mombasa), Story.Position(60), Story.Position(600, Story.Malaba));
        story.ToldKeys.ShouldBe(["seal/episode-1", "departure", "arrival"]);
        var state = story.Journey();

        var withoutArrival = state with
        {
            Tracks = [.. state.Tracks.Select(t => t with { Areas = t.Areas.Where(a => a.Key != "UGMLB001").ToDictionary() })],
        };

        var outgoing = Host.Journeys.Decide.Outgoing(withoutArrival, story.Options).ShouldHaveSingleItem();
        outgoing.Corrects.ShouldBe("arrival");
        outgoing.IsWithdrawal.ShouldBeTrue();
        var withdrawn = state with { Emissions = [.. state.Emissions.Select(e => e.Key == "arrival" ? e with { Withdrawn = true } : e)] };
        var again = Host.Journeys.Decide.Outgoing(withdrawn, story.Options).ShouldHaveSingleItem();
        (again.Corrects, again.IsWithdrawal).ShouldBe(("arrival", false));
    }

    [Theory]
    [InlineData(FixKind.Approximate)]
    [InlineData(FixKind.None)]
    public void Only_a_satellite_fix_moves_a_truck(FixKind fix)
    {
        var story = new Story().Register().Report([.. Story.Clean().Take(4)]).Report(Story.Position(60, fix: fix));

        story.ToldKeys.ShouldBe(["seal/episode-1"]);
    }

    [Fact]
    public void A_position_whose_time_is_a_guess_moves_no_truck()
    {
        var story = new Story().Register().Report([.. Story.Clean().Take(4)]);

        story.Report(Story.Position(60) with { DeviceTime = null });

        story.ToldKeys.ShouldBe(["seal/episode-1"]);
    }
}
