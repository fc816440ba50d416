using System.Text.Json;
using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;
using Adapter.Host.Tests.Journeys;
using Adapter.Host.Verification;

namespace Adapter.Host.Tests.Verification;

/// <summary>One journey from Mombasa to Malaba on which all three flows agree, until a test changes one of them.</summary>
/// <remarks>Twelve hours, a fix every twenty minutes. Sealed at minute 5, leaves at 40, arrives at 760, is opened at 780, closed at 1000.</remarks>
internal sealed class Trip
{
    public const int Legs = 37;

    private readonly List<LockReport> _afterClosing = [];

    public JourneyRegistration Registration { get; set; } = Story.Registration(from: Story.Start) with
    {
        ManifestNumber = "MAN-1",
        Vehicle = new Vehicle("KBX 123A", "KE"),
        Containers = [new Container("MSKU1234567", [new Seal("S-1"), new Seal("S-2")])],
        Locks = [new LockAssignment(Story.Lock, "MSKU1234567", Story.Start)],
        DepartureFrom = At(0),
        DepartureUntil = At(120),
        TimeLimit = At(960),
        Route = new RoutePlan { Corridor = JsonSerializer.Deserialize<JsonElement>("""{"type":"LineString","coordinates":[[39.65,-4.05],[34.26,0.64]]}""") },
    };

    public VerificationOptions Options { get; } = new() { Offices = { ["KEMBA001"] = "Mombasa", ["UGMLB001"] = "Malaba", ["KEKSM001"] = "Kisumu", ["KENBO001"] = "Nairobi", ["KEELD001"] = "Eldoret" } };

    public ManifestDocument? Manifest { get; set; } = new(
        "MAN-1", "26KE0MBA00482917J1", "KBX123A", "KEMBA001", "UGMLB001", [new DeclaredContainer("MSKU 123456-7", ["S-2", "s-1"], 100, 20_000)], 100, 20_000, At(-60), "manifest", 900);

    public List<Observation> Observations { get; } =
    [
        Seen(Side.Gate, Occasion.Departure, "KEMBA001", 20),
        Seen(Side.Officer, Occasion.Arrival, "UGMLB001", 765),
    ];

    public List<MilestoneAssertion> Assertions { get; } =
    [
        new(MilestoneNames.Departed, Side.Office, "KEMBA001", At(42), At(43), Late: false, "office", 903),
        new(MilestoneNames.Arrived, Side.TransportationSystem, "UGMLB001", At(770), At(771), Late: false, "transport", 904),
    ];

    public List<UnsealOrder> Orders { get; } = [];

    /// <summary>What the lock sends, by its own time.</summary>
    public List<LockReport> Reports { get; } =
    [
        Story.Position(0, Story.Mombasa, locked: false, rope: false),
        Story.Position(5, Story.Mombasa),
        Story.Position(25, Story.Mombasa),
        .. Enumerable.Range(1, Legs - 1).Select(leg => Story.Position(Minute(leg), Along(leg))),
        Story.Position(Minute(Legs), Story.Malaba),
        Story.Position(780, Story.Malaba, locked: false, rope: false),
    ];

    /// <summary>The lock sends its buffer last in, first out.</summary>
    public bool LastInFirstOut { get; set; }

    public bool Closed { get; set; } = true;

    public static DateTimeOffset At(double minute) => Story.Start.AddMinutes(minute);

    /// <summary>When the truck is so many legs on its way.</summary>
    public static double Minute(int leg) => 20 + (20 * leg);

    public static GeoPoint Along(double leg, double north = 0) => new(
        Story.Mombasa.Latitude + ((Story.Malaba.Latitude - Story.Mombasa.Latitude) * leg / Legs) + north,
        Story.Mombasa.Longitude + ((Story.Malaba.Longitude - Story.Mombasa.Longitude) * leg / Legs));

    public static Observation Seen(Side side, Occasion occasion, string office, double minute) => new(
        side, occasion, office, At(minute), At(minute + 1), "office", 901 + (long)minute, "KBX-123A",
        [new ObservedContainer("MSKU1234567", [new ObservedSeal("S-1", SealCondition.Intact), new ObservedSeal("S-2", SealCondition.Intact)], 100, null)], 100, null, null);

    public static UnsealOrder Order(double from, double until, string? office = null, GeoPoint? place = null, params LockId[] locks) =>
        new("O-1", "officer 7", UnsealPurpose.Release, locks, office, place, 500, At(from), At(until), At(from), "customs", 950);

    /// <summary>Puts another report in the place of the one of that minute.</summary>
    public void Replace(double minute, LockReport report)
    {
        var i = Reports.FindIndex(r => r.DeviceTime == At(minute));
        i.ShouldBeGreaterThanOrEqualTo(0);
        Reports[i] = report;
    }

    public void ObserveArrival(Func<Observation, Observation> change) => Observations[1] = change(Observations[1]);

    public void SealsAtArrival(params ObservedSeal[] seals) => ObserveArrival(o => o with { Containers = [o.Containers[0] with { Seals = seals }, .. o.Containers.Skip(1)] });

    /// <summary>Everything from that minute on happens later.</summary>
    public void Delay(double fromMinute, double minutes)
    {
        for (var i = 0; i < Reports.Count; i++)
        {
            if (Reports[i].DeviceTime >= At(fromMinute))
            {
                Reports[i] = Reports[i] with { DeviceTime = Reports[i].DeviceTime!.Value.AddMinutes(minutes), CloudTime = Reports[i].CloudTime!.Value.AddMinutes(minutes) };
            }
        }
    }

    public void TellAfterClosing(LockReport report) => _afterClosing.Add(report);

    public SubjectState State()
    {
        var story = new Story().Register(Registration);
        foreach (var report in LastInFirstOut ? Enumerable.Reverse(Reports) : Reports)
        {
            // By the end all of them have come in.
            story.Enter([story.Entry(report with { CloudTime = LastInFirstOut ? At(990) : report.CloudTime })]);
        }

        if (Closed)
        {
            story.Close("J-1", 1000);
        }

        story.Report([.. _afterClosing]);
        var state = story.Journey() with { Manifest = Manifest, Orders = Orders };
        state = Observations.Aggregate(state, (s, o) => new JourneyFact.Observed(o).Into(s));
        return Assertions.Aggregate(state, (s, a) => new JourneyFact.Asserted(a).Into(s));
    }

    public IReadOnlyList<Finding> Findings() =>
        Verify.Run([new DecidedSubject(State(), [], 1)], Checks.All(Options), At(1100)).ShouldHaveSingleItem().State.Findings;

    /// <summary>The texts of a check's findings.</summary>
    public IReadOnlyList<string> Texts(string code) => [.. Findings().Where(f => f.Code == code).Select(f => f.Text)];
}
