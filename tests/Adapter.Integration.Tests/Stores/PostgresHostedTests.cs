using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using Adapter.Host;
using Adapter.Host.Observability;
using Adapter.Host.Processing;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace Adapter.Integration.Tests.Stores;

/// <summary>What runs beside the stores on PostgreSQL: deadlines on the host that holds the lease alone, and no figure for a log that is the database's.</summary>
[Trait("needs", "postgres")]
public sealed class PostgresHostedTests : IAsyncLifetime
{
    private readonly PostgresStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_standby_does_not_look_for_deadlines_until_it_holds_the_lease()
    {
        await _store.Lease.StartingAsync(Cancel);
        var asked = new AskedForDeadlines();
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        // In the order of the host's own registrations.
        builder.Services.AddSingleton(TimeProvider.System).AddKeyedSingleton(StoreClock.Key, TimeProvider.System)
            .AddSingleton(_store.Database).AddSingleton<IStandbyDoor>(PostgresStore.NoDoor.Instance).AddSingleton<PostgresLease>().AddSingleton<IDeadlineStore>(asked);
        builder.Services.AddHostedService(s => s.GetRequiredService<PostgresLease>());
        builder.Services.AddHostedService<DeadlineClock>();
        using var standby = builder.Build();

        var starting = standby.StartAsync(Cancel);
        // It has been refused the lease once at least when the holder gives it up.
        await Eventually.HoldsAsync(() => PostgresFixture.Scalar<long>(_store.ConnectionString, TriesForTheLease) > 0, "the standby did not ask for the lease");
        (starting.IsCompleted, asked.Times).ShouldBe((false, 0));
        await _store.Lease.StoppedAsync(Cancel);

        await starting;
        await Eventually.HoldsAsync(() => asked.Times > 0, "the new holder did not look for deadlines");
        await standby.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_host_whose_lease_was_taken_fires_no_deadline()
    {
        await _store.RunAsync("INSERT INTO subjects (subject, kind, version, status, updated_at, state, due_at) VALUES ('journey:J-1', 'journey', 1, 'announced', 0, '{}', 0)");
        await _store.Lease.StartingAsync(Cancel);
        await _store.RunAsync("UPDATE lease SET epoch = epoch + 1");

        await Should.ThrowAsync<StoreUnavailableException>(() => _store.Deadlines.FireAsync(_store.Clock.GetUtcNow(), 10, Cancel));

        (await _store.RowsAsync("journal")).ShouldBe(0);
        (await _store.RowsAsync("subjects WHERE due_at IS NOT NULL")).ShouldBe(1);
    }

    [Fact]
    public async Task Deadlines_go_by_the_databases_clock_and_a_clock_that_is_off_is_told()
    {
        // A function of this name before the built-in one in the search path: the database's clock is two hours ahead.
        await using var ahead = new PostgresStore(
            settings: ";Options=-c search_path=public,pg_catalog",
            prepared: "CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT pg_catalog.clock_timestamp() + interval ''2 hours'''");
        var clock = new StoreClock(ahead.Database, TimeProvider.System);
        var due = TimeProvider.System.GetUtcNow().AddHours(1);
        await ahead.RunAsync(
            $"INSERT INTO subjects (subject, kind, version, status, updated_at, state, due_at) VALUES ('journey:J-1', 'journey', 1, 'announced', 0, '{{}}', {due.ToStored()})");
        var health = new ClockHealth(clock);
        (await ahead.Deadlines.FireAsync(clock.GetUtcNow(), 10, Cancel)).ShouldBe(0);
        (await health.CheckHealthAsync(null!, Cancel)).Status.ShouldBe(HealthStatus.Healthy);

        await ahead.Lease.StartingAsync(Cancel);

        (await ahead.Deadlines.FireAsync(clock.GetUtcNow(), 10, Cancel)).ShouldBe(1);
        var entry = (await ahead.Processing.ClaimAsync(10, Cancel)).ShouldHaveSingleItem();
        (entry.ReceivedAt > due).ShouldBeTrue("what is decided about it must find that it is due");
        var told = await health.CheckHealthAsync(null!, Cancel);
        (told.Status, told.Description!.Contains("ahead of this machine's", StringComparison.Ordinal)).ShouldBe((HealthStatus.Degraded, true));
    }

    [Fact]
    public async Task A_key_is_added_beside_a_host_that_works_and_is_good_at_once()
    {
        string[] store = ["--Storage:Provider=postgres", $"--Storage:ConnectionString={_store.ConnectionString}"];
        await using var host = await TestHost.StartAsync(new TestHostOptions
        {
            WithTwins = false,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Storage:Provider"] = "postgres", ["Storage:ConnectionString"] = _store.ConnectionString },
        });

        var (code, output) = await HostProcess.RunAsync(["key", "add", "bob", "--role", "viewer", .. store]);

        code.ShouldBe(0, output);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/lanes", UriKind.Relative));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", output.Trim());
        using var answer = await host.Anonymous.SendAsync(request, Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await _store.RowsAsync("lease WHERE epoch = 1")).ShouldBe(1, "nothing was taken from the host");
    }

    [Fact]
    public async Task The_size_of_a_log_that_is_not_ours_is_not_published()
    {
        await using var services = new ServiceCollection().AddMetrics().AddSingleton<AdapterMetrics>().BuildServiceProvider();
        var published = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        var scope = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, scope))
            {
                published.Enqueue(instrument.Name);
            }
        };
        listener.Start();
        using var gauges = new StateGauges(
            _store.Lanes, _store.Journal, _store.Gaps, _store.Database, services.GetRequiredService<AdapterMetrics>(), TimeProvider.System, NullLogger<StateGauges>.Instance);

        await gauges.StartAsync(Cancel);

        await Eventually.HoldsAsync(() => published.Contains("customstransit.intake.gaps"), "the gauges were not published");
        await gauges.StopAsync(Cancel);
        published.ShouldNotContain("customstransit.store.wal");
    }

    private const string TriesForTheLease = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'UPDATE lease SET epoch = epoch + 1, holder = $1 WHERE%'";

    private sealed class AskedForDeadlines : IDeadlineStore
    {
        private int _times;

        public int Times => Volatile.Read(ref _times);

        public Task<int> FireAsync(DateTimeOffset now, int most, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _times);
            return Task.FromResult(0);
        }
    }
}
