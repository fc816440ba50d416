using System.Globalization;
using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys.Geography;
using Adapter.Host.Rehearsal;

namespace Adapter.Integration.Tests.Rehearsal;

public sealed class DemoJourneyTests
{
    private static readonly DateTimeOffset Start = new(2026, 7, 9, 4, 30, 0, TimeSpan.Zero);
    private static readonly DemoJourney Journey = DemoJourney.Load();
    private static readonly IReadOnlyList<DemoPush> Pushes = Journey.Telemetry(Start);

    [Fact]
    public void The_registration_is_valid_and_binds_the_lock_from_the_start()
    {
        var registration = Journey.Registration(Start);

        JourneyRegistrationRules.Check(registration).ShouldBeEmpty();
        var assignment = registration.Locks.ShouldHaveSingleItem();
        assignment.Lock.Value.ShouldBe("8022300001");
        assignment.From.ShouldBe(Start);
        registration.Containers.ShouldHaveSingleItem().Seals.ShouldHaveSingleItem();
        (registration.Departure.Country, registration.Destination.Country, registration.Vehicle!.Nationality).ShouldBe(("KE", "UG", "KE"));
        registration.Regime.ShouldBe(Regime.CrossBorder);
        var json = JsonSerializer.Serialize(registration, JsonSerializerOptions.Web);
        JsonSerializer.Serialize(JsonSerializer.Deserialize<JourneyRegistration>(json, JsonSerializerOptions.Web), JsonSerializerOptions.Web).ShouldBe(json);
    }

    [Fact]
    public void Container_and_mrn_carry_their_check_digits()
    {
        var registration = Journey.Registration(Start);
        var container = registration.Containers[0].Number;

        CheckDigit("CSQU305438").ShouldBe(3, "the standard's own example");
        container.ShouldMatch("^[A-Z]{3}U[0-9]{7}$");
        CheckDigit(container[..10]).ShouldBe(container[10] - '0');
        registration.Mrn!.ShouldMatch("^26KE[A-Z0-9]{12}[J-M][0-9]$");
        CheckDigit(registration.Mrn![..17]).ShouldBe(registration.Mrn![17] - '0');
    }

    [Fact]
    public void The_road_leads_from_office_to_office_in_legs_of_the_corridors_length()
    {
        var registration = Journey.Registration(Start);

        Journey.Road.Places.Count.ShouldBeGreaterThanOrEqualTo(40);
        Journey.Road.Places[0].Point.ShouldBe(registration.Departure.Position);
        Journey.Road.Places[^1].Point.ShouldBe(registration.Destination.Position);
        Journey.Road.LengthKm.ShouldBeInRange(800, 960);
        foreach (var (from, to) in Journey.Road.Places.Zip(Journey.Road.Places.Skip(1)))
        {
            from.Point.MetresTo(to.Point).ShouldBeInRange(1_000, 35_000, $"{from.Place} to {to.Place}");
        }
    }

    [Fact]
    public void The_truck_never_moves_more_than_15_km_in_ten_minutes()
    {
        var positions = Positions().OrderBy(p => p.At).ToList();

        foreach (var (before, after) in positions.Zip(positions.Skip(1)))
        {
            var minutes = (after.At - before.At).TotalMinutes;
            minutes.ShouldBeLessThanOrEqualTo(16);
            before.Point.MetresTo(after.Point).ShouldBeLessThanOrEqualTo(Math.Max(minutes, 0.01) * 1_500);
            after.SpeedKmh.ShouldBeInRange(0, 90);
        }
    }

    [Fact]
    public void Location_pushes_have_the_documented_fields_in_order()
    {
        using var json = JsonDocument.Parse(Pushes[0].Json);

        json.RootElement.EnumerateObject().Select(p => p.Name).ShouldBe([
            "assetId", "longitude", "latitude", "speed", "direction", "mileage", "gpsTime", "recvTime", "locType", "cellSignal", "gnssSignal",
            "cells", "battery", "voltage", "statusJson", "expandInfo"]);
        Pushes[0].Json.ShouldContain("\"statusJson\":\"{\\\"lockBar\\\":-1,\\\"lockRope\\\":1,\\\"lockStatus\\\":1}\"");
        json.RootElement.GetProperty("gpsTime").GetString().ShouldBe("2026-07-09T04:30:00Z");
        json.RootElement.GetProperty("recvTime").GetString().ShouldBe("2026-07-09T04:30:00.964Z");
    }

    [Fact]
    public void The_story_is_told_in_order()
    {
        var told = Pushes
            .Select((push, index) => (push, index))
            .Where(x => x.push.Path != DemoJourney.LocationPath)
            .Select(x => (x.push.Path, Type: Row(x.push).GetProperty("FDataType").GetInt32(), Ended: Row(x.push).GetProperty("FEndTime").ValueKind != JsonValueKind.Null))
            .ToList();

        told.ShouldBe([
            (DemoJourney.EventPath, 6, false),
            (DemoJourney.AlarmPath, 10, false),
            (DemoJourney.AlarmPath, 10, false),
            (DemoJourney.AlarmPath, 10, true),
            (DemoJourney.EventPath, 5, false),
            (DemoJourney.EventPath, 5, false),
            (DemoJourney.EventPath, 5, false)]);
        DemoJourney.ExpectedKinds.ShouldBe(["SEAL", "DEPARTURE", "ROPE_CUT", "ARRIVAL", "UNSEAL"]);
    }

    [Fact]
    public void The_lock_is_open_locked_cut_mended_and_open_again()
    {
        var states = new List<string>();
        foreach (var position in Positions().OrderBy(p => p.At))
        {
            if (states.LastOrDefault() != position.State)
            {
                states.Add(position.State);
            }
        }

        states.ShouldBe([
            """{"lockBar":-1,"lockRope":1,"lockStatus":1}""",
            """{"lockBar":-1,"lockRope":0,"lockStatus":0}""",
            """{"lockBar":-1,"lockRope":1,"lockStatus":0}""",
            """{"lockBar":-1,"lockRope":0,"lockStatus":0}""",
            """{"lockBar":-1,"lockRope":1,"lockStatus":1}"""]);
    }

    [Fact]
    public void The_cut_is_near_naivasha_and_told_in_three_ways_within_two_minutes()
    {
        var alarms = Pushes.Where(p => p.Path == DemoJourney.AlarmPath).Select(Row).ToList();
        var start = Time(alarms[0].GetProperty("FStartTime").GetString() + "Z");
        var position = Positions().First(p => p.State.Contains("\"lockRope\":1,\"lockStatus\":0", StringComparison.Ordinal));

        alarms.Select(a => a.GetProperty("FGUID").GetString()).Distinct().Count().ShouldBe(1);
        (position.At - start).ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(2));
        position.Point.MetresTo(Journey.Road.Places.Single(p => p.Place == "Naivasha").Point).ShouldBeLessThan(15_000);
        alarms[^1].GetProperty("FKeepSeconds").GetInt64().ShouldBe(1920);
        alarms[0].GetProperty("FStartTime").GetString()!.ShouldNotEndWith("Z");
    }

    [Fact]
    public void The_hole_comes_as_one_late_burst_out_of_order_with_a_copy_in_it()
    {
        var burst = Pushes.Single(p => p.Json.StartsWith('['));
        using var json = JsonDocument.Parse(burst.Json);
        var reports = json.RootElement.EnumerateArray().Select(Position.Of).ToList();
        var index = Pushes.ToList().IndexOf(burst);
        using var before = JsonDocument.Parse(Pushes[index - 1].Json);

        reports.Count.ShouldBeGreaterThan(15);
        reports.Select(r => r.At).ShouldNotBe(reports.Select(r => r.At).Order());
        reports.Select(r => r.At).Distinct().Count().ShouldBe(reports.Count - 1);
        reports.ShouldAllBe(r => r.ReceivedAt - r.At > TimeSpan.FromMinutes(10));
        reports.Max(r => r.ReceivedAt - r.At).ShouldBeGreaterThan(TimeSpan.FromHours(3));
        reports.Max(r => r.At).ShouldBeLessThan(Position.Of(before.RootElement).At);
    }

    [Fact]
    public void Copies_are_there_of_both_kinds()
    {
        Pushes.GroupBy(p => p.Json).Count(g => g.Count() > 1).ShouldBeGreaterThanOrEqualTo(4);
        Positions().GroupBy(p => p.At).Count(g => g.Select(p => p.ReceivedAt).Distinct().Count() > 1).ShouldBeGreaterThanOrEqualTo(2);
        Pushes.Count.ShouldBeInRange(90, 140);
    }

    [Fact]
    public void It_seals_and_stays_in_the_area_of_departure_and_unseals_in_the_area_of_destination()
    {
        var (departure, destination) = (Journey.Registration(Start).Departure, Journey.Registration(Start).Destination);
        var positions = Positions().OrderBy(p => p.At).ToList();
        var rows = Pushes.Where(p => p.Path == DemoJourney.EventPath).Select(Row).ToList();

        positions.Count(p => p.State.EndsWith("\"lockStatus\":0}", StringComparison.Ordinal) && Inside(p.Point, departure)).ShouldBeGreaterThanOrEqualTo(3);
        Inside(Place(rows[0]), departure).ShouldBeTrue();
        Inside(Place(rows[^1]), destination).ShouldBeTrue();
        var arrival = positions.First(p => Inside(p.Point, destination));
        arrival.At.ShouldBeLessThan(Time(rows[^1].GetProperty("FStartTime").GetString() + "Z"));
        positions.SkipWhile(p => Inside(p.Point, departure)).Count(p => Inside(p.Point, departure)).ShouldBe(0);
    }

    [Fact]
    public void The_last_report_lies_as_long_ago_as_asked_and_each_run_says_the_same()
    {
        var now = new DateTimeOffset(2026, 7, 10, 12, 0, 0, 250, TimeSpan.Zero);
        var start = DemoJourney.StartFor(now, TimeSpan.FromMinutes(3));

        var last = Journey.Telemetry(start).Where(p => p.Path == DemoJourney.LocationPath).SelectMany(Positions).Max(p => p.At);

        (now - last).ShouldBeInRange(TimeSpan.FromMinutes(2.9), TimeSpan.FromMinutes(3.1));
        DemoJourney.Load().Telemetry(Start).ShouldBe(Pushes);
    }

    [Fact]
    public void The_clean_and_the_straying_journey_are_valid_and_have_numbers_of_their_own()
    {
        DemoJourney[] all = [Journey, DemoJourney.LoadClean(), DemoJourney.LoadAstray()];

        foreach (var registration in all.Select(j => j.Registration(Start)))
        {
            JourneyRegistrationRules.Check(registration).ShouldBeEmpty();
            RouteMap.Check(registration).ShouldBeEmpty();
            CheckDigit(registration.Mrn![..17]).ShouldBe(registration.Mrn![17] - '0');
            CheckDigit(registration.Containers[0].Number[..10]).ShouldBe(registration.Containers[0].Number[10] - '0');
        }

        foreach (var numbers in new Func<JourneyRegistration, string>[] { r => r.JourneyId, r => r.Mrn!, r => r.ManifestNumber!, r => r.Vehicle!.Plate, r => r.Containers[0].Number, r => r.Locks[0].Lock.Value })
        {
            all.Select(j => numbers(j.Registration(Start))).Distinct().Count().ShouldBe(all.Length);
        }
    }

    [Fact]
    public void The_straying_journey_leaves_its_corridor_once_and_has_not_arrived_when_its_time_is_up()
    {
        var journey = DemoJourney.LoadAstray();
        var registration = journey.Registration(Start);
        var corridor = RouteMap.Of(registration).Corridor!;
        var positions = journey.Telemetry(Start).Where(p => p.Path == DemoJourney.LocationPath).SelectMany(Positions).OrderBy(p => p.At).ToList();

        var outside = positions.Select(p => corridor.Contains(p.Point, Zone.DriftMetres) == false).ToList();
        outside.Zip(outside.Skip(1)).Count(pair => pair.First != pair.Second).ShouldBe(2, "out and back in");
        positions[^1].At.ShouldBeGreaterThan(registration.TimeLimit!.Value);
        positions.ShouldAllBe(p => !Inside(p.Point, registration.Destination));
        positions.Zip(positions.Skip(1)).ShouldAllBe(pair => pair.First.Point.MetresTo(pair.Second.Point) <= 15_000);
        var clean = DemoJourney.LoadClean();
        clean.Telemetry(Start).Where(p => p.Path == DemoJourney.LocationPath).SelectMany(Positions).ShouldAllBe(p => RouteMap.Of(clean.Registration(Start)).Corridor!.Contains(p.Point, Zone.DriftMetres) == true);
    }

    private static bool Inside(GeoPoint point, Office office) => point.MetresTo(office.Position!) <= office.RadiusMetres;

    private static GeoPoint Place(JsonElement row) => new(row.GetProperty("FStartLatitude").GetDouble(), row.GetProperty("FStartLongitude").GetDouble());

    private static JsonElement Row(DemoPush push)
    {
        using var json = JsonDocument.Parse(push.Json);
        return json.RootElement.Clone();
    }

    private static IEnumerable<Position> Positions() => Pushes.Where(p => p.Path == DemoJourney.LocationPath).SelectMany(Positions);

    private static IEnumerable<Position> Positions(DemoPush push)
    {
        var json = Row(push);
        return json.ValueKind == JsonValueKind.Array ? json.EnumerateArray().Select(Position.Of) : [Position.Of(json)];
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>The check digit of ISO 6346, which movement reference numbers share.</summary>
    private static int CheckDigit(string text)
    {
        const string Letters = "A?BCDEFGHIJK?LMNOPQRSTU?VWXYZ";   // letters count from 10 and leave the multiples of 11 out
        return text.Select((c, i) => (char.IsAsciiDigit(c) ? c - '0' : Letters.IndexOf(c, StringComparison.Ordinal) + 10) * (1 << i)).Sum() % 11 % 10;
    }

    private sealed record Position(DateTimeOffset At, DateTimeOffset ReceivedAt, GeoPoint Point, int SpeedKmh, string State)
    {
        public static Position Of(JsonElement json) => new(
            Time(json.GetProperty("gpsTime").GetString()!), Time(json.GetProperty("recvTime").GetString()!),
            new GeoPoint(json.GetProperty("latitude").GetDouble(), json.GetProperty("longitude").GetDouble()),
            json.GetProperty("speed").GetInt32(), json.GetProperty("statusJson").GetString()!);
    }
}
