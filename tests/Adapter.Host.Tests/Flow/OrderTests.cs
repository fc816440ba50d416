using Adapter.Contracts.Telemetry;
using Adapter.Host.Ingest.Webhook;
using Adapter.Host.Journeys;
using Adapter.Host.Rehearsal;
using Adapter.Mappings.Telemetry;
using CsCheck;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

/// <summary>What is known in the end does not depend on the order in which it arrived, nor on repeats.</summary>
public class OrderTests
{
    private static readonly DemoJourney Demo = DemoJourney.Load();
    private static readonly TelemetryReader Reader = TelemetryReader.Create(TelemetryTables.BuiltIn);

    [Fact]
    public async Task The_demo_in_order_tells_its_story_without_a_correction()
    {
        using var bench = await DemoAsync(DemoReports());

        bench.Store.Messages.Where(m => m.Destination.Name == "manifest").Select(m => m.Decision.Kind).ShouldBe(DemoJourney.ExpectedKinds);
    }

    [Fact]
    public async Task The_demo_last_in_first_out_ends_with_the_same_decisions_at_the_same_times()
    {
        using var inOrder = await DemoAsync(DemoReports());
        using var reversed = await DemoAsync(DemoReports().Reverse());

        ShouldAgree(reversed, inOrder);
    }

    [Fact]
    public async Task The_demo_in_any_order_ends_with_the_same_decisions_at_the_same_times()
    {
        using var inOrder = await DemoAsync(DemoReports());
        await Gen.Shuffle(DemoReports().ToArray()).SampleAsync(async reports =>
        {
            using var shuffled = await DemoAsync(reports);
            ShouldAgree(shuffled, inOrder);
        }, iter: 8, threads: 1);
    }

    /// <summary>From state and place alone: before, sealed in port, on the road, at the border, opened. One lock, no message of its own.</summary>
    [Fact]
    public async Task A_journey_seen_in_positions_alone_is_the_same_in_any_order_and_with_any_repeats() =>
        await Gen.Select(Gen.Int[2, 6], Gen.Int[2, 6], Gen.Int[2, 6], Gen.Int[2, 6], Gen.Int[1, 6]).SelectMany((before, port, road, border, open) =>
        {
            var minute = 0;
            LockReport[] inOrder =
            [
                .. Stretch(before, locked: false, Port), .. Stretch(port, locked: true, Port), .. Stretch(road, locked: true, Road),
                .. Stretch(border, locked: true, Border), .. Stretch(open, locked: false, Border),
            ];
            return Gen.Int[0, inOrder.Length - 1].Array[0, 6]
                .SelectMany(repeats => Gen.Shuffle(inOrder.Concat(repeats.Select(i => inOrder[i])).ToArray()))
                .Select(told => (inOrder, told));

            IEnumerable<LockReport> Stretch(int count, bool locked, GeoPoint where) =>
                Enumerable.Range(0, count).Select(_ => Position(minute += 10, locked, rope: locked, where: where)).ToList();
        }).SampleAsync(async sample =>
        {
            using var truth = await RunAsync(sample.inOrder);
            using var bench = await RunAsync(sample.told);

            Keys(bench).ShouldBe(["arrival", "departure", "seal/episode-1", "unseal/episode-1"]);
            Keys(truth).ShouldBe(Keys(bench));
            JourneyStatus.Of(bench.Journey()).ShouldBe("unsealed");
            // Two stretches are exact in any order: sealing, departure and arrival. The opening is known from its last report at the latest.
            foreach (var (known, expected) in Milestones.Of(bench.Journey()).Zip(Milestones.Of(truth.Journey())).Take(3))
            {
                known.Earliest!.At.ShouldBe(expected.Earliest!.At, known.Name);
            }

            Milestones.Unsealed(bench.Journey()).Earliest!.At.ShouldBeInRange(Milestones.Unsealed(truth.Journey()).Earliest!.At, sample.inOrder[^1].DeviceTime!.Value);
        }, iter: 80, threads: 1);

    [Fact]
    public async Task The_same_reports_again_tell_nobody_anything()
    {
        var reports = DemoReports();
        using var bench = await DemoAsync(reports);
        var before = bench.Told();
        foreach (var (report, receivedAt) in reports)
        {
            bench.Receive(report, receivedAt);
        }

        await bench.RunAsync();

        bench.Told().ShouldBe(before);
    }

    private static void ShouldAgree(FlowBench one, FlowBench other)
    {
        Keys(one).ShouldBe(Keys(other));
        var times = other.Journey(DemoId).Emissions.ToDictionary(e => e.Key, e => e.At, StringComparer.Ordinal);
        one.Journey(DemoId).Emissions.Where(e => !e.Withdrawn).ShouldAllBe(e => (e.At - times[e.Key]).Duration() <= one.Options.CorrectionTolerance);
    }

    private static string DemoId => Demo.Registration(Start).JourneyId;

    private static List<string> Keys(FlowBench bench) =>
        [.. (bench.Store.Find(Subject.OfJourney(DemoId)) ?? bench.Journey()).Emissions.Where(e => !e.Withdrawn).Select(e => e.Key).Order(StringComparer.Ordinal)];

    private static (LockReport Report, DateTimeOffset ReceivedAt)[] DemoReports() =>
    [
        .. from push in Demo.Telemetry(Start)
           let route = Enum.Parse<ReportRoute>(push.Path.Split('/')[^1], ignoreCase: true)
           from element in JsonElements.Cut(System.Text.Encoding.UTF8.GetBytes(push.Json), 1000)!
           let space = route switch { ReportRoute.Alarm => "web-alarm", ReportRoute.Event => "web-event", _ => null }
           let report = Reader.Report(new TelemetryRoute("jointcloud", route, space), element)
           select (report, push.At),
    ];

    private static async Task<FlowBench> DemoAsync(IEnumerable<(LockReport Report, DateTimeOffset ReceivedAt)> reports)
    {
        var bench = new FlowBench();
        await bench.RegisterAsync(Demo.Registration(Start));
        foreach (var (report, receivedAt) in reports)
        {
            bench.Receive(report, receivedAt);
            await bench.RunAsync();
        }

        return bench;
    }

    private static async Task<FlowBench> RunAsync(IEnumerable<LockReport> reports)
    {
        var bench = new FlowBench();
        await bench.RegisterAsync(Journey());
        await bench.TakeAsync(reports);
        return bench;
    }
}
