using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;

namespace Adapter.Host.Tests.Journeys;

public class ForgettingTests
{
    [Fact]
    public void A_number_is_never_used_again_when_old_episodes_of_a_lock_are_forgotten()
    {
        var story = new Story().Report(Story.Event(0, LockEventKind.RopeCut));
        for (var i = 0; i < 201; i++)
        {
            story.Report(Story.Event(100 + (i * 10), LockEventKind.IllegalCard));
        }

        story.Report(Story.Event(4000, LockEventKind.RopeCut));

        story.ToldKeys.Where(key => key.Contains("rope-cut", StringComparison.Ordinal)).ShouldBe(["rope-cut/episode-1", "rope-cut/episode-2"]);
        story.OfLock()!.Episodes.Count.ShouldBe(200);
        story.OfLock()!.Emissions.Count.ShouldBeLessThanOrEqualTo(201);
    }

    [Fact]
    public void A_rope_seen_out_becomes_a_cut_once_the_sealing_before_it_is_known()
    {
        var story = new Story().Register().Report(Story.Position(200, rope: false));
        story.Told.ShouldBeEmpty();

        story.Report(Story.Position(100));

        story.ToldKeys.ShouldContain("rope-cut/episode-1");
        story.Journey().Episodes.Single(e => e.Kind == LockEventKind.RopeCut).First.At.ShouldBe(Story.Start.AddMinutes(200));
    }

    [Fact]
    public void An_alarm_that_is_repeated_all_day_begins_where_it_began()
    {
        var story = EpisodeTests.Sealed();
        for (var i = 0; i < 300; i++)
        {
            story.Report(Story.Event(200 + i, LockEventKind.LowBattery));
        }

        var low = story.Journey().Episodes.Where(e => e.Kind == LockEventKind.LowBattery).ShouldHaveSingleItem();
        (low.First.At, low.Last.At).ShouldBe((Story.Start.AddMinutes(200), Story.Start.AddMinutes(499)));
        story.Journey().TrackOf(Story.Lock, null).Tellings.Count.ShouldBe(200);
        story.ToldKeys.Count(key => key.Contains("low-battery", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void What_a_lock_was_seen_to_do_before_what_is_remembered_is_not_told_again()
    {
        var story = new Story().Report(Story.Position(0), Story.Position(5, rope: false), Story.Position(10));
        for (var i = 0; i < 250; i++)
        {
            story.Report(Story.Event(100 + (i * 10), LockEventKind.IllegalCard));
        }

        story.Report(Story.Position(4000));

        story.ToldKeys.Where(key => !key.Contains("illegal-card", StringComparison.Ordinal)).ShouldBe(["seal/episode-1", "rope-cut/episode-1"]);
    }

    [Fact]
    public void A_rope_that_jitters_all_day_takes_nothing_back()
    {
        var story = EpisodeTests.Sealed();
        for (var i = 0; i < 600; i++)
        {
            story.Report(Story.Position(200 + (i * 5), rope: i % 2 == 0));
        }

        story.ToldKeys.Count(key => key.StartsWith("rope-cut", StringComparison.Ordinal)).ShouldBe(300);
        story.ToldKeys.ShouldNotContain(key => key.Contains(' '));
    }

    /// <summary>Stores hold states of a program that kept no words of locks: an alarm, and minutes later the positions that showed it.</summary>
    [Fact]
    public void What_was_told_before_words_were_kept_is_not_told_again_nor_moved()
    {
        var story = EpisodeTests.Sealed().Report(Story.Event(200, LockEventKind.RopeCut), Story.Position(215, rope: false));
        story.Change(state => state with { Tracks = [.. state.Tracks.Select(track => track with { Tellings = [], Heard = Heard.Nothing })] });

        story.Report(Story.Position(230, rope: false), Story.Position(245));

        story.ToldKeys.Where(key => key.Contains("rope-cut", StringComparison.Ordinal)).ShouldBe(["rope-cut/episode-1"]);
        story.Journey().Episodes.Single(e => e.Kind == LockEventKind.RopeCut).First.At.ShouldBe(Story.Start.AddMinutes(200));
    }

    [Fact]
    public void An_alarm_that_comes_late_is_told_once_though_two_hundred_later_ones_are_remembered()
    {
        var story = EpisodeTests.Sealed();
        for (var i = 0; i < 200; i++)
        {
            story.Report(Story.Event(200 + (i * 5), LockEventKind.IllegalCard));
        }

        var late = Story.Event(150, LockEventKind.RopeCut);
        story.Report(late with { Events = [.. late.Events, new ReportedEvent(LockEventKind.CoverOpen, new SourceCode("web-alarm", "11"), Level: false)] })
            .Report(Story.Event(2000, LockEventKind.IllegalCard)).Report(Story.Event(2010, LockEventKind.IllegalCard));

        story.ToldKeys.Count(key => key.Contains("rope-cut", StringComparison.Ordinal)).ShouldBe(1);
        story.ToldKeys.Count(key => key.Contains("cover-open", StringComparison.Ordinal)).ShouldBe(1);
        story.ToldKeys.Count(key => key.Contains("illegal-card", StringComparison.Ordinal)).ShouldBe(202);
        story.ToldKeys.ShouldNotContain(key => key.Contains(' '));
    }

    /// <summary>On a lock of no journey, of which only so many episodes are remembered.</summary>
    [Fact]
    public void A_late_alarm_of_an_idle_lock_brings_nothing_back_that_was_forgotten()
    {
        var story = new Story();
        for (var i = 0; i < 230; i++)
        {
            story.Report(Story.Event(200 + (i * 5), LockEventKind.IllegalCard));
        }

        story.Report(Story.Event(150, LockEventKind.RopeCut)).Report(Story.Event(2000, LockEventKind.CoverOpen)).Report(Story.Event(2010, LockEventKind.CoverOpen));

        story.ToldKeys.Count(key => key.Contains("illegal-card", StringComparison.Ordinal)).ShouldBe(230);
        story.ToldKeys.Count(key => key.Contains("rope-cut", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void What_lasts_while_two_hundred_others_come_and_go_is_one()
    {
        var story = new Story();
        for (var i = 0; i < 240; i++)
        {
            story.Report(Story.Event(200 + (i * 5), LockEventKind.IllegalCard), Story.Event(201 + (i * 5), LockEventKind.LowBattery), Story.Event(203 + (i * 5), LockEventKind.LowBattery), Story.Event(204.5 + (i * 5), LockEventKind.LowBattery));
        }

        story.ToldKeys.Count(key => key.Contains("low-battery", StringComparison.Ordinal)).ShouldBe(1);
        story.OfLock()!.Episodes.Single(e => e.Kind == LockEventKind.LowBattery).First.At.ShouldBe(Story.Start.AddMinutes(201));
    }
}
