using System.Globalization;
using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

namespace Adapter.Contracts.Tests.Transit;

public sealed class JourneyRegistrationRulesTests
{
    private static readonly JourneyRegistration Valid = new()
    {
        JourneyId = "m-2",
        Mrn = "26JO00000000000012",
        Carrier = new Carrier("C-1", "Petra Lines"),
        Vehicle = new Vehicle("12-34567", "JO"),
        Containers = [new Container("MSKU1234565", [new Seal("S-1")])],
        Locks = [new LockAssignment(LockId.Parse("8022300001"), "MSKU1234565", null)],
        Departure = new Office("JO000001", "Aqaba", "JO", new GeoPoint(29.5, 35)),
        Transit = [new Office("JO000003", null, null, null)],
        Destination = new Office("JO000002", "Amman", "JO", new GeoPoint(31.9, 35.9)),
    };

    [Fact]
    public void A_complete_registration_has_no_errors() => JourneyRegistrationRules.Check(Valid).ShouldBeEmpty();

    [Fact]
    public void The_manifest_number_takes_the_place_of_the_mrn_but_one_must_be_there()
    {
        JourneyRegistrationRules.Check(Valid with { Mrn = null, ManifestNumber = "MAN-1" }).ShouldBeEmpty();
        Errors(Valid with { Mrn = null }).ShouldBe(["mrn"]);
    }

    [Fact]
    public void All_errors_are_told_at_once_each_with_its_field() => Errors(Valid with
    {
        JourneyId = new string('x', 36),
        Vehicle = new Vehicle("", "jo"),
        Containers = [new Container("MSKU1234565", [new Seal("S\u0007")])],
        Departure = new Office("", null, null, new GeoPoint(0, 0), RadiusMetres: 49),
        Destination = null!,
    }).ShouldBe(
        ["journeyId", "vehicle.plate", "vehicle.nationality", "departure.code", "departure.position", "departure.radiusMetres", "destination", "containers[0].seals[0].number"],
        ignoreOrder: true);

    [Fact]
    public void A_lock_belongs_to_a_container_of_the_journey_and_is_named_once()
    {
        var one = new LockAssignment(LockId.Parse("8022300001"), "MSKU1234565", null);

        Errors(Valid with { Locks = [one with { Container = "OTHER" }] }).ShouldBe(["locks[0].container"]);
        Errors(Valid with { Locks = [one, one with { Container = null }] }).ShouldBe(["locks"]);
        Errors(Valid with { Locks = [one with { Lock = null! }, null!] }).ShouldBe(["locks[0].lock", "locks[1]"]);
        Errors(Valid with { Containers = [null!] }).ShouldBe(["containers[0]", "locks[0].container"]);
    }

    [Theory]
    [InlineData("2000-01-01T00:00:00Z")]
    [InlineData("2099-01-01T00:00:00Z")]
    public void A_clock_that_was_never_set_or_runs_wild_is_named_with_each_field_that_it_wrote(string told)
    {
        var (wrong, now) = (DateTimeOffset.Parse(told, CultureInfo.InvariantCulture), new DateTimeOffset(2026, 6, 1, 6, 0, 0, TimeSpan.Zero));

        JourneyRegistrationRules.Check(Valid with { DepartureFrom = wrong, DepartureUntil = wrong }, now).Keys.ShouldBe(["departureFrom", "departureUntil"]);
        JourneyRegistrationRules.Check(Valid with { TimeLimit = wrong }, now).Keys.ShouldBe(["timeLimit"]);
        JourneyRegistrationRules.Check(Valid with { TimeLimit = now.AddDays(-30) }, now).ShouldBeEmpty("it is overdue, and that is found");
    }

    [Theory]
    [InlineData(double.NaN, false)]
    [InlineData(50_001, false)]
    [InlineData(50, true)]
    [InlineData(50_000, true)]
    public void The_area_of_an_office_has_a_sensible_radius(double radius, bool valid) =>
        Errors(Valid with { Destination = Valid.Destination with { RadiusMetres = radius } }).ShouldBe(valid ? [] : ["destination.radiusMetres"]);

    [Fact]
    public void There_are_limits_to_how_much_one_registration_names()
    {
        Errors(Valid with { Transit = [.. Enumerable.Repeat(Valid.Departure, 51)] }).ShouldBe(["transit"]);
        Errors(Valid with { Transit = [.. Enumerable.Repeat(Valid.Departure, 50)] }).ShouldBeEmpty();
    }

    [Fact]
    public void A_registration_survives_json()
    {
        var json = JsonSerializer.Serialize(Valid);

        var back = JsonSerializer.Deserialize<JourneyRegistration>(json).ShouldNotBeNull();

        JsonSerializer.Serialize(back).ShouldBe(json);
        back.Locks.ShouldBe(Valid.Locks);
        back.Departure.ShouldBe(Valid.Departure);
        json.ShouldContain("\"Regime\":\"Transit\"");
    }

    private static string[] Errors(JourneyRegistration registration) => [.. JourneyRegistrationRules.Check(registration).Keys];
}
