namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>A database that crashes, or stands still, under one host with a load, and a host that another one takes over from.</summary>
[Trait("needs", "postgres")]
public sealed class PostgresOutageTests(CrashReceivers receivers) : IClassFixture<CrashReceivers>
{
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(10);

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
        await using var run = await CrashRun.OnPostgresAsync(receivers, PostgresFixture.Shared);
        await run.StartWithoutEndAsync();
        run.StartStandby();
        var sending = run.SendAsync();
        await Eventually.HoldsAsync(() => run.Load.Answered > run.Load.Requests / 4, "the load did not get under way");

        await run.KillAndTakeOverAsync();

        run.LetEnd();
        await sending;
        await run.AssertKeptItsPromisesAsync("a takeover");
        run.HostHasEnded.ShouldBeFalse(run.Output);
    }

    private async Task RunAsync(string what, Func<PostgresFixture, Task> disturbAsync)
    {
        using var cluster = PostgresFixture.StartOwn();
        await using var run = await CrashRun.OnPostgresAsync(receivers, cluster);
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
