using System.Text.Json;
using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;
using Adapter.Host.Tests.Journeys;

namespace Adapter.Host.Tests.Verification;

/// <summary>Where and when the goods were, and what the locks report, against what is declared and ordered.</summary>
public class WayChecksTests
{
    private readonly Trip _trip = new();

    [Fact]
    public void Departure_has_a_window_with_two_ends()
    {
        _trip.Registration = _trip.Registration with { DepartureFrom = Trip.At(60) };
        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe("Departure from KEMBA001 is allowed from 2026-06-01 07:00 UTC on, but it was on 2026-06-01 06:40 UTC.");

        _trip.Registration = _trip.Registration with { DepartureFrom = null, DepartureUntil = Trip.At(30) };
        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe("Departure from KEMBA001 is allowed until 2026-06-01 06:30 UTC, but it was on 2026-06-01 06:40 UTC.");
    }

    [Fact]
    public void Arrival_after_the_time_limit_says_by_how_much()
    {
        _trip.Registration = _trip.Registration with { TimeLimit = Trip.At(630) };

        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe("The goods are due at UGMLB001 by 2026-06-01 16:30 UTC, but arrived on 2026-06-01 18:40 UTC, 2 h 10 min late.");
    }

    [Fact]
    public void Offices_are_passed_in_their_order()
    {
        var (first, second) = (new Office("KENBO001", null, "KE", Trip.Along(10)), new Office("KEELD001", null, "KE", Trip.Along(20)));
        _trip.Registration = _trip.Registration with { Transit = [first, second] };
        _trip.Findings().ShouldBeEmpty();

        _trip.Registration = _trip.Registration with { Transit = [second, first] };
        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe(
            "The route is KEMBA001, KEELD001, KENBO001, UGMLB001, but the goods were at KENBO001 on 2026-06-01 09:40 UTC, before they were at KEELD001 on 2026-06-01 13:00 UTC.");
    }

    [Fact]
    public void Sides_that_place_an_arrival_hours_apart_are_both_named()
    {
        _trip.Assertions[1] = _trip.Assertions[1] with { At = Trip.At(960) };

        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe("The goods arrived on 2026-06-01 18:40 UTC as the lock has it, on 2026-06-01 22:00 UTC as the transportation system has it.");
    }

    [Fact]
    public void A_deviation_says_how_far_from_when_to_when_and_where()
    {
        foreach (var leg in (int[])[10, 11])
        {
            _trip.Replace(Trip.Minute(leg), Story.Position(Trip.Minute(leg), Trip.Along(leg, north: 0.1)));
        }

        var finding = _trip.Findings().ShouldHaveSingleItem();
        finding.Severity.ShouldBe(Severity.Critical);
        finding.Text.ShouldBe("The route has a tolerance of 500 m, but the goods were up to 7.9 km outside it from 2026-06-01 09:40 UTC to 2026-06-01 10:00 UTC, furthest at -2.6824, 38.1932.");
    }

    [Fact]
    public void Cell_towers_and_places_without_a_fix_decide_nothing_about_the_route()
    {
        foreach (var leg in (int[])[10, 11, 12, 13])
        {
            _trip.Reports.Add(Story.Position(Trip.Minute(leg) + 5, Trip.Along(leg, north: 0.3), fix: leg % 2 == 0 ? FixKind.Approximate : FixKind.None));
        }

        _trip.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void A_permitted_area_permits_what_is_off_the_corridor()
    {
        foreach (var leg in (int[])[10, 11])
        {
            _trip.Replace(Trip.Minute(leg), Story.Position(Trip.Minute(leg), Trip.Along(leg, north: 0.1)));
        }

        var middle = Trip.Along(10.5, north: 0.1);
        _trip.Registration = _trip.Registration with
        {
            Route = _trip.Registration.Route! with { Stops = [new PlannedStop("bypass", Point(middle), RadiusMetres: 20_000)] },
        };

        _trip.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void A_stop_is_named_with_its_place_and_length_unless_it_is_planned_and_short_enough()
    {
        Stand(40);
        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe("No stop is planned there, but the goods stood at -2.0219, 37.3192 from 2026-06-01 11:40 UTC to 2026-06-01 12:20 UTC, 40 min; 15 min are allowed.");

        Plan(atMost: null);
        _trip.Findings().ShouldBeEmpty();

        Plan(atMost: 30);
        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe("The goods may stand 30 min at planned stop Voi, but stood there from 2026-06-01 11:40 UTC to 2026-06-01 12:20 UTC, 40 min.");
    }

    [Fact]
    public void Dangerous_goods_may_stand_five_minutes_and_need_an_order_to_be_opened()
    {
        Stand(10);
        _trip.Findings().ShouldBeEmpty();

        _trip.Registration = _trip.Registration with { Regime = Regime.DangerousGoods };
        var findings = _trip.Findings();
        findings.Select(f => (f.Code, f.Severity)).ShouldBe([("stop.unauthorised", Severity.Critical), ("seal.opened-without-order", Severity.Critical)]);
        findings[1].Text.ShouldEndWith("and no order to open it was given.");
    }

    [Fact]
    public void A_lock_that_arrives_open_says_where_it_was_opened()
    {
        _trip.Replace(Trip.Minute(36), Story.Position(Trip.Minute(36), Trip.Along(36), locked: false, rope: false));
        _trip.Replace(Trip.Minute(37), Story.Position(Trip.Minute(37), Story.Malaba, locked: false, rope: false));

        _trip.Texts("seal.open-at-arrival").ShouldBe(["The goods are to arrive under lock 8022300001, but it was open when they came to UGMLB001 on 2026-06-01 18:40 UTC; it was opened on 2026-06-01 18:20 UTC at 0.5132, 34.4057."]);
    }

    [Fact]
    public void An_opening_for_examination_by_order_is_no_finding()
    {
        Open(leg: 20);
        _trip.Findings().Select(f => f.Code).ShouldBe(["seal.opened-outside-destination", "seal.opened-without-order"], ignoreOrder: true);

        _trip.Orders.Add(Trip.Order(400, 800));
        _trip.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void A_lock_opened_long_after_it_was_last_seen_was_opened_nobody_knows_where_until_it_is_seen_again()
    {
        // All positions from minute 400 on are lost; what is told of the opening has no satellite fix.
        _trip.Reports.RemoveAll(r => r.DeviceTime >= Trip.At(400));
        _trip.Reports.Add(Story.Event(420, LockEventKind.Unseal, Trip.Along(20)));
        Opened().ShouldBeEmpty();

        _trip.Reports.Add(Story.Position(460, Trip.Along(22), locked: false, rope: false));
        Opened().ShouldBe(["seal.opened-outside-destination", "seal.opened-without-order"], ignoreOrder: true);

        IEnumerable<string> Opened() => _trip.Findings().Select(f => f.Code).Where(code => code.StartsWith("seal.opened", StringComparison.Ordinal));
    }

    [Fact]
    public void An_order_allows_its_lock_its_time_and_its_place_and_nothing_else()
    {
        Open(leg: 20);
        _trip.Orders.Add(Trip.Order(770, 800, "UGMLB001") with { Id = "O-2" });

        Allowed(Trip.Order(410, 430, place: Trip.Along(20))).ShouldBeTrue();
        Allowed(Trip.Order(410, 430, locks: Story.Lock)).ShouldBeTrue();
        Allowed(Trip.Order(410, 430, locks: LockId.Parse("1"))).ShouldBeFalse();
        Allowed(Trip.Order(430, 440)).ShouldBeFalse();
        Allowed(Trip.Order(410, 430, "UGMLB001")).ShouldBeFalse();
        Allowed(Trip.Order(410, 430, place: Trip.Along(21))).ShouldBeFalse();
        _trip.Orders[^1] = Trip.Order(410, 430, "UGMLB001");
        _trip.Texts("seal.opened-without-order").ShouldBe(
        [
            "Lock 8022300001 was opened on 2026-06-01 13:00 UTC at -1.5149, 36.7365, and no order allows that: order O-2 of officer 7 is for all locks at UGMLB001 from 2026-06-01 18:50 UTC to 2026-06-01 19:20 UTC; "
            + "order O-1 of officer 7 is for all locks at UGMLB001 from 2026-06-01 12:50 UTC to 2026-06-01 13:10 UTC, which is elsewhere.",
        ]);

        bool Allowed(UnsealOrder order)
        {
            _trip.Orders.RemoveRange(1, _trip.Orders.Count - 1);
            _trip.Orders.Add(order);
            return _trip.Texts("seal.opened-without-order").Count == 0;
        }
    }

    [Fact]
    public void Silence_while_moving_is_a_gap()
    {
        _trip.Reports.RemoveAll(r => r.DeviceTime > Trip.At(500) && r.DeviceTime < Trip.At(600));
        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe(
            "Lock 8022300001 is to tell where the goods are, but there is no satellite position of it from 2026-06-01 14:20 UTC at -1.0078, 36.1538 to 2026-06-01 16:00 UTC at -0.3741, 35.4254: 1 h 40 min, in which it moved 107.4 km.");
    }

    [Fact]
    public void Sleep_at_one_place_is_no_gap()
    {
        Stand(90);
        Plan(atMost: null);

        _trip.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void A_forged_position_is_found_by_its_speed()
    {
        _trip.Replace(Trip.Minute(30), Story.Position(Trip.Minute(30), new GeoPoint(5, 30)));

        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe(
            "Lock 8022300001 was at -0.3741, 35.4254 on 2026-06-01 16:00 UTC and at 5.0000, 30.0000 on 2026-06-01 16:20 UTC: 849 km with 2546 km/h. One of the two is wrong or forged.");
    }

    [Fact]
    public void What_comes_after_closing_is_a_finding_and_opens_nothing()
    {
        _trip.TellAfterClosing(Story.Event(500, LockEventKind.RopeCut, receivedMinute: 1010));
        _trip.Observations.Add(Trip.Seen(Side.Gate, Occasion.EnRoute, "UGMLB001", 1030));
        _trip.Assertions.Add(new MilestoneAssertion(MilestoneNames.Arrived, Side.Gate, "UGMLB001", Trip.At(1020), Trip.At(1021), Late: false, "gate", 990));

        _trip.Texts("journey.events-after-closing").ShouldBe(
        [
            "The journey was closed on 2026-06-01 22:40 UTC by alice, but lock 8022300001 reported ROPE_CUT of 2026-06-01 14:20 UTC, received on 2026-06-01 22:50 UTC. The journey stays closed.",
            "The journey was closed on 2026-06-01 22:40 UTC by alice, but the gate at UGMLB001 on 2026-06-01 23:10 UTC saw its goods. The journey stays closed.",
            "The journey was closed on 2026-06-01 22:40 UTC by alice, but the gate says that it arrived on 2026-06-01 23:00 UTC. The journey stays closed.",
        ]);
        JourneyStatus.Of(_trip.State()).ShouldBe("closed");
    }

    [Fact]
    public void Where_the_truck_was_before_its_goods_left_is_nobody_s_concern()
    {
        // From its yard off the route, where it stood, it comes to the port with an open lock.
        var yard = Story.Mombasa with { Latitude = Story.Mombasa.Latitude + 0.03 };
        _trip.Replace(0, Story.Position(0, yard, locked: false, rope: false));
        _trip.Replace(5, Story.Position(5, yard, locked: false, rope: false));
        _trip.Reports.Add(Story.Position(18, yard, locked: false, rope: false));
        _trip.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void A_long_way_to_the_port_without_a_position_is_no_gap()
    {
        _trip.Replace(0, Story.Position(0, Trip.Along(2), locked: false, rope: false));
        _trip.Delay(1, 70);
        _trip.Assertions.RemoveAt(0);

        _trip.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void Where_the_truck_goes_after_its_arrival_is_nobody_s_concern()
    {
        // Still sealed, or the lock would not be the journey's any more.
        var yard = Story.Malaba with { Latitude = Story.Malaba.Latitude + 0.03 };
        _trip.Replace(780, Story.Position(780, Story.Malaba));
        _trip.Reports.AddRange([.. ((double[])[800, 820, 840]).Select(minute => Story.Position(minute, yard)), Story.Position(920, Trip.Along(33))]);

        _trip.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void Two_locks_on_one_vehicle_see_one_stop_and_one_deviation()
    {
        foreach (var leg in (int[])[10, 11])
        {
            _trip.Replace(Trip.Minute(leg), Story.Position(Trip.Minute(leg), Trip.Along(leg, north: 0.1)));
        }

        Stand(40);
        var second = LockId.Parse("8022300002");
        _trip.Registration = _trip.Registration with { Locks = [.. _trip.Registration.Locks, new LockAssignment(second, Container: null, Story.Start)] };
        _trip.Reports.AddRange([.. _trip.Reports.Select(report => report with { Lock = second })]);

        _trip.Findings().Select(f => f.Code).ShouldBe(["route.deviation", "stop.unauthorised"], ignoreOrder: true);
    }

    [Fact]
    public void A_lock_whose_arrival_is_seen_just_after_its_opening_was_opened_there()
    {
        _trip.Reports.Add(Story.Event(755, LockEventKind.Unseal, Story.Malaba));
        _trip.Replace(Trip.Minute(37), Story.Position(Trip.Minute(37), Story.Malaba, locked: false, rope: false));

        _trip.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void A_lock_first_seen_open_far_from_the_port_was_opened_on_the_road_and_not_at_its_departure()
    {
        _trip.Registration = _trip.Registration with { DepartureUntil = null };
        _trip.Assertions.RemoveAt(0);
        _trip.Reports.RemoveAll(r => r.DeviceTime > Trip.At(25) && r.DeviceTime < Trip.At(Trip.Minute(20)));
        Open(leg: 20);

        _trip.Findings().Select(f => f.Code).ShouldBe(["seal.opened-outside-destination", "seal.opened-without-order"], ignoreOrder: true);
    }

    [Fact]
    public void Where_customs_give_orders_a_release_without_one_is_found_also_at_its_destination()
    {
        _trip.Orders.Add(Trip.Order(100, 200));

        _trip.Findings().ShouldHaveSingleItem().Text.ShouldEndWith("and no order allows that: order O-1 of officer 7 is for all locks from 2026-06-01 07:40 UTC to 2026-06-01 09:20 UTC.");
    }

    [Fact]
    public void An_office_that_the_truck_passed_on_its_way_to_the_port_is_not_visited_out_of_order()
    {
        _trip.Registration = _trip.Registration with { Transit = [new Office("KENBO001", null, "KE", Trip.Along(10)), new Office("KEELD001", null, "KE", Trip.Along(20))] };
        _trip.Replace(0, Story.Position(0, Trip.Along(20), locked: false, rope: false));

        _trip.Texts("office.order-differs").ShouldBeEmpty();
    }

    private void Open(int leg) => _trip.Replace(Trip.Minute(leg), Story.Position(Trip.Minute(leg), Trip.Along(leg), locked: false, rope: false));

    private void Stand(double minutes)
    {
        var minute = Trip.Minute(16);
        _trip.Delay(minute + 1, minutes);
        _trip.Reports.Add(Story.Position(minute + minutes, Trip.Along(16)));
    }

    private void Plan(int? atMost) => _trip.Registration = _trip.Registration with
    {
        Route = _trip.Registration.Route! with { Stops = [new PlannedStop("Voi", Point(Trip.Along(16)), AtMostMinutes: atMost)] },
    };

    private static JsonElement Point(GeoPoint at) =>
        JsonSerializer.SerializeToElement(new { type = "Point", coordinates = (double[])[at.Longitude, at.Latitude] });
}
