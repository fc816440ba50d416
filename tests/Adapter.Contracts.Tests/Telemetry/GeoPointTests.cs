using System.Text.Json;
using Adapter.Contracts.Telemetry;

namespace Adapter.Contracts.Tests.Telemetry;

public sealed class GeoPointTests
{
    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(90.1, 10.0)]
    [InlineData(10.0, -180.1)]
    [InlineData(double.NaN, 10.0)]
    [InlineData(null, 10.0)]
    [InlineData(10.0, null)]
    public void Coordinates_that_say_nothing_are_no_point(double? latitude, double? longitude) => GeoPoint.From(latitude, longitude).ShouldBeNull();

    [Theory]
    [InlineData(0.0, 36.0)]
    [InlineData(32.0, 0.0)]
    [InlineData(-90.0, 180.0)]
    public void The_equator_the_prime_meridian_and_the_ends_are_places(double latitude, double longitude)
    {
        var point = GeoPoint.From(latitude, longitude).ShouldNotBeNull();

        point.ShouldBe(new GeoPoint(latitude, longitude));
        JsonSerializer.Deserialize<GeoPoint>(JsonSerializer.Serialize(point)).ShouldBe(point);
    }

    [Fact]
    public void A_distance_is_measured_along_the_great_circle()
    {
        var amman = new GeoPoint(31.9539, 35.9106);
        var aqaba = new GeoPoint(29.5321, 35.0063);

        amman.MetresTo(aqaba).ShouldBe(283_000, tolerance: 2_000);
        aqaba.MetresTo(amman).ShouldBe(amman.MetresTo(aqaba), tolerance: 0.001);
        new GeoPoint(0, 179.5).MetresTo(new GeoPoint(0, -179.5)).ShouldBe(111_195, tolerance: 5);
        amman.MetresTo(amman).ShouldBe(0);
    }
}
