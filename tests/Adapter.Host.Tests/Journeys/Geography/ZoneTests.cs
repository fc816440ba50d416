using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys.Geography;
using CsCheck;
using NetTopologySuite.Geometries;
using static Adapter.Host.Tests.Journeys.Geography.Shapes;

namespace Adapter.Host.Tests.Journeys.Geography;

public class ZoneTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(499, true)]
    [InlineData(501, null)]
    [InlineData(599, null)]
    [InlineData(601, false)]
    [InlineData(40_000, false)]
    public void A_corridor_has_a_tolerance_and_beyond_it_a_band_that_says_nothing(double north, bool? inside) =>
        Corridor.Contains(Place(north, 20_000), driftMetres: 100).ShouldBe(inside);

    [Fact]
    public void The_distance_from_a_corridor_is_known_in_metres_near_and_far() =>
        Gen.Select(Gen.Double[-80_000, 80_000], Gen.Double[0, 99_000]).Sample((north, east) =>
            Corridor.MetresOutside(Place(north, east)).ShouldBe(Math.Abs(north) - 500, tolerance: 5));

    [Fact]
    public void Beyond_its_ends_a_corridor_is_round() => Corridor.MetresOutside(Place(300, -400)).ShouldBe(0, tolerance: 1);

    [Fact]
    public void An_area_is_left_by_the_distance_to_its_edge_also_into_a_hole()
    {
        var area = Area([(0, 0), (0, 10_000), (10_000, 10_000), (10_000, 0), (0, 0)], [(4_000, 4_000), (4_000, 6_000), (6_000, 6_000), (6_000, 4_000), (4_000, 4_000)]);

        area.MetresOutside(Place(2_000, 2_000)).ShouldBe(0);
        area.MetresOutside(Place(5_000, 5_000)).ShouldBe(1_000, tolerance: 1);
        area.MetresOutside(Place(5_000, 10_200)).ShouldBe(200, tolerance: 1);
        area.MetresOutside(Place(5_000, 60_000)).ShouldBe(50_000, tolerance: 50);
    }

    [Fact]
    public void Two_sides_of_the_180th_meridian_are_neighbours()
    {
        var line = new ShapeZone(new LineString([new Coordinate(179, 10), new Coordinate(179.999, 10)]), 0);

        line.MetresOutside(new GeoPoint(10, -179.999)).ShouldBe(new GeoPoint(10, 179.999).MetresTo(new GeoPoint(10, -179.999)), tolerance: 1);
    }

    [Fact]
    public void The_index_finds_the_same_distance_as_looking_at_every_edge() =>
        Gen.Select(Gen.Select(Gen.Double[30, 40], Gen.Double[-60, 60]).Array[2, 40], Gen.Double[28, 42], Gen.Double[-62, 62], Gen.Double[0, 200_000]).Sample((line, longitude, latitude, margin) =>
        {
            var zone = new ShapeZone(new LineString([.. line.Select(p => new Coordinate(p.Item1, p.Item2))]), margin);
            var at = new GeoPoint(latitude, longitude);

            var expected = line.Zip(line.Skip(1), (a, b) => LocalPlane.MetresToSegment(at, (a.Item2, a.Item1), (b.Item2, b.Item1))).Min() - margin;
            zone.MetresOutside(at).ShouldBe(expected, tolerance: 0.001);
        });

    private static ShapeZone Area(params (double North, double East)[][] rings)
    {
        var lines = rings.Select(ring => new LinearRing([.. ring.Select(p => Place(p.North, p.East)).Select(p => new Coordinate(p.Longitude, p.Latitude))])).ToArray();
        return new ShapeZone(new Polygon(lines[0], lines[1..]), 0);
    }
}
