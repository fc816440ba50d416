using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Adapter.Host.Rehearsal.Twins;
using static Adapter.Host.Rehearsal.Twins.TwinName;

namespace Adapter.Integration.Tests.Rehearsal;

public sealed class TwinOrderTests
{
    public static TheoryData<string> Twins => [Manifest, Transportation, Neighbour];

    [Theory, MemberData(nameof(Twins))]
    public async Task Down_cuts_the_connection_until_the_next_order(string twin)
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.OrderAsync(twin, """{"mode":"down"}""");

        await Should.ThrowAsync<HttpRequestException>(() => Send(stage, twin));
        await Should.ThrowAsync<HttpRequestException>(() => Send(stage, twin));
        stage.Received(twin).ShouldBeEmpty();

        (await stage.OrderAsync(twin, """{"mode":"ok"}""")).ShouldBe(HttpStatusCode.OK);
        (await Send(stage, twin)).IsFault.ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Twins))]
    public async Task Cut_has_no_effect_and_leaves_no_record(string twin)
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.OrderAsync(twin, """{"mode":"cut","count":1}""");

        await Should.ThrowAsync<HttpRequestException>(() => Send(stage, twin));

        stage.Received(twin).ShouldBeEmpty();
        await Send(stage, twin);
        stage.Received(twin).Select(r => r.Effect).ShouldBe([1]);
    }

    [Fact]
    public async Task Accept_then_silent_takes_effect_and_an_idempotent_twin_knows_it()
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.OrderAsync(Manifest, """{"mode":"accept-then-silent","count":1}""");

        await Should.ThrowAsync<HttpRequestException>(() => Send(stage, Manifest));

        stage.Received(Manifest).ShouldHaveSingleItem().Effect.ShouldBe(1);
        (await Send(stage, Manifest))["Result"].ShouldBe("DUPLICATE");
    }

    [Fact]
    public async Task Accept_then_silent_doubles_at_a_twin_that_is_not_idempotent_unless_one_asks()
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.OrderAsync(Transportation, """{"mode":"accept-then-silent","count":1}""");
        await Should.ThrowAsync<HttpRequestException>(() => Send(stage, Transportation));

        (await stage.SendAsync(Transportation, TwinStage.Soap11, Messages.Find()))["State"].ShouldBe("RECORDED");
        await Send(stage, Transportation);

        stage.Received(Transportation).Where(r => r.Effect > 0).Select(r => r.Effect).ShouldBe([1, 2]);
    }

    [Theory, MemberData(nameof(Twins))]
    public async Task Wrong_id_takes_effect_and_answers_for_another_message(string twin)
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.OrderAsync(twin, """{"mode":"wrong-id","count":1}""");

        var wrong = await Send(stage, twin);

        stage.Received(twin).ShouldHaveSingleItem().Effect.ShouldBe(1);
        var id = stage.Received(twin)[0].MessageId;
        wrong.Content.ToString().ShouldNotContain(id);
        wrong.Content.ToString().ShouldContain(new string([.. id.Reverse()]));
        (await Send(stage, twin)).Content.ToString().ShouldContain(id);
    }

    [Fact]
    public async Task Acknowledge_takes_effect_and_does_not_say_so()
    {
        await using var stage = await TwinStage.StartAsync();
        foreach (var twin in new[] { Manifest, Transportation })
        {
            await stage.OrderAsync(twin, """{"mode":"acknowledge","count":1}""");
            (await Send(stage, twin)).Content.ToString().ShouldContain("RECEIVED");
            stage.Received(twin).ShouldHaveSingleItem().ShouldSatisfyAllConditions(r => r.Effect.ShouldBe(1), r => r.Result.ShouldBe("RECEIVED"));
        }

        (await stage.OrderAsync(Neighbour, """{"mode":"acknowledge"}""")).ShouldBe(HttpStatusCode.BadRequest, "its profile has no such answer");
    }

    [Fact]
    public async Task A_percentage_means_some_requests_evenly()
    {
        await using var stage = await TwinStage.StartAsync();
        (await stage.OrderAsync(Manifest, """{"mode":"refuse","percent":101}""")).ShouldBe(HttpStatusCode.BadRequest);
        await stage.OrderAsync(Manifest, """{"mode":"refuse","percent":25}""");

        for (var i = 0; i < 12; i++)
        {
            await Send(stage, Manifest);
        }

        stage.Received(Manifest).Select((r, i) => (r.Result, i)).Where(r => r.Result == "REFUSED").Select(r => r.i).ShouldBe([3, 7, 11]);
    }

    [Fact]
    public async Task Flapping_is_down_and_up_in_turn()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var stage = await TwinStage.StartAsync(settings => settings with { Time = time });
        (await stage.OrderAsync(Manifest, """{"mode":"flapping"}""")).ShouldBe(HttpStatusCode.BadRequest, "each phase needs its seconds");
        await stage.OrderAsync(Manifest, """{"mode":"flapping","seconds":3}""");

        foreach (var up in new[] { false, true, false, true })
        {
            if (up)
            {
                (await Send(stage, Manifest)).IsFault.ShouldBeFalse();
            }
            else
            {
                await Should.ThrowAsync<HttpRequestException>(() => Send(stage, Manifest));
            }

            time.Advance(TimeSpan.FromSeconds(3));
        }
    }

    [Fact]
    public async Task Orders_are_given_on_the_command_line_too()
    {
        await using var stage = await TwinStage.StartAsync();

        var (code, output) = await HostProcess.RunAsync("twins", "order", Manifest, "slow", "--seconds", "2.5", "--count", "3", "--at", stage.Host.Address.ToString());

        code.ShouldBe(0, output);
        (await stage.GetAsync("/orders")).Text.ShouldContain("""{"mode":"slow","seconds":2.5,"count":3}""");
        (await HostProcess.RunAsync("twins", "order", Manifest, "slow", "--at", stage.Host.Address.ToString())).ShouldSatisfyAllConditions(
            r => r.ExitCode.ShouldBe(1), r => r.Output.ShouldContain("slow needs seconds"));
        (await HostProcess.RunAsync("twins", "order", Manifest, "down", "--at", "http://127.0.0.1:1")).ShouldSatisfyAllConditions(
            r => r.ExitCode.ShouldBe(1), r => r.Output.ShouldContain("No twins answer"));
        (await HostProcess.RunAsync("twins", "order", "customs", "down")).ExitCode.ShouldBe(1);
    }

    [Theory, MemberData(nameof(Twins))]
    public async Task Slow_answers_late(string twin)
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.OrderAsync(twin, """{"mode":"slow","seconds":0.4,"count":1}""");
        var watch = Stopwatch.StartNew();

        (await Send(stage, twin)).IsFault.ShouldBeFalse();

        watch.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.35));
    }

    [Fact]
    public async Task A_client_that_gives_up_on_a_slow_twin_frees_it_and_the_message_has_taken_effect()
    {
        var stage = await TwinStage.StartAsync();
        stage.Host.Order(Manifest, new TwinOrder { Mode = TwinMode.Slow, Seconds = 3600 });
        using var impatient = new HttpClient { Timeout = TimeSpan.FromSeconds(1) };
        using var content = new StringContent(TwinStage.Envelope(TwinStage.Soap11, Messages.Seal()), System.Text.Encoding.UTF8, "text/xml");

        await Should.ThrowAsync<TaskCanceledException>(() => impatient.PostAsync(stage.Host.Endpoint(Manifest), content, TestContext.Current.CancellationToken));

        stage.Received(Manifest).ShouldHaveSingleItem().Effect.ShouldBe(1);
        var watch = Stopwatch.StartNew();
        await stage.DisposeAsync();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Theory, MemberData(nameof(Twins))]
    public async Task Fault_answers_a_fault_of_the_receiver_as_often_as_told(string twin)
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.OrderAsync(twin, """{"mode":"fault","count":2}""");

        var first = await Send(stage, twin);
        var second = await Send(stage, twin);
        var third = await Send(stage, twin);

        first.Status.ShouldBe(HttpStatusCode.InternalServerError);
        first.FaultCode.ShouldBe(twin == Neighbour ? "soap:Receiver" : "soap:Server");
        second.IsFault.ShouldBeTrue();
        third.IsFault.ShouldBeFalse();
        stage.Received(twin).Select(r => (r.Effect, r.Result == TwinRecord.Fault)).ShouldBe([(0, true), (0, true), (1, false)]);
    }

    [Fact]
    public async Task A_refused_message_has_no_effect_and_may_come_again()
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.OrderAsync(Manifest, """{"mode":"refuse","count":1}""");

        var refused = await Send(stage, Manifest);

        (refused["Result"], refused["Code"]).ShouldBe(("REFUSED", "TRN-409"));
        stage.Received(Manifest).ShouldHaveSingleItem().Effect.ShouldBe(0);
        (await Send(stage, Manifest))["Result"].ShouldBe("ACCEPTED");
    }

    [Fact]
    public async Task Orders_are_shown_with_what_is_left_of_them_and_concern_one_twin()
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.OrderAsync(Manifest, """{"mode":"refuse","count":3}""");
        await Send(stage, Manifest);
        (await Send(stage, Neighbour))["FunctionCode"].ShouldBe("01");

        using var orders = JsonDocument.Parse((await stage.GetAsync("/orders")).Text);

        orders.RootElement.GetProperty("manifest").GetProperty("mode").GetString().ShouldBe("refuse");
        orders.RootElement.GetProperty("manifest").GetProperty("count").GetInt32().ShouldBe(2);
        orders.RootElement.GetProperty("neighbour").GetProperty("mode").GetString().ShouldBe("ok");
    }

    [Theory]
    [InlineData("manifest", "{\"mode\":\"asleep\"}")]
    [InlineData("manifest", "{\"seconds\":3}")]
    [InlineData("manifest", "{\"mode\":\"slow\"}")]
    [InlineData("manifest", "{\"mode\":\"down\",\"count\":0}")]
    [InlineData("manifest", "{\"mode\":\"slow\",\"seconds\":-1}")]
    [InlineData("manifest", "null")]
    [InlineData("manifest", "{")]
    public async Task An_order_that_cannot_be_followed_is_refused(string twin, string json)
    {
        await using var stage = await TwinStage.StartAsync();

        (await stage.OrderAsync(twin, json)).ShouldBe(HttpStatusCode.BadRequest);
        (await Send(stage, twin))["Result"].ShouldBe("ACCEPTED");
    }

    [Fact]
    public async Task An_order_for_nobody_is_not_found()
    {
        await using var stage = await TwinStage.StartAsync();

        (await stage.OrderAsync("everybody", """{"mode":"down"}""")).ShouldBe(HttpStatusCode.NotFound);
    }

    private static Task<Reply> Send(TwinStage stage, string twin) => stage.SendAsync(twin, Messages.ContentTypeOf(twin), Messages.For(twin));
}
