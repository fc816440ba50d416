using Adapter.Host.Journeys.Geography;
using static Adapter.Host.Tests.Journeys.Geography.Shapes;

namespace Adapter.Host.Tests.Journeys.Geography;

/// <summary>Stays, deviations and jumps.</summary>
public class MovementTests
{
    [Fact]
    public void A_truck_that_stands_is_seen_from_its_first_to_its_last_fix_there_however_the_receiver_drifts()
    {
        var stay = Stays.Of(Trace((0, 0, 0), (10, 0, 9000), (20, 60, 9040), (50, -70, 9100), (80, 20, 8960), (81, 0, 11_000))).ShouldHaveSingleItem();

        (Minute(stay.From), Minute(stay.To)).ShouldBe((10, 80));
        stay.Where.ShouldBe(Fix(10, 0, 9000).Where);
        stay.Key.ShouldBe("20260601T061000");
    }

    [Fact]
    public void One_stray_fix_does_not_end_a_stay()
    {
        Stays.Of(Trace((0, 0, 0), (10, 0, 50), (12, 700, 50), (14, 0, 0), (30, 0, 0))).ShouldHaveSingleItem().Length.ShouldBe(TimeSpan.FromMinutes(30));
        Stays.Of(Trace((0, 0, 0), (10, 0, 50), (25, 700, 50), (40, 0, 0), (60, 0, 0))).Count.ShouldBe(2, "fifteen minutes away are a drive");
    }

    [Fact]
    public void Late_data_that_shows_the_truck_elsewhere_takes_the_stay_back()
    {
        var seen = Trace((0, 0, 0), (40, 0, 20));
        Stays.Of(seen).ShouldHaveSingleItem();

        Stays.Of(seen.With(Fix(20, 0, 9000))).ShouldBeEmpty();
    }

    [Fact]
    public void Hours_of_silence_prove_no_standing() => Stays.Of(Trace((0, 0, 0), (300, 0, 0))).ShouldBeEmpty();

    [Fact]
    public void A_drive_has_no_stays() => Stays.Of(Trace(Enumerable.Range(0, 60).Select(i => Fix(i, 0, i * 900)))).ShouldBeEmpty();

    [Fact]
    public void A_deviation_lasts_from_the_first_fix_off_the_route_to_the_last_and_knows_how_far()
    {
        var deviation = Deviations.Of(Trace((0, 0, 0), (5, 1500, 1000), (10, 9500, 2000), (20, 2500, 3000), (25, 0, 4000))).ShouldHaveSingleItem();

        (Minute(deviation.From), Minute(deviation.To)).ShouldBe((5, 20));
        deviation.Metres.ShouldBe(9000, tolerance: 20);
        deviation.Where.ShouldBe(Fix(10, 9500, 2000).Where);
    }

    [Fact]
    public void Neither_drift_at_the_edge_nor_one_stray_fix_is_a_deviation()
    {
        Deviations.Of(Trace((0, 0, 0), (5, 590, 1000), (10, 590, 2000), (15, 590, 3000))).ShouldBeEmpty();
        Deviations.Of(Trace((0, 0, 0), (5, 9000, 1000), (10, 0, 2000))).ShouldBeEmpty();
    }

    [Fact]
    public void Drift_at_the_edge_does_not_cut_a_deviation_in_two() =>
        Deviations.Of(Trace((0, 0, 0), (5, 900, 1000), (10, 570, 2000), (15, 900, 3000), (20, 0, 4000))).ShouldHaveSingleItem().Length.ShouldBe(TimeSpan.FromMinutes(10));

    [Fact]
    public void Late_data_that_shows_the_truck_on_its_route_takes_the_deviation_back()
    {
        var seen = Trace((0, 0, 0), (5, 900, 1000), (30, 900, 3000));
        Deviations.Of(seen).ShouldHaveSingleItem();

        Deviations.Of(seen.With(Fix(15, 0, 2000))).ShouldBeEmpty();
    }

    [Fact]
    public void A_vehicle_shown_560_km_off_within_a_minute_has_jumped_there_and_back()
    {
        var jumps = Jump.Of(Trace((0, 0, 0), (1, 560_000, 0), (2, 0, 0)));

        jumps.Count.ShouldBe(2);
        jumps[0].Kilometres.ShouldBe(560, tolerance: 1);
        jumps[0].KilometresPerHour.ShouldBeGreaterThan(30_000);
    }

    [Fact]
    public void A_fast_truck_a_tunnel_and_a_long_silence_are_no_jumps() =>
        Jump.Of(Trace((0, 0, 0), (1, 0, 2000), (2, 0, 4500), (30, 0, 55_000), (600, 800_000, 55_000))).ShouldBeEmpty();
}
