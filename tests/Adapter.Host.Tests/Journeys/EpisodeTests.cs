using Adapter.Contracts.Telemetry;

namespace Adapter.Host.Tests.Journeys;

public class EpisodeTests
{
    [Fact]
    public void A_clean_journey_is_told_in_five_words()
    {
        var story = new Story().Register().Report([.. Story.Clean()]);

        story.ToldKeys.ShouldBe(["seal/episode-1", "departure", "arrival", "unseal/episode-1"]);
        story.Told.Select(t => t.Decision.Seen.At).ShouldBe([Minute(10), Minute(60), Minute(600), Minute(620)]);
    }

    [Fact]
    public void One_rope_cut_told_in_three_ways_is_one_episode_with_all_the_evidence()
    {
        var story = Sealed().Report(
            Story.Event(200, LockEventKind.RopeCut), Story.Position(200.5, rope: false), Story.Event(201, LockEventKind.RopeCut), Story.Position(210, rope: false));

        story.ToldKeys.ShouldBe(["seal/episode-1", "departure", "rope-cut/episode-1"]);
        story.Journey().Episodes.Single(e => e.Kind == LockEventKind.RopeCut).Evidence.Count.ShouldBe(3);
    }

    [Fact]
    public void A_cut_seen_in_a_position_is_told_without_the_alarm_that_was_lost()
    {
        var story = Sealed().Report(Story.Position(200, rope: false));

        story.ToldKeys.Last().ShouldBe("rope-cut/episode-1");
        story.Told[^1].Decision.IsAlarm.ShouldBeTrue();
    }

    [Fact]
    public void A_second_cut_after_the_rope_was_back_is_a_second_episode()
    {
        var story = Sealed().Report(Story.Position(200, rope: false), Story.Position(230), Story.Position(400, rope: false));

        story.ToldKeys.Skip(2).ShouldBe(["rope-cut/episode-1", "rope-cut/episode-2"]);
    }

    [Theory]
    [InlineData(119, 1)]
    [InlineData(120, 1)]
    [InlineData(121, 2)]
    public void Moments_belong_together_within_the_window(int secondsApart, int episodes)
    {
        var story = Sealed().Report(Story.Event(200, LockEventKind.IllegalCard), Story.Event(200 + (secondsApart / 60.0), LockEventKind.IllegalCard));

        story.ToldKeys.Count(key => key.StartsWith("illegal-card", StringComparison.Ordinal)).ShouldBe(episodes);
    }

    [Fact]
    public void The_locks_own_message_that_comes_after_the_positions_joins_their_episode()
    {
        var story = new Story().Register().Report(
            Story.Position(0, Story.Mombasa, locked: false, rope: false), Story.Position(12, Story.Mombasa));

        story.Report(Story.Event(5, LockEventKind.Seal, Story.Mombasa, receivedMinute: 40));

        story.Journey().Episodes.Count.ShouldBe(1);
        // Seven minutes earlier than told: that is a correction, not a second sealing.
        story.ToldKeys.ShouldBe(["seal/episode-1", "correct seal/episode-1"]);
    }

    [Fact]
    public void A_lock_in_storage_that_is_locked_without_its_rope_raises_nothing()
    {
        var story = new Story().Register().Report(Story.Position(0, Story.Mombasa, locked: true, rope: false), Story.Position(30, Story.Mombasa, locked: true, rope: false));

        story.Told.ShouldBeEmpty();
    }

    [Fact]
    public void An_open_lock_that_was_never_sealed_has_not_been_unsealed()
    {
        var story = new Story().Register().Report(Story.Position(0, Story.Mombasa, locked: false, rope: false));

        story.Told.ShouldBeEmpty();
    }

    [Fact]
    public void The_same_reports_again_change_nothing()
    {
        var story = new Story().Register().Report([.. Story.Clean()]);
        var told = story.ToldKeys.ToList();

        story.Report([.. Story.Clean()]);

        story.ToldKeys.ShouldBe(told);
    }

    [Fact]
    public void Last_in_first_out_tells_the_same_events_as_in_order()
    {
        var inOrder = new Story().Register().Report([.. Story.Clean()]);
        var reversed = new Story().Register().Enter([.. Story.Clean().Reverse().Select(r => new Story().Entry(r))]);

        reversed.Told.Where(t => t.Corrects is null).Select(t => t.Decision.Key).Order()
            .ShouldBe(inOrder.Told.Select(t => t.Decision.Key).Order());
    }

    /// <summary>Each is judged by what came before it in time, not by what had been received.</summary>
    [Theory]
    [InlineData(0, 1, 2, 3, 4)]
    [InlineData(0, 1, 2, 4, 3)]
    [InlineData(4, 3, 2, 1, 0)]
    public void A_second_alarm_while_the_rope_is_out_is_a_second_episode_whatever_was_received_before_it(params int[] received)
    {
        LockReport[] reports =
        [
            Story.Event(100, LockEventKind.RopeCut), Story.Position(101, rope: false), Story.Position(130, rope: false), Story.Event(200, LockEventKind.RopeCut), Story.Position(260, rope: false),
        ];

        var story = Sealed().Report([.. received.Select(i => reports[i])]);

        story.Journey().Episodes.Where(e => e.Kind == LockEventKind.RopeCut).Select(e => e.First.At).Order().ShouldBe([Minute(100), Minute(200)]);
    }

    [Fact]
    public void A_cut_that_only_a_state_told_of_is_taken_back_when_the_lock_turns_out_to_have_been_open()
    {
        var story = Sealed().Report(Story.Position(200, rope: false));

        story.Report(Story.Position(150, locked: false), Story.Position(160, rope: false));

        story.ToldKeys.ShouldContain("withdraw rope-cut/episode-1");
        story.Journey().Episodes.ShouldNotContain(e => e.Kind == LockEventKind.RopeCut);
        story.Journey().TakenBack.ShouldHaveSingleItem().Key.ShouldBe("rope-cut/episode-1");
    }

    [Fact]
    public void What_was_taken_back_and_turns_out_true_comes_again_under_its_number()
    {
        var story = Sealed().Report(Story.Position(200, rope: false)).Report(Story.Position(150, locked: false), Story.Position(160, rope: false));

        story.Report(Story.Event(155, LockEventKind.Seal));

        story.ToldKeys.Where(key => key.Contains("rope-cut", StringComparison.Ordinal)).ShouldBe(["rope-cut/episode-1", "withdraw rope-cut/episode-1", "correct rope-cut/episode-1"]);
        story.Journey().TakenBack.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_lock_itself_told_of_is_never_taken_back()
    {
        var story = Sealed().Report(Story.Event(199, LockEventKind.RopeCut), Story.Position(200, rope: false));

        story.Report(Story.Position(150, locked: false), Story.Position(160, rope: false));

        story.ToldKeys.ShouldNotContain(key => key.StartsWith("withdraw", StringComparison.Ordinal));
        story.Journey().Episodes.ShouldContain(e => e.Kind == LockEventKind.RopeCut);
    }

    /// <summary>Two alarms that a third shows to be of one thing: both were told, and both stay.</summary>
    [Fact]
    public void Two_alarms_that_a_late_one_joins_both_stay()
    {
        var story = Sealed().Report(Story.Event(200, LockEventKind.IllegalCard), Story.Event(203, LockEventKind.IllegalCard), Story.Event(201.5, LockEventKind.IllegalCard));

        story.ToldKeys.Where(key => key.Contains("illegal-card", StringComparison.Ordinal)).ShouldBe(["illegal-card/episode-1", "illegal-card/episode-2"]);
    }

    internal static Story Sealed() => new Story().Register().Report([.. Story.Clean().Take(5)]);

    private static DateTimeOffset Minute(double minute) => Story.Start.AddMinutes(minute);
}
