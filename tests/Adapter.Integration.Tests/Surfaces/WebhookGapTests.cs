using System.Net;
using Adapter.Host.Admin;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>What is not lost silently.</summary>
public sealed class WebhookGapTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refusals_extend_one_gap_until_there_was_silence_or_somebody_closed_it()
    {
        var clock = TestClock.StandingAt(new DateTimeOffset(2026, 7, 9, 12, 0, 0, TimeSpan.Zero));
        await using var doors = await DoorBench.StartAsync(clock, withTwins: false, ("Ingest:MaxRecords", "1"));
        var opened = clock.GetUtcNow();
        await RefusedAsync();
        clock.Advance(TimeSpan.FromMinutes(9));
        await RefusedAsync();

        var gap = (await Eventually.GetAsync(() => doors.GapsAsync(), gaps => gaps is [var one] && one.GetProperty("refused").GetInt32() == 2)).ShouldHaveSingleItem();
        (Text("source"), Text("route"), Text("reason")).ShouldBe((DoorBench.Other, "location", "too-many-records"));
        (gap.GetProperty("firstAt").GetDateTimeOffset(), gap.GetProperty("lastAt").GetDateTimeOffset()).ShouldBe((opened, opened.AddMinutes(9)));

        clock.Advance(TimeSpan.FromMinutes(11));
        await RefusedAsync();
        await doors.ReasonsAsync(DoorBench.Other, 2);
        using var closed = await doors.Host.PostAsync("/api/gaps/2/close", """{"reason":"fetched from the cloud"}""");
        closed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await RefusedAsync();
        await doors.ReasonsAsync(DoorBench.Other, 2);

        var all = await doors.GapsAsync(open: false);
        all.Select(g => (g.GetProperty("id").GetInt64(), g.GetProperty("refused").GetInt32(), g.TryGetProperty("closeReason", out var r) ? r.GetString() : null))
            .ShouldBe([(3, 1, null), (2, 1, "fetched from the cloud"), (1, 2, null)]);
        doors.Host.Log.Lines.Count(line => line.EventId == 1002).ShouldBe(2);

        async Task RefusedAsync() => (await doors.PushAsync("[1,2]")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        string? Text(string name) => gap.GetProperty(name).GetString();
    }

    [Fact]
    public async Task A_source_that_repeats_leaves_no_gap()
    {
        await using var doors = await DoorBench.StartAsync(("Ingest:MaxRecords", "1"), ($"Ingest:Sources:{DoorBench.Other}:Repeats", "true"));

        (await doors.PushAsync("[1,2]")).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var other = await doors.Host.PushAsync(JointReports.Location, "[1,2]");

        await doors.ReasonsAsync(TestHost.Source, 1);
        (await doors.GapsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_body_that_breaks_off_leaves_a_gap_and_nothing_else()
    {
        await using var doors = await DoorBench.StartAsync();
        using (var broken = await doors.ConnectAsync(doors.Head("Content-Length: 1000\r\nExpect: 100-continue")))
        {
            (await broken.ReadLineAsync()).ShouldBe("HTTP/1.1 100 Continue");
            await broken.SendAsync("{\"assetId\":");
        }

        (await doors.ReasonsAsync(DoorBench.Other, 1)).ShouldBe(["cut-off"]);
        (doors.Rows("journal"), doors.Rows("unreadable_bodies")).ShouldBe((0, 0));
        await doors.AllIsWellAsync();
    }

    [Fact]
    public async Task A_gap_is_closed_by_an_operator_with_a_reason_and_once()
    {
        await using var doors = await DoorBench.StartAsync(("Ingest:MaxRecords", "1"));
        await doors.PushAsync("[1,2]");
        await doors.ReasonsAsync(DoorBench.Other, 1);
        using var gaps = new MeterWatch<long>(doors.Host.Services, "customstransit.intake.gaps");
        using var viewer = await doors.Host.ClientOfAsync("victor", Roles.Viewer);
        using var anna = await doors.Host.ClientOfAsync("anna", Roles.Operator);

        (await CloseAsync(viewer, 1, "seen")).ShouldBe(HttpStatusCode.Forbidden);
        (await CloseAsync(anna, 1, "  ")).ShouldBe(HttpStatusCode.BadRequest);
        (await CloseAsync(anna, 99, "which?")).ShouldBe(HttpStatusCode.NotFound);
        (await CloseAsync(anna, 1, "fetched by hand")).ShouldBe(HttpStatusCode.NoContent);
        (await CloseAsync(anna, 1, "again")).ShouldBe(HttpStatusCode.NotFound);

        (await doors.GapsAsync()).ShouldBeEmpty();
        var audit = (await doors.Host.GetAsync("/api/audit")).EnumerateArray().Where(a => a.GetProperty("action").GetString() == "gap.close").ToList();
        audit.ShouldHaveSingleItem();
        (audit[0].GetProperty("actor").GetString(), audit[0].GetProperty("subject").GetString(), audit[0].GetProperty("detail").GetString()).ShouldBe(("anna", "gap 1", "fetched by hand"));

        static async Task<HttpStatusCode> CloseAsync(HttpClient who, int id, string reason)
        {
            using var content = new StringContent($$"""{"reason":"{{reason}}"}""", System.Text.Encoding.UTF8, "application/json");
            using var answer = await who.PostAsync(new Uri($"/api/gaps/{id}/close", UriKind.Relative), content, Cancel);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_host_that_was_down_opens_a_gap_for_each_source_that_never_repeats()
    {
        await using var doors = await DoorBench.StartAsync(($"Ingest:Sources:{DoorBench.Other}:Repeats", "true"));
        await Eventually.GetAsync(() => Task.FromResult(doors.Rows("listening")), rows => rows == 1);
        (await doors.GapsAsync()).ShouldBeEmpty();

        await doors.Host.RestartAsync(down: TimeSpan.FromSeconds(2));
        (await doors.GapsAsync()).ShouldBeEmpty();

        var stopped = doors.Host.Clock.GetUtcNow();
        await doors.Host.RestartAsync(down: TimeSpan.FromHours(3));

        (await doors.ReasonsAsync(TestHost.Source, 1)).ShouldBe(["host-down"]);
        var gaps = await doors.GapsAsync();
        gaps.Select(g => g.GetProperty("source").GetString()).ShouldBe([TestHost.Source, DoorBench.Signer, DoorBench.Keyed], ignoreOrder: true);
        var gap = gaps[0];
        (gap.GetProperty("route").GetString(), gap.GetProperty("refused").GetInt32()).ShouldBe(("*", 0));
        gap.GetProperty("firstAt").GetDateTimeOffset().ShouldBe(stopped, TimeSpan.FromMinutes(1));
        gap.GetProperty("lastAt").GetDateTimeOffset().ShouldBe(stopped.AddHours(3), TimeSpan.FromMinutes(1));
        doors.Host.Log.Lines.Count(line => line.EventId == 1004).ShouldBe(1);
    }

    [Fact]
    public async Task Gaps_noted_while_the_store_is_away_are_written_when_it_is_back()
    {
        await using var doors = await DoorBench.StartAsync(("Ingest:MaxBodyBytes", "1024"));
        using var gate = new ManualResetEventSlim();
        var held = doors.Host.Services.GetRequiredService<StoreWriter>().WriteAsync(WriteUrgency.Ordinary, _ => gate.Wait(Cancel), Cancel);
        for (var i = 0; i < 3; i++)
        {
            (await doors.PushAsync(new string(' ', 1025))).Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        }

        doors.Host.Log.Lines.Count(line => line.EventId == 1002).ShouldBe(1);
        doors.Rows("gaps").ShouldBe(0);
        gate.Set();
        await held;

        await doors.ReasonsAsync(DoorBench.Other, 1);
        await Eventually.GetAsync(() => doors.GapsAsync(), all => all.Sum(g => g.GetProperty("refused").GetInt32()) == 3);
    }
}
