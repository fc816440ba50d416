using Adapter.Contracts.Telemetry;

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
}
