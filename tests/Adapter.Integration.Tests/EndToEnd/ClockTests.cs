using Adapter.Host.Delivery;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Host.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Adapter.Host.Rehearsal.Twins.TwinName;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Whole hosts whose clocks are wrong, or are put back while messages wait.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly DemoLoad _load = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_for_a_receiver_does_not_wait_for_a_clock_that_was_put_back()
    {
        await using var host = await TestHost.StartAsync();
        host.Twins.Order(Neighbour, new TwinOrder { Mode = TwinMode.Down });
        await _load.RunAsync(host);
        await WaitsAsync(host);

        host.Clock.Advance(-Hour);
        host.Twins.Order(Neighbour, TwinOrder.Ok);

        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(host.Received(Neighbour)), "it waits for the clock to catch up");
        (await host.Anonymous.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancel)).ShouldBe(nameof(HealthStatus.Degraded));
    }

    [Fact]
    public async Task What_waited_when_the_host_was_stopped_does_not_wait_for_a_clock_that_was_put_back_before_it_started()
    {
        await using var host = await TestHost.StartAsync();
        host.Twins.Order(Neighbour, new TwinOrder { Mode = TwinMode.Down });
        await _load.RunAsync(host);
        await WaitsAsync(host);

        await host.RestartAsync(-Hour);
        host.Twins.Order(Neighbour, TwinOrder.Ok);

        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(host.Received(Neighbour)), "it waits for the clock to catch up");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [Trait("needs", "postgres")]
    public async Task On_PostgreSQL_a_host_whose_clock_is_an_hour_off_receives_and_sends_by_the_databases_and_so_does_the_next(int hours)
    {
        var database = PostgresFixture.Shared.MakeDatabase();
        await using (var host = await OnAsync(database, TimeSpan.FromHours(hours)))
        {
            var before = DatabaseTime(database);
            host.Twins.Order(Neighbour, new TwinOrder { Mode = TwinMode.Down });
            await _load.RunAsync(host);

            var lane = await WaitsAsync(host);
            lane.DueAt!.Value.ShouldBeInRange(before, DatabaseTime(database) + TimeSpan.FromMinutes(10));

            // The next host's clock is an hour off to the other side.
            host.Twins.Order(Neighbour, TwinOrder.Ok);
            await host.RestartAsync(-2 * TimeSpan.FromHours(hours));
            await Eventually.HoldsAsync(() => DemoRun.IsTheStory(host.Received(Neighbour)), "it waits by the wrong clock");

            // Or every lock would have a wrong clock, and would have been silent for an hour too long or too short.
            var first = PostgresFixture.Scalar<long>(database, "SELECT min(received_at) FROM journal");
            var last = PostgresFixture.Scalar<long>(database, "SELECT max(received_at) FROM journal");
            (Instant.FromStored(first) >= before, Instant.FromStored(last) <= DatabaseTime(database)).ShouldBe((true, true), "what came was received by the wrong clock");
        }

        PostgresFixture.Shared.DropDatabase(database);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    [Trait("needs", "postgres")]
    public async Task On_PostgreSQL_a_host_whose_clock_is_an_hour_off_looks_for_deadlines_by_the_databases(int hours)
    {
        var database = PostgresFixture.Shared.MakeDatabase();
        await using (await OnAsync(database, TimeSpan.FromHours(hours)))
        {
            PostgresFixture.Execute(database, Deadline("to-come", minutes: 30) + Deadline("passed", minutes: -30));

            await Eventually.HoldsAsync(() => PostgresFixture.Scalar<long>(database, "SELECT count(*) FROM journal WHERE kind = 'Deadline'") > 0, "no deadline was found to have passed");

            PostgresFixture.Scalar<string>(database, "SELECT string_agg(subject, ' ') FROM subjects WHERE due_at IS NOT NULL").ShouldBe("journey:to-come");
        }

        PostgresFixture.Shared.DropDatabase(database);

        static string Deadline(string journey, int minutes) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"INSERT INTO subjects (subject, kind, version, status, updated_at, state, due_at) VALUES ('journey:{journey}', 'Journey', 1, 'Announced', 0, '{{}}', (extract(epoch FROM clock_timestamp()) * 1000)::bigint + {minutes} * 60000);");
    }

    private static async Task<TestHost> OnAsync(string database, TimeSpan ahead)
    {
        var clock = TestClock.Running();
        clock.Advance(ahead);
        return await TestHost.StartAsync(new TestHostOptions
        {
            Clock = clock,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Storage:Provider"] = "postgres", ["Storage:ConnectionString"] = database },
        });
    }

    /// <summary>A lane of the receiver that is down, once its message was tried and waits.</summary>
    private static async Task<LaneView> WaitsAsync(TestHost host) =>
        (await Eventually.GetAsync(host.LanesAsync, lanes => lanes.Any(IsWaiting))).First(IsWaiting);

    private static bool IsWaiting(LaneView lane) => lane is { Destination: Neighbour, Tries: > 0, State: LaneState.Waiting, DueAt: not null };

    private static DateTimeOffset DatabaseTime(string database) =>
        Instant.FromStored(PostgresFixture.Scalar<long>(database, "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint"));
}
