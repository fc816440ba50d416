using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;
using Adapter.Host.Tests.Journeys;

namespace Adapter.Host.Tests.Verification;

/// <summary>Contradictions hidden among a thousand journeys: all are found, none is invented.</summary>
public class ThousandJourneysTests
{
    private static readonly Seed[] Seeds =
    [
        new("another seal at arrival", t => t.SealsAtArrival(new("S-1", SealCondition.Intact), new("X-9", SealCondition.Intact)), "seal.numbers-differ"),
        new("a seal of the manifest", t => t.Manifest = t.Manifest! with { Containers = [t.Manifest.Containers[0] with { Seals = ["S-1", "S-3"] }] }, "seal.numbers-differ"),
        new("a seal gone", t => t.SealsAtArrival(new ObservedSeal("S-1", SealCondition.Intact)), "seal.count-differs"),
        new("a seal broken", t => t.SealsAtArrival(new("S-1", SealCondition.Broken), new("S-2", SealCondition.Intact)), "seal.not-intact"),
        new("another container", t => t.ObserveArrival(o => o with { Containers = [.. o.Containers, new ObservedContainer("TCLU7654321", [], null, null)] }), "container.numbers-differ"),
        new("a container that no manifest has", t => t.Manifest = t.Manifest! with { Containers = [new DeclaredContainer("TCLU7654321", [], 100, null)] }, "container.numbers-differ"),
        new("another vehicle", t => t.ObserveArrival(o => o with { VehiclePlate = "UAX 999Z" }), "vehicle.plate-differs"),
        new("packages missing", t => t.ObserveArrival(o => o with { PackageCount = 97 }), "cargo.packages-differ"),
        new("weight missing", t => t.ObserveArrival(o => o with { GrossMassKg = 18_500 }), "cargo.weight-differs"),
        new("another destination in the manifest", t => t.Manifest = t.Manifest! with { DestinationOffice = "KEKSM001" }, "office.differs"),
        new("an office that nobody knows", t => t.Registration = t.Registration with { Transit = [new Office("KEXXX009", Name: null, Country: null, Position: null)] }, "office.unknown"),
        new("seen at an office off the route", t => t.Observations.Add(Trip.Seen(Side.Gate, Occasion.Border, "TZNMG001", 300)), "office.order-differs"),
        new("left too late", t => t.Registration = t.Registration with { DepartureUntil = Trip.At(30) }, "departure.outside-window"),
        new("came too late", t => t.Registration = t.Registration with { TimeLimit = Trip.At(700) }, "arrival.after-time-limit"),
        new("two times of arrival", t => t.Assertions.Add(new MilestoneAssertion(MilestoneNames.Arrived, Side.Gate, "UGMLB001", Trip.At(980), Trip.At(981), Late: false, "gate", 990)), "milestone.times-differ"),
        new("a detour", t => Enumerable.Range(10, 3).ToList().ForEach(leg => t.Replace(Trip.Minute(leg), Story.Position(Trip.Minute(leg), Trip.Along(leg, north: 0.1)))), "route.deviation"),
        new("a stop", Stop, "stop.unauthorised"),
        new("opened on the road", OpenOnTheRoad, "seal.opened-without-order", "seal.opened-outside-destination"),
        new("silence", t => t.Reports.RemoveAll(r => r.DeviceTime > Trip.At(Trip.Minute(24)) && r.DeviceTime < Trip.At(Trip.Minute(28))), "telemetry.gap"),
        new("a jump", t => t.Replace(Trip.Minute(32), Story.Position(Trip.Minute(32), new GeoPoint(5, 30))), "position.jump"),
        new("a cut told after closing", t => t.TellAfterClosing(Story.Event(500, LockEventKind.RopeCut, Trip.Along(24), receivedMinute: 1010)), "journey.events-after-closing"),
        new("open at departure", OpenAtDeparture, "seal.open-at-departure"),
    ];

    [Fact]
    public void All_contradictions_are_found_and_none_is_invented()
    {
        var (seeded, found, wrong) = (0, 0, new List<string>());
        for (var i = 0; i < 1000; i++)
        {
            // A third is clean; of the others every second has two contradictions.
            Seed[] seeds = (i % 3, i % 2) switch
            {
                (0, _) => [],
                (_, 0) => [Seeds[i % Seeds.Length]],
                _ => [Seeds[i % Seeds.Length], Seeds[(i + 7 + (i / Seeds.Length)) % Seeds.Length]],
            };
            seeds = [.. seeds.DistinctBy(s => s.Group)];
            var trip = new Trip { LastInFirstOut = i % 4 == 1 };
            foreach (var seed in seeds)
            {
                seed.Sow(trip);
            }

            var expected = seeds.SelectMany(s => s.Codes).Distinct().Order(StringComparer.Ordinal).ToList();
            var codes = trip.Findings().Select(f => f.Code).Distinct().Order(StringComparer.Ordinal).ToList();
            seeded += expected.Count;
            found += codes.Intersect(expected).Count();
            if (!codes.SequenceEqual(expected))
            {
                wrong.Add($"{i} ({string.Join(" + ", seeds.Select(s => s.Name))}): expected {string.Join(", ", expected)}; found {string.Join(", ", codes)}");
            }
        }

        wrong.ShouldBeEmpty();
        found.ShouldBe(seeded);
        seeded.ShouldBeGreaterThan(700);
    }

    public static TheoryData<int> All => [.. Enumerable.Range(0, Seeds.Length)];

    [Theory]
    [MemberData(nameof(All))]
    public void Each_contradiction_alone_is_found_alone(int seed)
    {
        var trip = new Trip();
        Seeds[seed].Sow(trip);

        trip.Findings().Select(f => f.Code).Distinct().ShouldBe(Seeds[seed].Codes, ignoreOrder: true, Seeds[seed].Name);
    }

    [Fact]
    public void Every_check_but_those_with_stories_of_their_own_is_among_the_seeds() =>
        Adapter.Host.Verification.Checks.All(new()).Select(c => c.Code).Except(Seeds.SelectMany(s => s.Codes)).ShouldBe(["seal.open-at-arrival", "journey.overdue", "telemetry.signal-lost", "movement.without-journey"]);

    private static void Stop(Trip trip)
    {
        var minute = Trip.Minute(16);
        trip.Delay(minute + 1, 40);
        trip.Reports.AddRange([Story.Position(minute + 20, Trip.Along(16)), Story.Position(minute + 40, Trip.Along(16))]);
        trip.Reports.Sort((a, b) => a.DeviceTime!.Value.CompareTo(b.DeviceTime!.Value));
    }

    private static void OpenOnTheRoad(Trip trip)
    {
        var minute = trip.Reports.First(r => r.Position == Trip.Along(20)).DeviceTime!.Value;
        trip.Replace((minute - Story.Start).TotalMinutes, Story.Position((minute - Story.Start).TotalMinutes, Trip.Along(20), locked: false, rope: false));
    }

    private static void OpenAtDeparture(Trip trip)
    {
        trip.Replace(25, Story.Position(25, Story.Mombasa, locked: false, rope: false));
        trip.Replace(40, Story.Position(40, Trip.Along(1), locked: false, rope: false));
    }

    /// <param name="Codes">What it must lead to, and nothing else.</param>
    private sealed record Seed(string Name, Action<Trip> Sow, params string[] Codes)
    {
        /// <summary>Two that change the same thing cannot both be sown.</summary>
        public string Group => Name switch
        {
            "another seal at arrival" or "a seal gone" or "a seal broken" or "packages missing" or "weight missing" or "a seal of the manifest" or "a container that no manifest has" => "papers",
            _ => Name,
        };
    }
}
