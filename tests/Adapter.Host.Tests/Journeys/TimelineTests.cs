using Adapter.Host.Journeys;
using CsCheck;

namespace Adapter.Host.Tests.Journeys;

public class TimelineTests
{
    private static readonly Gen<(int Minute, bool Value)[]> Observations =
        Gen.Select(Gen.Int[0, 200], Gen.Bool).Array[1, 40].Select(all => all.DistinctBy(o => o.Item1).OrderBy(o => o.Item1).ToArray());

    [Fact]
    public void In_order_and_last_in_first_out_give_the_same_stretches() => Observations.Sample(told =>
        Of(told.Reverse()).Runs.ShouldBe(Of(told).Runs));

    [Fact]
    public void A_hole_that_is_filled_later_first_in_first_out_gives_the_same_values() =>
        Gen.Select(Observations, Gen.Int[0, 200], Gen.Int[0, 200]).Sample((told, one, other) =>
        {
            var hole = told.Where(o => o.Minute >= Math.Min(one, other) && o.Minute <= Math.Max(one, other)).ToList();

            var timeline = Of(told.Except(hole).Concat(hole));

            timeline.Runs.Select(r => r.First.At).ShouldBeInOrder();
            foreach (var (minute, value) in hole)
            {
                timeline.At(At(minute).At)!.Value.ShouldBe(value);
            }
        });

    [Fact]
    public void Repeats_change_nothing() => Observations.Sample(told => Of(told.Concat(told)).Runs.ShouldBe(Of(told).Runs));

    [Fact]
    public void Neighbouring_stretches_differ()
    {
        var timeline = new[] { (5, true), (1, true), (3, false), (2, false), (4, true), (3, false) }.Aggregate(Timeline.Empty, (line, o) => line.Observe(o.Item2, At(o.Item1)));

        timeline.Runs.Select(r => (r.Value, Minute(r.First), Minute(r.Last))).ShouldBe([(true, 1, 1), (false, 2, 3), (true, 4, 5)]);
    }

    [Fact]
    public void Jitter_does_not_grow_it_without_bound()
    {
        var timeline = Enumerable.Range(0, 2000).Aggregate(Timeline.Empty, (line, i) => line.Observe(i % 2 == 0, At(i)));

        timeline.Runs.Count.ShouldBe(500);
        Minute(timeline.Runs[^1].First).ShouldBe(1999);
    }

    private static Timeline Of(IEnumerable<(int Minute, bool Value)> told) => told.Aggregate(Timeline.Empty, (line, o) => line.Observe(o.Value, At(o.Minute)));

    private static Sighting At(int minute) => new(Story.Lock, Story.Start.AddMinutes(minute), Story.Start, Late: false, ClockSuspect: false, Where: null, Entry: minute);

    private static int Minute(Sighting sighting) => (int)(sighting.At - Story.Start).TotalMinutes;
}
