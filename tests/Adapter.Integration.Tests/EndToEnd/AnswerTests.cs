using System.Net;
using System.Text;
using System.Text.Json;
using Adapter.Host.Delivery;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>A receiver that acknowledges at once and says later what became of a message.</summary>
public sealed class AnswerTests : IAsyncDisposable
{
    private readonly DemoLoad _load = new();
    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Followers_wait_for_the_business_answer_of_each_message()
    {
        await StartAsync("Business");
        await _load.RunAsync(_host);

        for (var number = 1; number <= 5; number++)
        {
            var lane = await LaneAsync(l => l.State == LaneState.Answering && l.Head == number);
            lane.Reason.ShouldNotBeNull().ShouldContain("its answer is waited for");
            _host.Received(TwinName.Manifest).Count.ShouldBe(number, "nothing goes before the answer");
            (await AnswerAsync(lane.HeadMessage!, "ACCEPTED")).ShouldBe("settled");
        }

        await LaneAsync(l => l.State == LaneState.Idle);
        _host.Received(TwinName.Manifest).Where(r => r.Effect > 0).Select(r => r.Sequence).ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task A_business_rejection_parks_with_its_code_and_the_message_tells_its_whole_story()
    {
        await StartAsync("Business");
        await _load.RunAsync(_host);
        var id = (await LaneAsync(l => l.State == LaneState.Answering)).HeadMessage!;

        (await AnswerAsync(id, "REFUSED")).ShouldBe("parked");

        var lane = await LaneAsync(l => l.State == LaneState.Parked);
        lane.Reason.ShouldNotBeNull().ShouldContain("REFUSED: seal number unknown");
        (lane.Head, lane.InDoubt).ShouldBe((1, false));
        var story = await _host.GetAsync($"/api/messages/{id}");
        story.GetProperty("attempts")[0].GetProperty("outcome").GetString().ShouldBe("acknowledged");
        var answer = story.GetProperty("answers").EnumerateArray().ShouldHaveSingleItem();
        (answer.GetProperty("verdict").GetString(), answer.GetProperty("code").GetString(), answer.GetProperty("effect").GetString()).ShouldBe(("Rejected", "REFUSED", "parked"));
        answer.GetProperty("body").GetString().ShouldNotBeNull().ShouldContain(id);
    }

    [Fact]
    public async Task Without_an_answer_in_time_the_outcome_is_unknown_and_a_late_one_still_decides()
    {
        await StartAsync("Business");
        await _load.RunAsync(_host);
        var id = (await LaneAsync(l => l.State == LaneState.Answering)).HeadMessage!;

        _host.Later(TimeSpan.FromMinutes(59));
        (await LaneAsync(l => l.Head == 1)).State.ShouldBe(LaneState.Answering);
        _host.Later(TimeSpan.FromMinutes(2));
        var lane = await LaneAsync(l => l.State == LaneState.Unknown);
        lane.Reason.ShouldNotBeNull().ShouldContain("did not say within 1:00:00");
        lane.InDoubt.ShouldBeTrue();
        _host.Received(TwinName.Manifest).Count.ShouldBe(1, "nothing is repeated on a guess");

        (await AnswerAsync(id, "ACCEPTED")).ShouldBe("settled");

        await LaneAsync(l => l.State == LaneState.Answering && l.Head == 2);
    }

    [Fact]
    public async Task Repeated_foreign_and_unreadable_answers_change_nothing()
    {
        await StartAsync("Business");
        await _load.RunAsync(_host);
        var id = (await LaneAsync(l => l.State == LaneState.Answering)).HeadMessage!;

        (await AnswerAsync("0123456789abcdef0123456789abcdef", "ACCEPTED")).ShouldBe("foreign");
        (await AnswerAsync(_host.Received(TwinName.Transportation)[0].MessageId, "REFUSED")).ShouldBe("foreign", "another receiver's message");
        (await AnswerAsync(id, "PERHAPS")).ShouldBe("none");
        (await LaneAsync(l => l.Head == 1)).State.ShouldBe(LaneState.Answering);
        (await AnswerAsync(id, "ACCEPTED")).ShouldBe("settled");
        (await AnswerAsync(id, "ACCEPTED")).ShouldBe("duplicate");
        (await LaneAsync(l => l.State == LaneState.Answering)).Head.ShouldBe(2);

        using var unreadable = await PostAsync("manifest", "<NotificationReceipt xmlns=\"urn:somebody:else\"/>");
        unreadable.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await unreadable.Content.ReadAsStringAsync(Cancel)).ShouldContain("expected {urn:customstransit:manifest:1}BusinessAnswer");
        using var nowhere = await PostAsync("customs", "<a/>");
        nowhere.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var unasked = await PostAsync("neighbour", "<a/>");
        unasked.StatusCode.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Where_an_acknowledgement_settles_a_later_rejection_parks_the_lane_from_then_on()
    {
        await StartAsync("Technical");
        await _load.RegisterAsync(_host);
        await DemoLoad.PushAsync(_host, _load.Pushes.Take(20));
        await Eventually.HoldsAsync(() => _host.Received(TwinName.Manifest).Count == 2, "sealed and left");
        await LaneAsync(l => l.State == LaneState.Idle);
        var first = _host.Received(TwinName.Manifest)[0].MessageId;

        (await AnswerAsync(first, "REFUSED")).ShouldBe("parked");

        (await LaneAsync(l => l.State == LaneState.Parked)).ShouldSatisfyAllConditions(l => l.Head.ShouldBe(1), l => l.HeadMessage.ShouldBe(first));
        await DemoLoad.PushAsync(_host, _load.Pushes.Skip(20));
        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(_host.Received(TwinName.Neighbour)), "others go on");
        _host.Received(TwinName.Manifest).Count.ShouldBe(2, "nothing goes behind what was refused");

        using var answer = await _host.PostAsync("/api/lanes/skip", $$"""{"destination":"manifest","subject":"{{_load.Subject}}","reason":"customs know"}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await LaneAsync(l => l.State == LaneState.Idle);
        _host.Received(TwinName.Manifest).Select(r => r.Sequence).ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task Waiting_for_answers_needs_to_know_how_they_are_read()
    {
        _host = await TestHost.StartAsync();

        var refused = await Should.ThrowAsync<Exception>(() => TestHost.StartAsync(new TestHostOptions
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Destinations:manifest:Settles"] = "Business" },
        }));

        refused.Message.ShouldContain("Business needs Answer");
    }

    private async Task StartAsync(string settles)
    {
        const string prefix = "Destinations:manifest:";
        _host = await TestHost.StartAsync(new TestHostOptions
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [prefix + "Settles"] = settles,
                [prefix + "Idempotent"] = "false",
                [prefix + "Reply:Acknowledged:0"] = "RECEIVED",
                [prefix + "Answer:Root"] = "{urn:customstransit:manifest:1}BusinessAnswer",
                [prefix + "Answer:Id"] = "Message",
                [prefix + "Answer:Code"] = "Decision",
                [prefix + "Answer:Text"] = "Why",
                [prefix + "Answer:Accepted:0"] = "ACCEPTED",
                [prefix + "Answer:Rejected:0"] = "REFUSED",
            },
        });
        _host.Twins.Order(TwinName.Manifest, new TwinOrder { Mode = TwinMode.Acknowledge });
    }

    private async Task<LaneView> LaneAsync(Func<LaneView, bool> is_)
    {
        LaneView? found = null;
        await Eventually.HoldsAsync(() => (found = _host.LanesAsync().GetAwaiter().GetResult().SingleOrDefault(l => l.Destination == "manifest")) is { } lane && is_(lane), "the lane comes to that");
        return found!;
    }

    private async Task<string> AnswerAsync(string messageId, string decision)
    {
        using var answer = await PostAsync("manifest", $"<BusinessAnswer xmlns=\"urn:customstransit:manifest:1\"><Message>{messageId}</Message><Decision>{decision}</Decision><Why>seal number unknown</Why></BusinessAnswer>");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(Cancel));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        return json.RootElement.GetProperty("effect").GetString()!;
    }

    private async Task<HttpResponseMessage> PostAsync(string destination, string xml)
    {
        using var content = new StringContent(xml, Encoding.UTF8, "application/xml");
        return await _host.Customs.PostAsync(new Uri($"/api/destinations/{destination}/answers", UriKind.Relative), content, Cancel);
    }
}
