using System.ComponentModel.DataAnnotations;
using Adapter.Contracts.Customs;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;
using Adapter.Host.Verification;

namespace Adapter.Host.Tests.Verification;

/// <summary>Seals, containers, vehicle, packages, weight, offices: papers against papers and against what was seen.</summary>
public class CargoChecksTests
{
    private readonly Trip _trip = new();

    [Fact]
    public void Three_flows_that_agree_in_different_spellings_raise_nothing() => _trip.Findings().ShouldBeEmpty();

    [Fact]
    public void A_seal_that_is_not_declared_is_named_with_those_that_are()
    {
        _trip.SealsAtArrival(new("S-1", SealCondition.Intact), new("X-9", SealCondition.Intact));

        _trip.Texts("seal.numbers-differ").ShouldBe(["The declaration names seals S-1, S-2 on container MSKU1234567, but the officer at UGMLB001 on 2026-06-01 18:45 UTC found S-1, X-9: X-9 is not declared."]);
    }

    [Fact]
    public void Manifest_and_declaration_name_the_same_seals()
    {
        _trip.Manifest = _trip.Manifest! with { Containers = [_trip.Manifest.Containers[0] with { Seals = ["S-1"] }] };

        _trip.Texts("seal.numbers-differ").ShouldBe(["The declaration names seals S-1, S-2 on container MSKU1234567, the manifest S-1."]);
    }

    [Fact]
    public void An_e_lock_that_an_officer_notes_among_the_seals_is_no_strange_seal()
    {
        _trip.SealsAtArrival(new("S-1", SealCondition.Intact), new("S-2", SealCondition.Intact), new("8022300001", SealCondition.Intact));

        _trip.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void A_missing_seal_is_counted_whether_it_is_left_out_or_called_missing()
    {
        _trip.SealsAtArrival(new ObservedSeal("S-1", SealCondition.Intact));
        _trip.Texts("seal.count-differs").ShouldBe(["The declaration names 2 seals on container MSKU1234567 (S-1, S-2), but the officer at UGMLB001 on 2026-06-01 18:45 UTC found 1 (S-1)."]);

        _trip.SealsAtArrival(new("S-1", SealCondition.Intact), new("S-2", SealCondition.Missing));
        _trip.Findings().Select(f => f.Code).ShouldBe(["seal.count-differs", "seal.not-intact"], ignoreOrder: true);
    }

    [Theory]
    [InlineData("Broken", "broken")]
    [InlineData("Damaged", "damaged")]
    [InlineData("Faulty", "faulty")]
    public void A_seal_that_is_not_whole_is_a_finding_of_its_own(string condition, string word)
    {
        _trip.SealsAtArrival(new("S-1", Enum.Parse<SealCondition>(condition)), new("S-2", SealCondition.Intact));

        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe($"Container MSKU1234567 is to travel under seal S-1, but the officer at UGMLB001 on 2026-06-01 18:45 UTC found that seal {word}.");
    }

    [Fact]
    public void Nobody_who_looked_at_no_seal_contradicts_one()
    {
        _trip.SealsAtArrival();

        _trip.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void Containers_are_the_same_to_all()
    {
        _trip.ObserveArrival(o => o with { Containers = [o.Containers[0] with { Number = "TCLU7654321" }] });

        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe("The declaration names containers MSKU1234567, but the officer at UGMLB001 on 2026-06-01 18:45 UTC saw TCLU7654321.");
    }

    [Fact]
    public void A_container_that_its_manifest_has_not_is_named()
    {
        _trip.Manifest = _trip.Manifest! with { Containers = [new DeclaredContainer("TCLU7654321", [], 100, null)] };

        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe("The declaration names container MSKU1234567, which is not among those of manifest MAN-1: TCLU7654321.");
    }

    [Fact]
    public void Once_another_vehicle_carries_a_part_an_observer_may_see_either_vehicle_and_its_part_alone()
    {
        var third = new Vehicle("UBB 114K", "UG");
        _trip.Registration = _trip.Registration with { Containers = [.. _trip.Registration.Containers, new Container("TCLU7654321", [])] };
        _trip.ObserveArrival(o => o with { VehiclePlate = "ubb-114k" });
        Codes(carried: false).ShouldBe(["container.numbers-differ", "vehicle.plate-differs"]);
        Codes(carried: true).ShouldBeEmpty();

        _trip.ObserveArrival(o => o with { VehiclePlate = "UAX 999Z", Containers = [new ObservedContainer("NOPE0000000", [], null, null)] });
        Codes(carried: true).ShouldBe(["container.numbers-differ", "vehicle.plate-differs"]);

        List<string> Codes(bool carried)
        {
            var state = _trip.State();
            state = carried ? state with { Journey = state.Journey! with { CarriedBy = new Dictionary<string, Vehicle>(StringComparer.Ordinal) { ["TCLU7654321"] = third } } } : state;
            var arrival = state with { Observations = [state.Observations[^1]] };
            return [.. ((ICheck[])[new ContainerNumbers(), new VehiclePlate()]).Where(check => check.Check(arrival with { Manifest = null }).Any()).Select(check => check.Code)];
        }
    }

    [Fact]
    public void A_manifest_of_several_movements_may_hold_more_than_this_one()
    {
        _trip.Manifest = _trip.Manifest! with { Containers = [.. _trip.Manifest.Containers, new DeclaredContainer("TCLU7654321", [], 50, 5_000)], PackageCount = 150, GrossMassKg = 25_000 };

        _trip.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void The_vehicle_is_the_same_to_all()
    {
        _trip.ObserveArrival(o => o with { VehiclePlate = "UAX 999Z" });
        _trip.Texts("vehicle.plate-differs").ShouldBe(["The transportation system registered vehicle KBX 123A, but the officer at UGMLB001 on 2026-06-01 18:45 UTC saw UAX 999Z."]);

        _trip.Manifest = _trip.Manifest! with { VehiclePlate = "KBX 124A" };
        _trip.Texts("vehicle.plate-differs").ShouldContain("The transportation system registered vehicle KBX 123A, manifest MAN-1 names KBX 124A.");
    }

    [Fact]
    public void What_was_seen_before_an_amendment_is_held_against_what_was_registered_then()
    {
        _trip.ObserveArrival(o => o with { VehiclePlate = "UAX 999Z" });
        var state = _trip.State();
        var journey = state.Journey!;
        var amended = state with
        {
            Journey = journey with
            {
                Registration = journey.Registration with { Vehicle = new Vehicle("UAX 999Z", "UG") },
                Amendments = [new Amendment(Trip.At(400), "clerk", "breakdown", ["Vehicle is UAX 999Z instead of KBX 123A."], 800) { Before = journey.Registration }],
            },
        };

        new VehiclePlate().Check(state).ShouldHaveSingleItem();
        new VehiclePlate().Check(amended).ShouldBeEmpty();
    }

    [Fact]
    public void Packages_are_counted_in_all_and_in_each_container()
    {
        _trip.ObserveArrival(o => o with { PackageCount = 97, Containers = [o.Containers[0] with { PackageCount = 97 }] });

        _trip.Texts("cargo.packages-differ").ShouldBe(
        [
            "Manifest MAN-1 names 100 packages, but the officer at UGMLB001 on 2026-06-01 18:45 UTC counted 97.",
            "Manifest MAN-1 names 100 packages in container MSKU 123456-7, but the officer at UGMLB001 on 2026-06-01 18:45 UTC counted 97.",
        ]);
    }

    [Theory]
    [InlineData("Officer", 20_300, false)]
    [InlineData("Officer", 19_700, false)]
    [InlineData("Officer", 20_500, true)]
    [InlineData("Officer", 19_500, true)]
    [InlineData("Weighbridge", 37_000, false)]
    [InlineData("Weighbridge", 19_500, true)]
    [InlineData("Weighbridge", 46_000, true)]
    public void Weight_differs_beyond_the_scales_error_and_a_weighbridge_may_have_weighed_the_vehicle_too(string side, int kilograms, bool isFinding)
    {
        _trip.ObserveArrival(o => o with { Side = Enum.Parse<Side>(side), GrossMassKg = kilograms });

        _trip.Texts("cargo.weight-differs").Count.ShouldBe(isFinding ? 1 : 0);
    }

    [Fact]
    public void Weight_is_held_against_the_manifest_for_each_container_too()
    {
        _trip.ObserveArrival(o => o with { Containers = [o.Containers[0] with { GrossMassKg = 18_000 }] });

        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe("Manifest MAN-1 names 20000 kg in container MSKU 123456-7, but the officer at UGMLB001 on 2026-06-01 18:45 UTC weighed 18000 kg.");
    }

    [Fact]
    public void Weight_that_got_lost_between_two_weighbridges_is_found_whatever_the_vehicle_weighs()
    {
        _trip.Observations[0] = _trip.Observations[0] with { Side = Side.Weighbridge, GrossMassKg = 36_000 };
        _trip.ObserveArrival(o => o with { Side = Side.Weighbridge, GrossMassKg = 34_000 });

        _trip.Findings().ShouldHaveSingleItem().Text.ShouldBe("The weighbridge at KEMBA001 on 2026-06-01 06:20 UTC weighed 36000 kg, but the weighbridge at UGMLB001 on 2026-06-01 18:45 UTC weighed 34000 kg.");
    }

    [Fact]
    public void An_office_that_customs_have_not_is_named_with_the_field_that_names_it()
    {
        _trip.Registration = _trip.Registration with { Transit = [new Office("KEKSM001", Name: null, Country: null, Position: null), new Office("KEXXX009", Name: null, Country: null, Position: null)] };
        _trip.Manifest = _trip.Manifest! with { DepartureOffice = "ke-mba 001", DestinationOffice = "UGMLB01" };

        _trip.Texts("office.unknown").ShouldBe(
        [
            "The declaration names KEXXX009 in transit[1].code, which is not among the 5 offices that customs have.",
            "Manifest MAN-1 names UGMLB01 in destinationOffice, which is not among the 5 offices that customs have.",
        ]);
    }

    [Fact]
    public void Where_nobody_says_which_offices_there_are_none_is_unknown()
    {
        _trip.Options.Offices.Clear();
        _trip.Registration = _trip.Registration with { Transit = [new Office("KEXXX009", Name: null, Country: null, Position: null)] };

        _trip.Findings().ShouldBeEmpty();
    }

    [Fact]
    public void Offices_are_the_same_to_manifest_and_to_who_confirms()
    {
        _trip.Manifest = _trip.Manifest! with { DepartureOffice = "KENBO001" };
        _trip.Assertions[1] = _trip.Assertions[1] with { Office = "UGBUS001" };

        _trip.Texts("office.differs").ShouldBe(
        [
            "The declaration names KEMBA001 as office of departure, manifest MAN-1 names KENBO001.",
            "The declaration names UGMLB001 as office of destination, but the transportation system says it arrived at UGBUS001 on 2026-06-01 18:50 UTC.",
        ]);
    }

    [Fact]
    public void An_arrival_is_held_against_the_office_that_was_declared_then()
    {
        var state = _trip.State();
        var journey = state.Journey!;
        var elsewhere = journey.Registration with { Destination = new Office("KEKSM001", null, "KE", null) };
        var diverted = journey with { Registration = elsewhere, Amendments = [new Amendment(Trip.At(800), "clerk", "strike", ["Destination is KEKSM001 instead of UGMLB001."], 800) { Before = journey.Registration }] };

        new OfficesOfDocuments().Check(state with { Journey = diverted }).ShouldBeEmpty();
        new OfficesOfDocuments().Check(state with { Journey = journey with { Registration = elsewhere }, Manifest = null }).ShouldHaveSingleItem().Text
            .ShouldBe("The declaration names KEKSM001 as office of destination, but the transportation system says it arrived at UGMLB001 on 2026-06-01 18:50 UTC.");
    }

    [Fact]
    public void An_office_off_the_route_that_sees_the_goods_and_one_that_the_manifest_names_instead_are_named()
    {
        _trip.Manifest = _trip.Manifest! with { DestinationOffice = "KEKSM001" };
        _trip.Observations.Add(Trip.Seen(Side.Gate, Occasion.Border, "KEKSM001", 300));

        _trip.Findings().Select(f => f.Text).ShouldBe(
        [
            "The declaration names UGMLB001 as office of destination, manifest MAN-1 names KEKSM001.",
            "The route is KEMBA001, UGMLB001, but the gate at KEKSM001 on 2026-06-01 11:00 UTC saw the goods there.",
        ]);
    }

    [Theory]
    [InlineData(Regime.Transit, "Warning")]
    [InlineData(Regime.DangerousGoods, "Critical")]
    public void The_regime_makes_a_warning_critical(Regime regime, string severity)
    {
        _trip.Registration = _trip.Registration with { Regime = regime };
        _trip.Orders.Add(Trip.Order(770, 800, "UGMLB001"));
        _trip.ObserveArrival(o => o with { VehiclePlate = "UAX 999Z" });

        _trip.Findings().ShouldHaveSingleItem().Severity.ToString().ShouldBe(severity);
    }

    [Fact]
    public void A_regime_leaves_checks_out_and_says_how_severe_others_are()
    {
        _trip.Registration = _trip.Registration with { Regime = Regime.ToFreeZone };
        _trip.ObserveArrival(o => o with { VehiclePlate = "UAX 999Z", PackageCount = 97 });
        _trip.Findings().Select(f => (f.Code, f.Severity)).ShouldBe([("vehicle.plate-differs", Severity.Warning), ("cargo.packages-differ", Severity.Warning)]);

        _trip.Options.Regimes[Regime.ToFreeZone] = new RegimeRules { Without = { "cargo.packages-differ" }, Severities = { ["vehicle.plate-differs"] = Severity.Info } };
        _trip.Findings().Select(f => (f.Code, f.Severity)).ShouldBe([("vehicle.plate-differs", Severity.Info)]);

        _trip.Registration = _trip.Registration with { Regime = Regime.ToBondedZone };
        _trip.Findings().Count.ShouldBe(2);
    }

    [Fact]
    public void Rules_of_regimes_that_cannot_be_followed_are_named()
    {
        var options = new VerificationOptions
        {
            Regimes = { [Regime.DangerousGoods] = new RegimeRules(), [Regime.Transit] = new RegimeRules { Without = { "cargo.colour-differs" }, Severities = { ["movement.without-journey"] = Severity.Info } } },
        };

        var errors = options.Validate(new ValidationContext(options)).Select(e => e.ErrorMessage!).ToList();

        errors.Count.ShouldBe(3);
        errors[0].ShouldBe("Under DangerousGoods every finding is critical and no check is left out. Remove the rules for it.");
        errors[1].ShouldStartWith("Transit: there is no check 'cargo.colour-differs'. There are arrival.after-time-limit, ");
        errors[2].ShouldStartWith("Transit: there is no check 'movement.without-journey'.");
    }
}
