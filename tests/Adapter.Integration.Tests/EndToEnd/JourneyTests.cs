using System.Text.Json;
using System.Xml.Schema;
using Adapter.Host.Delivery;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Mappings.Validation;
using static Adapter.Host.Rehearsal.Twins.TwinName;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>The demo journey through a whole host to three receivers that behave badly.</summary>
public sealed class JourneyTests
{
    private readonly DemoLoad _load = new();

    [Fact]
    public async Task The_journey_reaches_three_systems_and_a_restart_repeats_nothing()
    {
        await using var host = await TestHost.StartAsync();
        await _load.RunAsync(host);
        await StoryAsync(host);

        await host.RestartAsync();
        await _load.RunAsync(host);
        await IdleAsync(host);

        foreach (var twin in All)
        {
            host.Received(twin).Count.ShouldBe(DemoJourney.ExpectedKinds.Count);
            DemoRun.IsTheStory(host.Received(twin)).ShouldBeTrue(twin);
        }
    }

    [Fact]
    public async Task A_refusal_parks_its_own_lane_is_not_repeated_and_goes_on_after_a_replay()
    {
        await using var host = await TestHost.StartAsync();
        host.Twins.Order(Manifest, new TwinOrder { Mode = TwinMode.Refuse, Count = 1 });
        await _load.RunAsync(host);

        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(host.Received(Transportation)) && DemoRun.IsTheStory(host.Received(Neighbour)), "the other lanes go on");
        var lane = await LaneAsync(host, Manifest, l => l.State == LaneState.Parked);
        lane.Reason.ShouldNotBeNull().ShouldContain("was told to refuse");
        host.Later(TimeSpan.FromDays(2));
        await IdleAsync(host, Transportation, Neighbour);
        host.Received(Manifest).ShouldHaveSingleItem().Result.ShouldBe("REFUSED");

        var cause = (await host.GetAsync("/api/dead-letters")).EnumerateArray().ShouldHaveSingleItem().GetProperty("cause").GetString();
        using var replay = await host.PostAsync("/api/dead-letters/replay", $$"""{"destination":"manifest","cause":"{{cause}}","reason":"they mended it"}""");
        replay.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);

        await StoryAsync(host);
        host.Received(Manifest)[0].BodySha256.ShouldBe(host.Received(Manifest)[1].BodySha256);
    }

    [Theory]
    [InlineData(nameof(TwinMode.Down))]
    [InlineData(nameof(TwinMode.Cut))]
    public async Task A_receiver_that_was_away_gets_everything_in_order_when_it_is_back(string mode)
    {
        await using var host = await TestHost.StartAsync();
        host.Twins.Order(Neighbour, new TwinOrder { Mode = Enum.Parse<TwinMode>(mode) });
        await _load.RunAsync(host);
        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(host.Received(Manifest)) && DemoRun.IsTheStory(host.Received(Transportation)), "the other lanes go on");
        await LaneAsync(host, Neighbour, l => l.Tries > 0);
        host.Received(Neighbour).ShouldBeEmpty();

        host.Twins.Order(Neighbour, TwinOrder.Ok);
        host.Later(TimeSpan.FromHours(2));

        await StoryAsync(host);
    }

    [Fact]
    public async Task A_receiver_that_nobody_can_reach_costs_no_attempts()
    {
        // A port at which nothing listens.
        await using var host = await TestHost.StartAsync(new TestHostOptions
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Destinations:neighbour:Endpoint"] = "http://127.0.0.1:1/wco", ["Destinations:neighbour:MaxAttempts"] = "2" },
        });
        await _load.RunAsync(host);

        for (var tries = 1; tries <= 3; tries++)
        {
            var atLeast = tries;
            var lane = await LaneAsync(host, Neighbour, l => l.Tries >= atLeast);
            (lane.State, lane.Attempts, lane.Head).ShouldBe((LaneState.Waiting, 0, 1));
            host.Later(TimeSpan.FromHours(2));
        }

        var story = await host.GetAsync($"/api/messages/{(await LaneAsync(host, Neighbour, l => l.Tries > 0)).HeadMessage}");
        story.GetProperty("attempts").EnumerateArray().ShouldAllBe(a => a.GetProperty("outcome").GetString() == "not-delivered");
    }

    [Fact]
    public async Task A_lost_answer_of_a_receiver_that_acts_twice_is_asked_about_and_not_repeated()
    {
        await using var host = await TestHost.StartAsync();
        host.Twins.Order(Transportation, new TwinOrder { Mode = TwinMode.AcceptThenSilent, Count = 1 });
        await _load.RunAsync(host);
        await LaneAsync(host, Transportation, l => l.State == LaneState.Asking);
        // Late enough for a request that is still under way at the receiver to have ended.
        host.Received(Transportation).ShouldHaveSingleItem().Effect.ShouldBe(1);

        host.Later(TimeSpan.FromSeconds(11));

        await StoryAsync(host);
        var log = host.Received(Transportation);
        log.Select(r => r.Element).ShouldBe(["TripEvent", "FindTripEvent", "TripEvent", "TripEvent", "TripEvent", "TripEvent"]);
        log[1].Result.ShouldBe("RECORDED");
        var story = await host.GetAsync($"/api/messages/{log[0].MessageId}");
        story.GetProperty("state").GetString().ShouldBe("delivered");
        story.GetProperty("attempts").EnumerateArray().Select(a => (a.GetProperty("purpose").GetString(), a.GetProperty("outcome").GetString()))
            .ShouldBe([("send", "unknown"), ("ask", "delivered")]);
    }

    [Fact]
    public async Task A_message_that_was_cut_before_it_took_effect_is_asked_about_and_sent_again_unchanged()
    {
        await using var host = await TestHost.StartAsync();
        host.Twins.Order(Transportation, new TwinOrder { Mode = TwinMode.Cut, Count = 1 });
        await _load.RunAsync(host);
        await LaneAsync(host, Transportation, l => l.State == LaneState.Asking);
        host.Received(Transportation).ShouldBeEmpty();

        host.Later(TimeSpan.FromSeconds(11));

        await StoryAsync(host);
        host.Received(Transportation).Take(2).Select(r => (r.Element, r.Result)).ShouldBe([("FindTripEvent", "NOT_FOUND"), ("TripEvent", "RECORDED")]);
    }

    [Fact]
    public async Task A_lost_answer_of_a_receiver_that_knows_repeats_brings_the_same_bytes_again()
    {
        await using var host = await TestHost.StartAsync();
        host.Twins.Order(Manifest, new TwinOrder { Mode = TwinMode.AcceptThenSilent, Count = 1 });
        await _load.RunAsync(host);
        await LaneAsync(host, Manifest, l => l.Attempts == 1);

        host.Later(TimeSpan.FromMinutes(1));

        await StoryAsync(host);
        var first = host.Received(Manifest).Take(2).ToList();
        first.Select(r => (r.Result, r.Effect)).ShouldBe([("ACCEPTED", 1), ("DUPLICATE", 0)]);
        first[0].Sha256.ShouldBe(first[1].Sha256);
    }

    [Fact]
    public async Task A_fault_of_the_receivers_own_is_no_refusal()
    {
        await using var host = await TestHost.StartAsync();
        host.Twins.Order(Transportation, new TwinOrder { Mode = TwinMode.Fault, Count = 1 });
        await _load.RunAsync(host);
        await LaneAsync(host, Transportation, l => l.State == LaneState.Asking);

        host.Later(TimeSpan.FromSeconds(11));

        await StoryAsync(host);
    }

    [Fact]
    public async Task A_late_report_that_moves_what_was_told_corrects_it_at_each_receiver()
    {
        await using var host = await TestHost.StartAsync();
        await _load.RunAsync(host);
        await StoryAsync(host);
        var registration = _load.Registration;
        var earlier = (await ArrivalAsync(host)).GetProperty("at").GetDateTimeOffset().AddMinutes(-8);
        var destination = registration.Destination.Position!;

        using var push = await host.PushAsync(
            JointReports.Location, JointReports.Position(registration.Locks[0].Lock.Value, earlier, destination.Latitude, destination.Longitude, mileage: 49_000));
        push.EnsureSuccessStatusCode();

        foreach (var twin in All)
        {
            await Eventually.HoldsAsync(() => host.Received(twin).Count == 6, $"{twin} got its correction");
            var (first, correction) = (host.Received(twin).Single(r => r is { Kind: "ARRIVAL", Sequence: <= 5 }), host.Received(twin)[^1]);
            (correction.Kind, correction.Effect, correction.Sequence).ShouldBe(("ARRIVAL", 1, 6), twin);
            correction.MessageId.ShouldNotBe(first.MessageId);
            correction.Xml.ShouldContain(first.MessageId, Case.Sensitive, $"{twin} is told which message is corrected");
        }

        var told = await ArrivalAsync(host);
        told.GetProperty("corrections").GetInt32().ShouldBe(1);
        told.GetProperty("at").GetDateTimeOffset().ShouldBe(earlier);
    }

    [Fact]
    public async Task Messages_to_the_neighbour_are_valid_by_the_schemas_of_an_administration_that_uses_the_profile()
    {
        var folder = ConformanceFolder.PathOf("wco", "hmrc-dms");
        await using var host = await TestHost.StartAsync();
        await _load.RunAsync(host);
        await StoryAsync(host);

        var schemas = new XmlSchemaSet { XmlResolver = new System.Xml.XmlUrlResolver() };
        foreach (var file in new[] { "DocumentMetaData_2_DMS.xsd", "WCO_DEC_2_DMS.xsd", "WCO_RES_2_DMS.xsd" })
        {
            schemas.Add(null, Path.Combine(folder, file));
        }

        schemas.Compile();
        foreach (var record in host.Received(Neighbour))
        {
            XsdValidator.Validate(System.Text.Encoding.UTF8.GetBytes(record.Xml), schemas).ShouldBeEmpty($"{record.Sequence} {record.Kind}\n{record.Xml}");
        }
    }

    [Fact]
    public async Task An_alarm_of_a_lock_that_no_journey_owns_reaches_those_who_want_it()
    {
        await using var host = await TestHost.StartAsync();

        using var push = await host.PushAsync(JointReports.Alarm, JointReports.AlarmRow("8022300077", 10, TimeProvider.System.GetUtcNow().AddMinutes(-3)));
        push.EnsureSuccessStatusCode();

        await LaneAsync(host, Transportation, l => l is { Subject: "lock:8022300077", State: LaneState.Idle });
        host.Received(Transportation).ShouldHaveSingleItem().Kind.ShouldBe("ROPE_CUT");
        (await host.LanesAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_journey_registered_after_its_sealing_gets_the_reports_that_waited()
    {
        await using var host = await TestHost.StartAsync();
        await DemoLoad.PushAsync(host, _load.Pushes.Take(6));

        await _load.RegisterAsync(host);
        await DemoLoad.PushAsync(host, _load.Pushes.Skip(6));

        await StoryAsync(host);
    }

    private async Task<JsonElement> ArrivalAsync(TestHost host) =>
        (await host.GetAsync($"/api/journeys/{_load.Registration.JourneyId}")).GetProperty("told").EnumerateArray().Single(t => t.GetProperty("key").GetString() == "arrival");

    /// <summary>Everything has arrived once and in order, and nothing works any more.</summary>
    private static async Task StoryAsync(TestHost host)
    {
        await Eventually.HoldsAsync(() => All.All(twin => DemoRun.IsTheStory(host.Received(twin))), "the whole story at three systems");
        await IdleAsync(host);
        All.ShouldAllBe(twin => DemoRun.IsTheStory(host.Received(twin)));
    }

    private static Task<IReadOnlyList<LaneView>> IdleAsync(TestHost host, params string[] destinations) => Eventually.GetAsync(
        host.LanesAsync, lanes => lanes.Where(l => destinations.Length == 0 || destinations.Contains(l.Destination)).All(l => l.State == LaneState.Idle),
        lanes => string.Join('\n', lanes));

    private static async Task<LaneView> LaneAsync(TestHost host, string destination, Func<LaneView, bool> willDo)
    {
        var lanes = await Eventually.GetAsync(host.LanesAsync, all => all.Any(l => l.Destination == destination && willDo(l)), all => string.Join('\n', all));
        return lanes.First(l => l.Destination == destination && willDo(l));
    }
}
