using Adapter.Contracts.Transit;
using Adapter.Host.Journeys.Geography;
using static Adapter.Host.Tests.Journeys.Geography.Shapes;

namespace Adapter.Host.Tests.Journeys.Geography;

public class RouteMapTests
{
    private const string Square = """{"type":"Polygon","coordinates":[[[36,0],[36.1,0],[36.1,0.1],[36,0.1],[36,0]]]}""";

    [Theory]
    [InlineData("""[1,2]""", "route.corridor", "Give a GeoJSON object of type LineString or MultiLineString or Polygon or MultiPolygon.")]
    [InlineData("""{"type":"Circle"}""", "route.corridor.type", "'Circle' does not do here")]
    [InlineData("""{"type":"Point","coordinates":[36,1]}""", "route.corridor.type", "'Point' does not do here")]
    [InlineData("""{"type":7}""", "route.corridor.type", "'' does not do here")]
    [InlineData("""{"type":"Feature","properties":{}}""", "route.corridor.geometry", "Give a GeoJSON object")]
    [InlineData("""{"type":"LineString"}""", "route.corridor.coordinates", "Give an array")]
    [InlineData("""{"type":"LineString","coordinates":[]}""", "route.corridor.coordinates", "empty")]
    [InlineData("""{"type":"LineString","coordinates":[[36,1]]}""", "route.corridor.coordinates", "at least two different positions")]
    [InlineData("""{"type":"LineString","coordinates":[[36,1],[36,1]]}""", "route.corridor.coordinates", "at least two different positions")]
    [InlineData("""{"type":"LineString","coordinates":[[36,1],["36",1]]}""", "route.corridor.coordinates[1]", "[longitude, latitude]")]
    [InlineData("""{"type":"LineString","coordinates":[[36,1],[36]]}""", "route.corridor.coordinates[1]", "[longitude, latitude]")]
    [InlineData("""{"type":"LineString","coordinates":[[36,1],{"x":1}]}""", "route.corridor.coordinates[1]", "Give an array")]
    [InlineData("""{"type":"LineString","coordinates":[[36,1],[22.5,113.9]]}""", "route.corridor.coordinates[1]", "are the two swapped?")]
    [InlineData("""{"type":"LineString","coordinates":[[36,1],[1e999,1]]}""", "route.corridor.coordinates[1]", "between -180 and 180")]
    [InlineData("""{"type":"LineString","coordinates":[[36,1],[181,1]]}""", "route.corridor.coordinates[1]", "Longitude 181, latitude 1")]
    [InlineData("""{"type":"LineString","coordinates":[[36,1],[0,0]]}""", "route.corridor.coordinates[1]", "0/0")]
    [InlineData("""{"type":"LineString","coordinates":[[179,1],[-179,1]]}""", "route.corridor.coordinates[1]", "180th meridian")]
    [InlineData("""{"type":"LineString","coordinates":[[36,1],[36,85],[-150,85]]}""", "route.corridor.coordinates[2]", "180th meridian")]
    [InlineData("""{"type":"LineString","crs":{},"coordinates":[[36,1],[36,2]]}""", "route.corridor.crs", "WGS-84")]
    [InlineData("""{"type":"Polygon","coordinates":[[[36,0],[37,0],[36,0]]]}""", "route.corridor.coordinates[0]", "at least four positions")]
    [InlineData("""{"type":"Polygon","coordinates":[[[36,0],[37,0],[37,1],[36,1]]]}""", "route.corridor.coordinates[0]", "not closed")]
    [InlineData("""{"type":"Polygon","coordinates":[[[36,0],[37,1],[37,0],[36,1],[36,0]]]}""", "route.corridor", "near longitude 36.5, latitude 0.5: its edge crosses or touches itself")]
    [InlineData("""{"type":"Polygon","coordinates":[[[36,0],[37,0],[37,1],[36,0]],[[40,0],[41,0],[41,1],[40,0]]]}""", "route.corridor", "a hole lies outside the area")]
    public void An_impossible_corridor_is_refused_with_the_field_and_the_reason(string corridor, string field, string message)
    {
        var errors = RouteMap.Check(Journey(Plan(corridor)));

        errors.Keys.ShouldBe([field]);
        errors[field].ShouldHaveSingleItem().ShouldContain(message);
    }

    [Fact]
    public void All_that_is_wrong_with_a_plan_is_said_at_once_each_under_its_field()
    {
        var errors = RouteMap.Check(Journey(new RoutePlan
        {
            Corridor = Json(Road),
            ToleranceMetres = 0,
            Offices = [new OfficeArea("XX", Json(Square)), new OfficeArea("KEMBA001", default)],
            Stops = [new PlannedStop("", Json(Square), RadiusMetres: 5), new PlannedStop("Voi", Json("""{"type":"Point","coordinates":[38.5,-3.4]}"""), AtMostMinutes: 0), null!],
            PermittedAreas = [new PermittedArea("half a continent", Json("""{"type":"Polygon","coordinates":[[[20,0],[40,0],[40,20],[20,0]]]}"""))],
        }));

        errors.Keys.ShouldBe(
            ["route.toleranceMetres", "route.offices[0].code", "route.offices[1].area", "route.stops[0].name", "route.stops[0].radiusMetres", "route.stops[1].atMostMinutes", "route.stops[2]", "route.permittedAreas[0].area"],
            ignoreOrder: true);
        errors["route.permittedAreas[0].area"][0].ShouldContain("km across; at most 100 km");
        errors["route.offices[0].code"][0].ShouldContain("KEMBA001, UGMLB001");
    }

    [Fact]
    public void Shapes_have_a_bound_together()
    {
        var many = string.Join(',', Enumerable.Range(0, ShapeReader.MostPositions).Select(i => FormattableString.Invariant($"[36,{i / 1000.0}]")));
        var line = $$"""{"type":"LineString","coordinates":[{{many}}]}""";

        RouteMap.Check(Journey(Plan(line))).ShouldBeEmpty();
        var errors = RouteMap.Check(Journey(Plan(line) with { PermittedAreas = [new PermittedArea("yard", Json(Square))] }));
        errors.ShouldHaveSingleItem().Key.ShouldBe("route.permittedAreas[0].area.coordinates[0][0]");
        RouteMap.Check(Journey(new RoutePlan { Stops = [.. Enumerable.Repeat(new PlannedStop("a", Json(Square)), 51)] })).ShouldHaveSingleItem().Key.ShouldBe("route.stops");
    }

    [Fact]
    public void Deep_nesting_ends_in_an_error_and_not_in_the_stack()
    {
        var deep = """{"type":"Polygon","coordinates":""" + new string('[', 60) + new string(']', 60) + "}";

        RouteMap.Check(Journey(Plan(deep))).ShouldHaveSingleItem().Value[0].ShouldContain("[longitude, latitude]");
    }

    [Fact]
    public void A_plan_in_features_with_holes_and_parts_can_be_followed()
    {
        var errors = RouteMap.Check(Journey(new RoutePlan
        {
            Corridor = Json($$"""{"type":"Feature","properties":null,"geometry":{{Road}}}"""),
            Offices = [new OfficeArea("KEMBA001", Json("""{"type":"MultiPolygon","coordinates":[[[[36,0],[36.1,0],[36.1,0.1],[36,0.1],[36,0]],[[36.02,0.02],[36.04,0.02],[36.04,0.04],[36.02,0.02]]],[[[36.2,0],[36.3,0],[36.3,0.1],[36.2,0]]]]}"""))],
            Stops = [new PlannedStop("Voi", Json("""{"type":"Point","coordinates":[38.5,-3.4,550]}"""), AtMostMinutes: 45)],
        }));

        errors.ShouldBeEmpty();
    }

    [Fact]
    public void An_area_of_an_office_takes_the_place_of_its_circle()
    {
        var map = RouteMap.Of(Journey(new RoutePlan { Offices = [new OfficeArea("KEMBA001", Json(Square))] }));

        map.Offices["KEMBA001"].MetresOutside(new(0.05, 36.05)).ShouldBe(0);
        map.Offices["KEMBA001"].MetresOutside(Story.Mombasa).ShouldBeGreaterThan(100_000);
        map.Offices["UGMLB001"].MetresOutside(Story.Malaba).ShouldBe(-1000);
    }

    [Fact]
    public void Offices_stops_and_areas_permit_standing_each_under_its_name()
    {
        var map = RouteMap.Of(Journey(new RoutePlan
        {
            Stops = [new PlannedStop("Voi", Json("""{"type":"Point","coordinates":[38.5,-3.4]}"""), RadiusMetres: 300, AtMostMinutes: 45)],
            PermittedAreas = [new PermittedArea("Yard", Json(Square))],
        }));

        map.PermittedAt(new(-3.4, 38.5), 150).ShouldNotBeNull().ShouldSatisfyAllConditions(p => p.Name.ShouldBe("planned stop Voi"), p => p.AtMost.ShouldBe(TimeSpan.FromMinutes(45)));
        map.PermittedAt(new(0.05, 36.05), 150)!.Name.ShouldBe("permitted area Yard");
        map.PermittedAt(Story.Malaba, 150)!.Name.ShouldBe("office UGMLB001");
        map.PermittedAt(Story.Road, 150).ShouldBeNull();
    }
}
