using Adapter.Contracts.Customs;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Geography;

namespace Adapter.Host.Tests.Journeys;

/// <summary>Bad input of customs is a fault that names the field.</summary>
public class RequestRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 6, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset NeverSet = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset RunsWild = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static RegisterMovementRequest Movement() => new()
    {
        MovementId = "T-1",
        Mrn = "26KE0MBA00482917J1",
        Containers = [new ContainerItem { Number = "KMSU4829139" }],
        Locks = [new LockItem { Number = "8022300001", Container = "KMSU4829139" }],
        Departure = new OfficeItem { Code = "KEMBA001", Latitude = -4.05, Longitude = 39.65 },
        Destination = new OfficeItem { Code = "UGMLB001", Latitude = 0.64, Longitude = 34.26 },
        DepartureFrom = Now,
        DepartureUntil = Now.AddHours(4),
        TimeLimit = Now.AddDays(2),
        Route = new RouteItem { Way = [At(-4.05, 39.65), At(-1.3, 36.8), At(0.64, 34.26)], Stops = [new StopItem { Name = "Makindu", Latitude = -2.28, Longitude = 37.82, AtMostMinutes = 60 }] },
    };

    [Fact]
    public void A_movement_as_it_should_be_has_no_fault()
    {
        Fields(Movement()).ShouldBeEmpty();

        var plan = WireJourney.Of(Movement()).Route.ShouldNotBeNull();
        plan.Corridor!.Value.GetRawText().ShouldBe("""{"type":"LineString","coordinates":[[39.65,-4.05],[36.8,-1.3],[34.26,0.64]]}""");
        plan.Stops.ShouldHaveSingleItem().AtMostMinutes.ShouldBe(60);
        (plan.ToleranceMetres, plan.Stops[0].RadiusMetres).ShouldBe((500, 300));
    }

    [Fact]
    public void Contradictory_registrations_name_what_contradicts()
    {
        Fields(Movement(), m => m.DepartureUntil = Now.AddHours(-1)).ShouldBe(["departureUntil"]);
        Fields(Movement(), m => m.TimeLimit = Now.AddHours(-1)).ShouldBe(["timeLimit"], "due before it may leave");
        Fields(Movement(), m => m.Locks[0].Container = "TGHU7654321").ShouldBe(["locks[0].container"]);
        Fields(Movement(), m => m.Locks = [m.Locks[0], m.Locks[0]]).ShouldBe(["locks"]);
        Fields(Movement(), m => m.Containers = [m.Containers[0], m.Containers[0]]).ShouldBe(["containers"]);
        Fields(Movement(), m => m.Mrn = null).ShouldBe(["mrn"], "neither MRN nor manifest");
    }

    [Fact]
    public void Impossible_geometry_names_the_point()
    {
        Fields(Movement(), m => m.Route!.Way = [At(-4.05, 39.65)]).ShouldBe(["route.way"], "one point is no way");
        Fields(Movement(), m => m.Route!.ToleranceMetres = 1e6).ShouldBe(["route.toleranceMetres"]);
        Fields(Movement(), m => m.Route!.PermittedAreas = [new AreaItem { Name = "bow tie", Corners = [At(0, 34), At(0.1, 34.1), At(0.1, 34), At(0, 34.1)] }]).ShouldBe(["route.permittedAreas[0].corners"]);
        Fields(Movement(), m => m.Route!.PermittedAreas = [new AreaItem { Name = "line", Corners = [At(0, 34), At(0.1, 34.1)] }]).ShouldBe(["route.permittedAreas[0].corners"]);
        Fields(Movement(), m => m.Route!.PermittedAreas = [new AreaItem { Name = "half of Africa", Corners = [At(0, 10), At(20, 10), At(20, 30)] }]).ShouldBe(["route.permittedAreas[0].corners"]);
        Fields(Movement(), m => m.Route!.Stops[0].RadiusMetres = 1).ShouldBe(["route.stops[0].radiusMetres"]);
    }

    [Theory]
    [InlineData(91.0, 0.0)]
    [InlineData(0.0, 181.0)]
    [InlineData(-90.5, 10.0)]
    [InlineData(0.0, 0.0)]
    [InlineData(double.NaN, 10.0)]
    [InlineData(10.0, double.PositiveInfinity)]
    public void Coordinates_out_of_range_name_the_field(double latitude, double longitude)
    {
        Fields(Movement(), m => (m.Departure!.Latitude, m.Departure.Longitude) = (latitude, longitude)).ShouldBe(["departure.latitude"]);
        Fields(Movement(), m => m.Route!.Way[1] = At(latitude, longitude)).ShouldBe(["route.way[1].latitude"]);
        Fields(Movement(), m => (m.Route!.Stops[0].Latitude, m.Route.Stops[0].Longitude) = (latitude, longitude)).ShouldBe(["route.stops[0].latitude"]);
        RequestRules.Check(Order() with { Latitude = latitude, Longitude = longitude }, Now).Select(e => e.Path).ShouldBe(["latitude"]);
    }

    [Fact]
    public void Half_a_place_names_the_other_half()
    {
        Fields(Movement(), m => m.Destination!.Longitude = null).ShouldBe(["destination.longitude"]);
        Fields(Movement(), m => m.Destination!.Latitude = null).ShouldBe(["destination.latitude"]);
    }

    [Fact]
    public void Time_limits_in_the_past_are_refused_where_they_make_no_sense()
    {
        RequestRules.Check(new AmendMovementRequest { MovementId = "T-1", Reason = "later", TimeLimit = Now.AddMinutes(-1) }, Now).Select(e => e.Path).ShouldBe(["timeLimit"]);
        RequestRules.Check(Order() with { Until = Now.AddMinutes(-1) }, Now).Select(e => e.Path).ShouldBe(["until"]);
        RequestRules.Check(Order() with { From = Now.AddHours(3), Until = Now.AddHours(2) }, Now).Select(e => e.Path).ShouldBe(["from"]);
    }

    [Fact]
    public void Clocks_that_were_never_set_or_run_wild_name_the_field()
    {
        foreach (var wrong in (DateTimeOffset[])[NeverSet, RunsWild])
        {
            RequestRules.CheckConfirmation("T-1", Observer.Gate, wrong, office: null, seen: null, Now).Select(e => e.Path).ShouldBe(["at"]);
            RequestRules.Check(new ReportObservationRequest { MovementId = "T-1", At = wrong, Seen = new SeenCargo { PackageCount = 1 } }, Now).Select(e => e.Path).ShouldBe(["at"]);
            RequestRules.Check(Order() with { Until = wrong }, Now).Select(e => e.Path).ShouldBe(["until"]);
            Fields(Movement(), m => (m.TimeLimit, m.DepartureFrom, m.DepartureUntil) = (wrong, null, null)).ShouldBe(["timeLimit"]);
            Fields(Movement(), m => (m.DepartureFrom, m.DepartureUntil, m.TimeLimit) = (wrong, wrong, null)).ShouldBe(["departureFrom", "departureUntil"]);
            Fields(Movement(), m => m.Locks[0].From = wrong).ShouldBe(["locks[0].from"]);
        }
    }

    [Fact]
    public void Offices_that_nobody_knows_name_the_field()
    {
        Fields(Movement(), m => m.Departure = null).ShouldBe(["departure"]);
        Fields(Movement(), m => m.Destination!.Code = " ").ShouldBe(["destination.code"]);
        Fields(Movement(), m => m.Transit = [new OfficeItem { Code = "KENBO001", Country = "Kenya" }]).ShouldBe(["transit[0].country"]);
        var registration = WireJourney.Of(Movement());
        RouteMap.Check(registration with { Route = registration.Route! with { Offices = [new OfficeArea("XXXXX001", registration.Route.Corridor!.Value)] } }).Keys.ShouldBe(["route.offices[0].code"]);
    }

    [Fact]
    public void A_manifest_names_the_field_that_is_wrong()
    {
        Wrong(m => m.ManifestNumber = " ").ShouldBe(["manifestNumber"]);
        Wrong(m => m.Vehicle = new VehicleItem { Plate = "", Nationality = "KEN" }).ShouldBe(["vehicle.plate", "vehicle.nationality"]);
        Wrong(m => m.Containers = [new ContainerItem { Number = "KMSU4829139", GrossMassKg = -1 }]).ShouldBe(["containers[0].grossMassKg"]);
        Wrong(m => m.PackageCount = -1).ShouldBe(["packageCount"]);
        Wrong(m => m.GrossMassKg = 2_000_000_000).ShouldBe(["grossMassKg"]);

        static List<string> Wrong(Action<RegisterManifestRequest> change) => Of(new RegisterManifestRequest { ManifestNumber = "M-1" }, change, request => RequestRules.Check(request, Now));
    }

    [Fact]
    public void An_amendment_names_the_field_that_is_wrong()
    {
        Wrong(_ => { }).ShouldBeEmpty();
        Wrong(a => a.Reason = " ").ShouldBe(["reason"]);
        Wrong(a => a.TimeLimit = RunsWild).ShouldBe(["timeLimit"]);
        Wrong(a => a.Regime = (Regime)99).ShouldBe(["regime"]);
        Wrong(a => a.Change = (MovementChange)99).ShouldBe(["change"]);
        Wrong(a => a.Destination = new OfficeItem { Code = "" }).ShouldBe(["destination.code"]);
        Wrong(a => a.Destination = new OfficeItem { Code = "UGMLB001", RadiusMetres = 10 }).ShouldBe(["destination.radiusMetres"]);
        Wrong(a => a.DriverReference = "DRV\u0007").ShouldBe(["driverReference"]);
        Wrong(a => a.Transfers = [new ContainerTransfer { Container = "" }]).ShouldBe(["transfers[0].container", "transfers[0].vehicle"]);
        Wrong(a => a.ReplaceLocks = [new LockReplacement { Old = "", New = "8022300002" }]).ShouldBe(["replaceLocks[0].old"]);
        Wrong(a => a.AddLocks = [new LockItem { Number = "", Container = "A-NUMBER-THAT-IS-TOO-LONG" }]).ShouldBe(["addLocks[0].number", "addLocks[0].container"]);
        Wrong(a => a.RemoveContainers = [null!]).ShouldBe(["removeContainers[0]"]);
        Wrong(a => a.RemoveContainers = [.. Enumerable.Repeat("KMSU4829139", 101)]).ShouldBe(["removeContainers"]);

        static List<string> Wrong(Action<AmendMovementRequest> change) => Of(new AmendMovementRequest { MovementId = "T-1", Reason = "ordered" }, change, request => RequestRules.Check(request, Now));
    }

    [Fact]
    public void What_somebody_saw_names_the_field_that_is_wrong()
    {
        Wrong(_ => { }).ShouldBeEmpty();
        Wrong(o => o.Observer = (Observer)99).ShouldBe(["observer"]);
        Wrong(o => o.Occasion = (Occasion)99).ShouldBe(["occasion"]);
        Wrong(o => o.Seen = null!).ShouldBe(["seen"]);
        Wrong(o => o.Seen = new SeenCargo()).ShouldBe(["seen"], "nothing was seen");
        Wrong(o => (o.Seen, o.Conform) = (new SeenCargo(), false)).ShouldBeEmpty();
        Wrong(o => o.Seen.Containers = [new SeenContainer { Number = "KMSU4829139", Seals = [new SeenSeal { Number = "S-1", Condition = (SealCondition)99 }] }]).ShouldBe(["seen.containers[0].seals[0].condition"]);
        RequestRules.CheckConfirmation("T-1", Observer.Gate, Now, office: null, new SeenCargo { GrossMassKg = -5 }, Now).Select(e => e.Path).ShouldBe(["seen.grossMassKg"]);

        static List<string> Wrong(Action<ReportObservationRequest> change) =>
            Of(new ReportObservationRequest { MovementId = "T-1", At = Now, Seen = new SeenCargo { PackageCount = 1 } }, change, request => RequestRules.Check(request, Now));
    }

    [Fact]
    public void An_order_and_a_closing_name_the_field_that_is_wrong()
    {
        Wrong(_ => { }).ShouldBeEmpty();
        Wrong(o => o.OrderId = "").ShouldBe(["orderId"]);
        Wrong(o => o.Officer = " ").ShouldBe(["officer"]);
        Wrong(o => o.Purpose = (UnsealPurpose)99).ShouldBe(["purpose"]);
        Wrong(o => (o.Office, o.Latitude, o.Longitude) = ("UGMLB001", 0.64, 34.26)).ShouldBe(["office"], "an office or a place");
        Wrong(o => o.Locks = [""]).ShouldBe(["locks[0]"]);
        Wrong(o => o.From = NeverSet).ShouldBe(["from"]);
        RequestRules.Check(new CloseMovementRequest { MovementId = "T-1", Reason = "" }, Now).Select(e => e.Path).ShouldBe(["reason"]);

        static List<string> Wrong(Action<AuthoriseUnsealRequest> change) => Of(Order(), change, request => RequestRules.Check(request, Now));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once() =>
        Fields(Movement(), m => (m.MovementId, m.Regime, m.Departure!.Latitude, m.Containers[0].GrossMassKg) = ("", (Regime)99, 91, -1))
            .ShouldBe(["movementId", "regime", "containers[0].grossMassKg", "departure.latitude"]);

    private static PointItem At(double latitude, double longitude) => new() { Latitude = latitude, Longitude = longitude };

    private static AuthoriseUnsealRequest Order() => new() { MovementId = "T-1", OrderId = "O-1", Officer = "7", Until = Now.AddHours(2) };

    private static List<string> Of<T>(T request, Action<T> change, Func<T, IReadOnlyList<FieldError>> check)
    {
        change(request);
        return [.. check(request).Select(e => e.Path)];
    }

    private static List<string> Fields(RegisterMovementRequest request, Action<RegisterMovementRequest>? change = null)
    {
        change?.Invoke(request);
        return [.. RequestRules.CheckMovement(request, Now).Select(e => e.Path).Distinct()];
    }
}
