using System.Net;
using Adapter.Host.Delivery;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Host.Storage;
using Adapter.Integration.Tests.EndToEnd;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>The store goes away and comes back while the host runs.</summary>
public sealed class WebhookOutageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_short_absence_of_the_store_is_waited_out()
    {
        await using var doors = await DoorBench.StartAsync();
        Task<Answer> push;
        using (await LockAsync(doors))
        {
            push = doors.PushAsync(doors.Report());
            (await Task.WhenAny(push, Task.Delay(TimeSpan.FromMilliseconds(400), Cancel))).ShouldNotBe(push);
        }

        (await push).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
        doors.Rows("gaps").ShouldBe(0);
        await doors.AllIsWellAsync();
    }

    [Fact]
    public async Task A_refusal_is_true_although_the_store_comes_back_later()
    {
        await using var doors = await DoorBench.StartAsync(("Ingest:Patience", "00:00:00.400"));
        using var gate = new ManualResetEventSlim();
        var held = doors.Host.Services.GetRequiredService<StoreWriter>().WriteAsync(WriteUrgency.Ordinary, _ => gate.Wait(Cancel), Cancel);

        var refused = await doors.PushAsync(doors.Report());
        var kept = await doors.PushAsync("no json");
        gate.Set();
        await held;

        (refused.Status, refused.Code, refused.RetryAfter).ShouldBe((HttpStatusCode.ServiceUnavailable, "intake.store-unavailable", TimeSpan.FromSeconds(5)));
        (kept.Status, kept.Code).ShouldBe((HttpStatusCode.ServiceUnavailable, "intake.store-unavailable"));
        (await doors.PushAsync(doors.Report(60))).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
        (doors.Rows("journal"), doors.Rows("unreadable_bodies")).ShouldBe((1, 0));
        (await doors.ReasonsAsync(DoorBench.Other, 1)).ShouldBe(["store-unavailable"]);
    }

    [Fact]
    public async Task After_a_long_absence_everything_goes_on_without_a_restart_and_once()
    {
        await using var doors = await DoorBench.StartAsync(TestClock.Running(), withTwins: true, ("Ingest:Patience", "00:00:01"), ($"Ingest:Sources:{DoorBench.Other}:Repeats", "true"));
        var load = new DemoLoad();
        await load.RegisterAsync(doors.Host);
        var half = load.Pushes.Count / 2;
        await DemoLoad.PushAsync(doors.Host, load.Pushes.Take(half));

        // Half of the reports are being decided and delivered at this moment. Longer than the store itself waits for a lock.
        using (await LockAsync(doors))
        {
            var refused = await doors.PushAsync(doors.Report());
            refused.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
            using var lost = await doors.Host.PushAsync(JointReports.Location, doors.Report());
            lost.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            using var commits = new MeterWatch<int>(doors.Host.Services, "customstransit.store.commit_writes");
            var probes = Enumerable.Range(0, 20).Select(_ => HealthAsync(doors, "/health/ready"));
            (await Task.WhenAll(probes)).ShouldAllBe(status => status == HttpStatusCode.ServiceUnavailable);
            (await HealthAsync(doors, "/health/live")).ShouldBe(HttpStatusCode.OK);
            await Task.Delay(TimeSpan.FromSeconds(11), Cancel);
            commits.Measured.ShouldBeEmpty();
        }

        await Eventually.GetAsync(() => HealthAsync(doors, "/health/ready"), status => status == HttpStatusCode.OK);
        await DemoLoad.PushAsync(doors.Host, load.Pushes.Skip(half));

        await Eventually.HoldsAsync(() => TwinName.All.All(twin => DemoRun.IsTheStory(doors.Host.Received(twin))), "the whole story at three systems");
        await Eventually.GetAsync(doors.Host.LanesAsync, lanes => lanes.All(lane => lane.State == LaneState.Idle), lanes => string.Join('\n', lanes));
        TwinName.All.ShouldAllBe(twin => DemoRun.IsTheStory(doors.Host.Received(twin)));
        (await doors.ReasonsAsync(TestHost.Source, 1)).ShouldBe(["store-unavailable"]);
        doors.Host.Log.Lines.Count(line => line.EventId is 3001 or 6002 or 6005).ShouldBeLessThan(60, "whoever cannot write pauses between its tries");
    }

    [Fact]
    public async Task A_disk_without_room_refuses_and_room_heals_it()
    {
        await using var doors = await DoorBench.StartAsync();
        var writer = doors.Host.Services.GetRequiredService<StoreWriter>();
        await writer.WriteAsync(WriteUrgency.Ordinary, session => session.Execute("PRAGMA max_page_count = 1"), Cancel);
        var large = doors.Report().Replace(DoorBench.Canary, DoorBench.Canary + new string('x', 100_000), StringComparison.Ordinal);

        (await doors.PushAsync(large)).Code.ShouldBe("intake.store-unavailable");
        doors.Rows("journal").ShouldBe(0);
        doors.Host.Log.Lines.ShouldContain(line => line.EventId == 1002);

        await writer.WriteAsync(WriteUrgency.Ordinary, session => session.Execute("PRAGMA max_page_count = 1073741823"), Cancel);
        (await doors.PushAsync(large)).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
        (await doors.ReasonsAsync(DoorBench.Other, 1)).ShouldBe(["store-unavailable"]);
        await doors.AllIsWellAsync();
    }

    [Fact]
    public async Task A_store_that_may_only_be_read_refuses_and_heals()
    {
        await using var doors = await DoorBench.StartAsync();
        StoreSession writing = null!;
        await doors.Host.Services.GetRequiredService<StoreWriter>().WriteAsync(
            WriteUrgency.Ordinary, session => (writing = session).Execute("PRAGMA query_only = 1"), Cancel);

        (await doors.PushAsync(doors.Report())).Code.ShouldBe("intake.store-unavailable");
        (await HealthAsync(doors, "/health/ready")).ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await doors.Host.GetAsync("/api/gaps")).GetArrayLength().ShouldBe(0);

        // Past the session, which is the writer's: SQLite itself lets two threads share a connection.
        SQLitePCL.raw.sqlite3_exec(((SqliteSession)writing).Connection.Handle, "PRAGMA query_only = 0").ShouldBe(0);
        (await doors.PushAsync(doors.Report(30))).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
        (await doors.ReasonsAsync(DoorBench.Other, 1)).ShouldBe(["store-unavailable"]);
        await Eventually.GetAsync(() => HealthAsync(doors, "/health/ready"), status => status == HttpStatusCode.OK);
        await doors.AllIsWellAsync();
    }

    private static async Task<HttpStatusCode> HealthAsync(DoorBench doors, string path)
    {
        using var answer = await doors.Host.Anonymous.GetAsync(new Uri(path, UriKind.Relative), Cancel);
        return answer.StatusCode;
    }

    /// <summary>Holds the write lock of the database, as a backup or a curious administrator might.</summary>
    private static async Task<IDisposable> LockAsync(DoorBench doors)
    {
        var connection = new SqliteConnection($"Data Source={doors.Host.PathOf("store.db")};Pooling=False;Default Timeout=10");
        await connection.OpenAsync(Cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync(Cancel);
        return connection;
    }
}
