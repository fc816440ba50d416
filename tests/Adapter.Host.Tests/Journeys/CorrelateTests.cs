using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;

namespace Adapter.Host.Tests.Journeys;

public class CorrelateTests
{
    [Fact]
    public void Reports_since_the_last_sealing_wait_for_their_journey_and_come_with_it()
    {
        var story = new Story().Report(Story.Position(0, Story.Mombasa, locked: false, rope: false), Story.Event(10, LockEventKind.Seal, Story.Mombasa), Story.Position(11, Story.Mombasa));
        story.Told.Select(t => t.Decision.Key).ShouldBe(["seal/episode-1"]);

        story.Register(minute: 30, bindFromStart: false);

        story.Journey().Episodes.Single().First.At.ShouldBe(Story.Start.AddMinutes(10));
        story.Journey().Episodes.Single().First.Late.ShouldBeTrue();
        story.Bindings.Single().StartsAt.ShouldBe(Story.Start.AddMinutes(10));
    }

    [Fact]
    public void A_lock_that_is_open_brings_nothing_of_its_past()
    {
        var story = new Story().Report(Story.Event(0, LockEventKind.Seal), Story.Event(10, LockEventKind.Unseal));

        story.Register(minute: 30, bindFromStart: false);

        story.Journey().Episodes.ShouldBeEmpty();
        story.Bindings.Single().StartsAt.ShouldBe(Story.Start.AddMinutes(30));
    }

    [Fact]
    public void Reports_older_than_the_attach_window_stay_with_the_lock()
    {
        var story = new Story().Report(Story.Event(0, LockEventKind.Seal));

        story.Register(minute: 25 * 60, bindFromStart: false);

        story.Journey().Episodes.ShouldBeEmpty();
    }

    [Fact]
    public void Reports_from_before_the_time_from_which_a_lock_is_given_stay_with_the_lock()
    {
        var story = new Story().Report(Story.Event(10, LockEventKind.Seal, Story.Mombasa), Story.Position(12, Story.Mombasa), Story.Position(20, Story.Mombasa));

        story.Register(Story.Registration(from: Story.Start.AddMinutes(15)), minute: 30);

        story.Journey().TrackOf(Story.Lock, subLock: null).Sealed.Runs.ShouldHaveSingleItem().First.At.ShouldBe(Story.Start.AddMinutes(20));
        story.Bindings.Single().StartsAt.ShouldBe(Story.Start.AddMinutes(15));
    }

    [Fact]
    public void A_lock_passes_to_the_next_journey_no_earlier_than_the_one_before_it_ended()
    {
        var story = new Story().Register().Close("J-1", minute: 50);

        story.Register(Story.Registration("J-2", from: Story.Start.AddMinutes(40)), minute: 60);

        story.Bindings.Single(b => b.JourneyId == "J-2").StartsAt.ShouldBe(Story.Start.AddMinutes(50));
    }

    [Fact]
    public void An_alarm_told_in_the_locks_lane_is_not_told_again_to_the_same_receivers()
    {
        var story = new Story().Report(Story.Event(0, LockEventKind.Seal), Story.Event(10, LockEventKind.IllegalCard));

        story.Register(minute: 30, bindFromStart: false);

        story.Told.Last(t => t.Decision.Kind == "ILLEGAL_CARD").NotTo.ShouldBe(["manifest"]);
    }

    [Fact]
    public void A_journey_that_asks_for_a_controlled_lock_is_registered_without_it()
    {
        var story = new Story().Register().Register(Story.Registration("J-2"), minute: 5);

        story.Results.Select(r => (r.Accepted, r.Code)).ShouldBe([(true, "ok"), (true, "lock.contended")]);
        story.Journey("J-2").Journey!.Contended.ShouldBe([Story.Lock]);
        story.Bindings.ShouldHaveSingleItem().JourneyId.ShouldBe("J-1");
    }

    [Fact]
    public void A_lock_is_free_once_its_goods_were_unsealed_at_destination()
    {
        var story = new Story().Register().Report([.. Story.Clean()]).Register(Story.Registration("J-2"), minute: 700, bindFromStart: false);

        story.Results.Select(r => r.Code).ShouldBe(["ok", "ok"]);
        story.Bindings.Count.ShouldBe(2);
        story.Bindings.Single(b => b.JourneyId == "J-1").EndsAt.ShouldNotBeNull();
    }

    [Fact]
    public void Closing_a_journey_frees_its_lock_and_later_reports_belong_to_the_lock()
    {
        var story = EpisodeTests.Sealed().Close("J-1", minute: 100);

        story.Report(Story.Event(110, LockEventKind.IllegalCard));

        story.Journey().Episodes.ShouldNotContain(e => e.Kind == LockEventKind.IllegalCard);
        story.OfLock()!.Episodes.ShouldHaveSingleItem().Kind.ShouldBe(LockEventKind.IllegalCard);
        JourneyStatus.Of(story.Journey()).ShouldBe("closed");
    }

    [Fact]
    public void A_late_report_belongs_to_the_binding_of_its_time_and_does_not_reopen_a_closed_journey()
    {
        var story = EpisodeTests.Sealed().Close("J-1", minute: 100);

        story.Report(Story.Event(90, LockEventKind.RopeCut, receivedMinute: 200));

        story.ToldKeys.Last().ShouldBe("rope-cut/episode-1");
        JourneyStatus.Of(story.Journey()).ShouldBe("closed");
    }

    [Fact]
    public void The_same_registration_again_is_fine_and_another_under_its_id_is_refused()
    {
        var story = new Story().Register().Register(minute: 1).Register(Story.Registration() with { Mrn = "26KE0MBA00000000J0" }, minute: 2);

        story.Results.Select(r => (r.Accepted, r.Code)).ShouldBe([(true, "ok"), (true, "ok"), (false, "journey.exists")]);
        story.Journey().Journey!.Registration.Mrn.ShouldBe("26KE0MBA00482917J1");
    }

    [Fact]
    public void A_registration_binds_the_reports_behind_it_in_the_same_batch()
    {
        var story = new Story();
        var registration = new DecodedEntry(
            new Host.Journal.JournalEntry(1, Host.Journal.EntryKind.Registration, "alice", "register-journey", Story.Start, ReadOnlyMemory<byte>.Empty),
            new EntryContent.Registration(Story.Registration(from: Story.Start)));

        story.Enter([registration, story.Entry(Story.Event(10, LockEventKind.Seal))]);

        story.Journey().Episodes.ShouldHaveSingleItem();
        story.OfLock()!.Episodes.ShouldBeEmpty();
    }
}
