using Adapter.Host.Journeys;
using CsCheck;

namespace Adapter.Host.Tests.Journeys;

public class TimelineTests
{
    private static readonly Gen<(int Minute, bool Value)[]> Observations =
        Gen.Select(Gen.Int[0, 200], Gen.Bool).Array[1, 40].Select(all => all.DistinctBy(o => o.Item1).OrderBy(o => o.Item1).ToArray());

    [Fact]
    public void Any_order_gives_the_same_stretches() => Observations.SelectMany(told => Gen.Shuffle(told).Select(shuffled => (told, shuffled)))
        .Sample(sample => Of(sample.shuffled).Runs.ShouldBe(Of(sample.told).Runs), iter: 1000);

    [Fact]
    public void Repeats_change_nothing() => Observations.Sample(told => Print([.. told, .. told]).ShouldBe(Print(told)));

    [Fact]
    public void Neighbouring_stretches_differ()
    {
        var timeline = Of([(5, true), (1, true), (3, false), (2, false), (4, true), (3, false)]);

        timeline.Runs.Select(r => (r.Value, Minute(r.First), Minute(r.Last))).ShouldBe([(true, 1, 1), (false, 2, 3), (true, 4, 5)]);
    }

    [Fact]
    public void Jitter_does_not_grow_it_without_bound()
    {
        var timeline = Of(Enumerable.Range(0, 2000).Select(i => (i, i % 2 == 0)));

        timeline.Runs.Count.ShouldBe(500);
        Minute(timeline.Runs[^1].First).ShouldBe(1999);
    }

    [Fact]
    public void Equal_observations_in_a_row_are_one_stretch_from_the_first_to_the_last() => Print((1, true), (5, true), (9, true)).ShouldBe("T1-9");

    [Fact]
    public void An_opposite_observation_begins_a_new_stretch() => Print((1, true), (5, false), (9, true)).ShouldBe("T1-1 F5-5 T9-9");

    [Fact]
    public void A_late_observation_of_the_same_value_moves_the_beginning_back() => Print((5, true), (1, true)).ShouldBe("T1-5");

    [Fact]
    public void A_late_observation_inside_its_own_stretch_changes_nothing() => Print((1, true), (9, true), (5, true)).ShouldBe("T1-9");

    [Fact]
    public void A_late_opposite_observation_splits_a_stretch() => Print((1, true), (9, true), (5, false)).ShouldBe("T1-1 F5-5 T9-9");

    [Fact]
    public void A_hole_that_is_being_filled_is_known_up_to_where_it_is_filled()
    {
        Print((1, true), (9, true), (3, true), (4, true), (5, false)).ShouldBe("T1-4 F5-5 T9-9");
        Print((1, true), (9, true), (7, true), (6, true), (5, false)).ShouldBe("T1-1 F5-5 T6-9");
        Print((1, true), (9, true), (7, true), (3, true), (2, true), (5, false)).ShouldBe("T1-3 F5-5 T7-9");
    }

    [Fact]
    public void A_late_observation_between_two_stretches_joins_the_one_that_says_the_same()
    {
        Print((1, true), (9, false), (5, true)).ShouldBe("T1-5 F9-9");
        Print((1, true), (9, false), (5, false)).ShouldBe("T1-1 F5-9");
    }

    [Fact]
    public void The_earliest_observation_of_all_is_a_stretch_of_its_own() => Print((5, true), (1, false)).ShouldBe("F1-1 T5-5");

    [Fact]
    public void At_the_same_moment_what_the_journal_had_first_stands_first() => Print((5, true), (5, false)).ShouldBe("T5-5 F5-5");

    [Fact]
    public void What_was_seen_holds_until_it_is_contradicted()
    {
        var timeline = Of([(1, true), (5, false)]);

        timeline.At(AtMinute(0)).ShouldBeNull();
        timeline.At(AtMinute(1)).ShouldNotBeNull().Value.ShouldBeTrue();
        timeline.At(AtMinute(4)).ShouldNotBeNull().Value.ShouldBeTrue();
        timeline.At(AtMinute(5)).ShouldNotBeNull().Value.ShouldBeFalse();
        timeline.At(AtMinute(500)).ShouldNotBeNull().Value.ShouldBeFalse();
    }

    [Fact]
    public void Stretches_alternate_and_follow_each_other_in_time_whatever_arrives_in_whatever_order() =>
        Gen.Select(Gen.Int[0, 60], Gen.Bool).Array[0, 40].Sample(observations =>
        {
            var runs = Of(observations.DistinctBy(o => o.Item1)).Runs;
            runs.ShouldAllBe(run => run.First.At <= run.Last.At);
            runs.Zip(runs.Skip(1)).ShouldAllBe(pair => pair.First.Value != pair.Second.Value && pair.First.Last.At < pair.Second.First.At);
        });

    [Fact]
    public void One_change_is_placed_exactly_whatever_order_its_observations_arrive_in() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[0, 30]).SelectMany(change => Gen.Shuffle(Enumerable.Range(0, 31).Concat([change.Item2]).ToArray()).Select(order => (Change: change.Item1, Order: order)))
            .Sample(sample => Print([.. sample.Order.Select(minute => (minute, minute >= sample.Change))])
                .ShouldBe($"F0-{sample.Change - 1} T{sample.Change}-30"));

    private static string Print(params IEnumerable<(int, bool)> observations) =>
        string.Join(' ', Of(observations).Runs.Select(run => $"{(run.Value ? 'T' : 'F')}{Minute(run.First)}-{Minute(run.Last)}"));

    private static DateTimeOffset AtMinute(int minute) => Story.Start.AddMinutes(minute);

    private static Timeline Of(IEnumerable<(int Minute, bool Value)> told) => told.Aggregate((Line: Timeline.Empty, Heard: Heard.Nothing), (known, o) =>
        (known.Line.Observe(o.Value, At(o.Minute), known.Heard, Aspects.Cover), known.Heard.With(new HeardReport(At(o.Minute), Aspects.Cover), []))).Line;

    private static Sighting At(int minute) => new(Story.Lock, Story.Start.AddMinutes(minute), Story.Start, Late: false, ClockSuspect: false, Where: null, Entry: minute);

    private static int Minute(Sighting sighting) => (int)(sighting.At - Story.Start).TotalMinutes;
}
