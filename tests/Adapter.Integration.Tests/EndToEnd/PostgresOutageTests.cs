using System.Net;
using System.Text.Json;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>A database that crashes, or stands still, under one host with a load, and a host that another one takes over from.</summary>
[Trait("needs", "postgres")]
public sealed class PostgresOutageTests(CrashReceivers receivers) : IClassFixture<CrashReceivers>
{
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_database_that_crashes_and_comes_back_costs_nothing() => RunAsync("a restart", cluster =>
    {
        cluster.Restart();
        return Task.CompletedTask;
    });

    [Fact]
    public Task A_database_that_stands_still_for_ten_seconds_costs_nothing() => RunAsync("a standstill", async cluster =>
    {
        cluster.StandStill();
        await Task.Delay(Standstill, TestContext.Current.CancellationToken);
        cluster.GoOn();
    });

    [Fact]
    public async Task A_host_that_stands_by_takes_over_from_one_that_is_killed_under_load()
    {
        await using var run = await CrashRun.OnPreparedDatabaseAsync(receivers);
        await run.StartWithoutEndAsync();
        run.StartStandby();
        var sending = run.SendAsync();
        await Eventually.HoldsAsync(() => run.Load.Answered > run.Load.Requests / 4, "the load did not get under way");

        await AssertStandsByAsync(await run.StandbyAddressAsync());
        await run.KillAndTakeOverAsync();

        run.LetEnd();
        await sending;
        await run.AssertKeptItsPromisesAsync("a takeover");
        run.HostHasEnded.ShouldBeFalse(run.Output);
    }

    [Fact]
    public async Task A_host_that_stood_still_until_another_took_over_writes_nothing_when_it_wakes_and_ends()
    {
        await using var run = await CrashRun.OnPreparedDatabaseAsync(receivers);
        await run.StartWithoutEndAsync();
        run.StartStandby();
        await run.StandbyAddressAsync();
        var sending = run.SendAsync();
        await Eventually.HoldsAsync(() => run.Load.Answered > run.Load.Requests / 4, "the load did not get under way");

        await using var late = await run.StandStillAndTakeOverAsync();

        (await late.EndsAsync(TimeSpan.FromMinutes(2))).ShouldBe(0);
        late.Output.ShouldContain("Another host has taken over");
        run.LetEnd();
        await sending;
        await run.AssertKeptItsPromisesAsync("a host that woke late");
        run.HostHasEnded.ShouldBeFalse(run.Output);
    }

    /// <summary>Alive, not ready, and whoever sends all the same is told that nothing was kept.</summary>
    private static async Task AssertStandsByAsync(Uri standby)
    {
        using var client = new HttpClient { BaseAddress = standby };
        (await client.GetAsync(new Uri("/health/live", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var ready = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), Cancel);
        (ready.StatusCode, await ready.Content.ReadAsStringAsync(Cancel)).ShouldBe((HttpStatusCode.ServiceUnavailable, "Standby"));
        foreach (var path in new[] { "/intake/jointech/alarm", "/api/journeys", "/soap/transit-registration" })
        {
            using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), new StringContent("{}"), Cancel);
            using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
            (answer.StatusCode, problem.RootElement.GetProperty("title").GetString(), answer.Headers.RetryAfter?.Delta)
                .ShouldBe((HttpStatusCode.ServiceUnavailable, "host.standby", TimeSpan.FromSeconds(5)), path);
        }
    }

    private async Task RunAsync(string what, Func<PostgresFixture, Task> disturbAsync)
    {
        using var cluster = PostgresFixture.StartOwn();
        await using var run = await CrashRun.OnPreparedDatabaseAsync(receivers, cluster);
        await run.StartWithoutEndAsync();
        var sending = run.SendAsync();
        await Eventually.HoldsAsync(() => run.Load.Answered > run.Load.Requests / 4, "the load did not get under way");

        await disturbAsync(cluster);

        run.LetEnd();
        await sending;
        await run.AssertKeptItsPromisesAsync(what);
        run.HostHasEnded.ShouldBeFalse(run.Output);
    }
}
