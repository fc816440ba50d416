using System.Text.Json;
using Adapter.Host.Journeys.Geography;
using CsCheck;
using static Adapter.Host.Tests.Journeys.Geography.Shapes;

namespace Adapter.Host.Tests.Journeys.Geography;

public class RouteTraceTests
{
    [Fact]
    public void Order_and_repeats_change_neither_the_fixes_nor_what_follows_from_them() =>
        Drives.SelectMany(drive => Gen.Shuffle(drive.Concat(drive).ToArray()).Select(mixed => (drive, mixed))).Sample((drive, mixed) =>
        {
            var (told, heard) = (Trace(drive), Trace(mixed));

            heard.Fixes.ShouldBe(told.Fixes);
            heard.StretchSeconds.ShouldBe(told.StretchSeconds);
            if (!told.IsThinned)
            {
                Stays.Of(heard).ShouldBe(Stays.Of(told));
                Deviations.Of(heard).ShouldBe(Deviations.Of(told));
                Jump.Of(heard).ShouldBe(Jump.Of(told));
            }
        });

    [Fact]
    public void Twenty_thousand_buffered_records_stay_small_and_reach_from_end_to_end()
    {
        var trace = Trace(Enumerable.Range(0, 20_000).Select(i => Fix(i, 0, i % 100_000)));

        trace.Fixes.Count.ShouldBeInRange(RouteTrace.MostFixes / 2, RouteTrace.MostFixes);
        Minute(trace.Fixes[0].At).ShouldBe(0);
        Minute(trace.Fixes[^1].At).ShouldBeGreaterThan(19_900);
        JsonSerializer.SerializeToUtf8Bytes(trace).Length.ShouldBeLessThan(20_000);
    }

    [Fact]
    public void A_trace_is_the_same_after_it_was_stored() => Drives.Sample(drive =>
    {
        var trace = Trace(drive.Append(Fix(20_000, 800_000, 0)).Append(Fix(20_001, 0, 0)));
        var thinned = Enumerable.Range(0, 800).Aggregate(trace, (t, i) => t.With(Fix(10_000 + i, 0, i * 500)));

        foreach (var one in (RouteTrace[])[RouteTrace.Empty, trace, thinned])
        {
            var read = JsonSerializer.Deserialize<RouteTrace>(JsonSerializer.Serialize(one))!;
            read.Fixes.ShouldBe(one.Fixes);
            read.StretchSeconds.ShouldBe(one.StretchSeconds);
            read.Stays.ShouldBe(one.Stays);
            read.Deviations.ShouldBe(one.Deviations);
            read.Jumps.ShouldBe(one.Jumps);
        }

        thinned.Stays.Count.ShouldBe(Stays.Of(trace).Count(s => s.Length > TimeSpan.Zero), "thinning remembers what the finer trace showed");
    });

    [Fact]
    public void What_was_found_before_is_not_lost_when_the_trace_is_thinned()
    {
        List<(double, double, double)> fixes = [(0, 0, 0), (1, 0, 1000), (2, 0, 2000), (3, 0, 2010), (7, 0, 2020), (8, 0, 3000), (9, 3000, 4000), (12, 3000, 5000), (13, 0, 6000), (14, 560_000, 6000), (15, 0, 7000)];
        var trace = Trace([.. fixes]);
        var (stay, deviation, jumps) = (Stays.Of(trace).ShouldHaveSingleItem(), Deviations.Of(trace)[0], Jump.Of(trace));

        var later = Enumerable.Range(16, 3000).Aggregate(trace, (t, i) => t.With(Fix(i, 0, 7000 + (i % 100 * 800))));

        later.IsThinned.ShouldBeTrue();
        Stays.Of(later).ShouldContain(stay);
        Deviations.Of(later).Select(d => d.Key).ShouldContain(deviation.Key);
        jumps.ShouldBeSubsetOf(Jump.Of(later));
    }

    [Fact]
    public void A_jump_is_seen_on_the_way_in_also_when_the_trace_keeps_no_such_fix()
    {
        var trace = Trace(Enumerable.Range(0, 3000).Select(i => Fix(i, 0, i * 800)));

        var jumped = trace.With(Fix(1501.5, 560_000, 1501 * 800));

        jumped.Fixes.ShouldBe(trace.Fixes);
        Jump.Of(jumped).ShouldNotBeEmpty();
        Jump.Of(trace).ShouldBeEmpty();
    }
}
