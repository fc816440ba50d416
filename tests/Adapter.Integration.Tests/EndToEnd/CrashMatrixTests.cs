using System.Reflection;
using Adapter.Host.Observability;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>One row per crash point: a host dies there under load, an ordinary one goes on, and no promise is broken.</summary>
/// <remarks>A row fails where its point is never reached. Processes die by SIGKILL; what a power cut adds is the disk's part.</remarks>
public abstract class CrashMatrix(CrashReceivers receivers) : IClassFixture<CrashReceivers>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Points that a host with a load reaches by itself, and at which time it dies there: late enough for the load to be under way, early enough for a fast host, which takes it in few commits.</summary>
    public static TheoryData<string, int> UnderLoad => new()
    {
        { CrashPoints.IntakeAuthenticated, 60 },
        { CrashPoints.IntakeBodyRead, 80 },
        { CrashPoints.IntakeBeforeAppend, 100 },
        { CrashPoints.IntakeBeforeAnswer, 70 },
        { CrashPoints.WriterBegun, 30 },
        { CrashPoints.WriterBetweenWrites, 10 },
        { CrashPoints.WriterBeforeCommit, 25 },
        { CrashPoints.WriterCommitted, 35 },
        { CrashPoints.BatchClaimed, 4 },
        { CrashPoints.BatchLoaded, 5 },
        { CrashPoints.BatchDecided, 6 },
        { CrashPoints.BatchStatesSaved, 4 },
        { CrashPoints.BatchBeforeCheckpoint, 6 },
        { CrashPoints.BatchSaved, 5 },
        { CrashPoints.LaneClaimed, 8 },
        { CrashPoints.AttemptBeforeMark, 10 },
        { CrashPoints.AttemptMarked, 4 },
        { CrashPoints.AttemptLeaving, 11 },
        { CrashPoints.AttemptAnswered, 9 },
        { CrashPoints.AttemptJudged, 12 },
        { CrashPoints.OutcomeBetween, 7 },
        { CrashPoints.OutcomeRecorded, 9 },
    };

    /// <summary>Points that a host passes before it listens. The load waits for the next host.</summary>
    public static TheoryData<string, int> AtStart => new()
    {
        { CrashPoints.Seeding, 2 },
        { CrashPoints.Seeded, 1 },
        { CrashPoints.RecoveryBegins, 1 },
        { CrashPoints.Recovered, 1 },
    };

    /// <summary>Points of the first start of all, in the first migration and in a later one.</summary>
    public static TheoryData<string, int> InMigrations => new()
    {
        { CrashPoints.MigrationBegun, 1 },
        { CrashPoints.MigrationRun, 1 },
        { CrashPoints.MigrationRun, 2 },
        { CrashPoints.MigrationRecorded, 2 },
        { CrashPoints.MigrationCommitted, 1 },
    };

    /// <summary>A run on a store that is laid out and has customs' key.</summary>
    private protected abstract Task<CrashRun> OnPreparedStoreAsync();

    /// <summary>A run on a store that nobody has laid out.</summary>
    private protected abstract CrashRun OnNoStore();

    [Theory]
    [MemberData(nameof(UnderLoad))]
    public async Task A_host_that_dies_under_load_is_replaced_and_nothing_is_lost_or_doubled(string point, int after)
    {
        await using var run = await OnPreparedStoreAsync();
        await run.StartDoomedAsync(point, after);
        var sending = run.SendAsync();
        await AssertDiedAsync(run, point);

        await run.StartAsync();
        await sending;
        await run.AssertKeptItsPromisesAsync(point);
    }

    [Theory]
    [MemberData(nameof(AtStart))]
    public async Task A_host_that_dies_while_it_starts_is_started_again(string point, int after)
    {
        await using var run = await OnPreparedStoreAsync();
        var sending = run.SendAsync();
        if (point is CrashPoints.Recovered or CrashPoints.RecoveryBegins)
        {
            await run.StartDoomedAsync(CrashPoints.AttemptMarked, after: 3);
            await AssertDiedAsync(run, CrashPoints.AttemptMarked);
        }

        await run.StartDoomedAsync(point, after);
        await AssertDiedAsync(run, point);

        await run.StartAsync();
        await sending;
        await run.AssertKeptItsPromisesAsync(point);
    }

    /// <summary>Open attempts of several lanes are ended in one transaction: half of it must not be kept.</summary>
    [Fact]
    public async Task A_host_that_dies_while_it_ends_open_attempts_is_started_again()
    {
        await using var run = await OnPreparedStoreAsync();
        var sending = run.SendAsync();
        // Every mark is followed by fifty milliseconds at the receiver, so the others of that moment are open too.
        await run.StartDoomedAsync(CrashPoints.AttemptMarked, after: 5);
        await AssertDiedAsync(run, CrashPoints.AttemptMarked);

        await run.StartDoomedAsync(CrashPoints.RecoveryBetween, after: 1);
        await AssertDiedAsync(run, CrashPoints.RecoveryBetween);

        await run.StartAsync();
        await sending;
        await run.AssertKeptItsPromisesAsync(CrashPoints.RecoveryBetween);
    }

    [Fact]
    public async Task A_host_that_dies_after_it_was_told_what_became_of_a_message_asks_again()
    {
        await using var run = await OnPreparedStoreAsync();
        await receivers.OrderAsync(TwinName.Transportation, """{"mode":"accept-then-silent","count":3}""");
        await run.StartDoomedAsync(CrashPoints.InquiryJudged, after: 2);
        var sending = run.SendAsync();
        await AssertDiedAsync(run, CrashPoints.InquiryJudged);

        await receivers.SlowAsync();
        await run.StartAsync();
        await sending;
        await run.AssertKeptItsPromisesAsync(CrashPoints.InquiryJudged);
    }

    [Theory]
    [InlineData(CrashPoints.EntryParking)]
    [InlineData(CrashPoints.EntryParked)]
    public async Task A_host_that_dies_while_it_puts_an_entry_aside_holds_the_others_up_no_longer_than_that(string point)
    {
        await using var run = await OnPreparedStoreAsync();
        await run.StartDoomedAsync(point, after: 1);
        var sending = run.SendAsync();
        await Eventually.HoldsAsync(() => run.Load.Answered > 30 || run.HostHasEnded, "the load did not get under way");
        var stray = run.SendStrayAsync();
        await AssertDiedAsync(run, point);

        await run.StartAsync();
        await Task.WhenAll(sending, stray);
        await run.AssertKeptItsPromisesAsync(point);
    }

    [Theory]
    [MemberData(nameof(InMigrations))]
    public async Task A_store_whose_first_start_died_in_a_migration_opens_and_works(string point, int after)
    {
        await using var run = OnNoStore();
        await run.AddKeyDoomedAsync(point, after);
        await AssertDiedAsync(run, point);

        await run.AddKeyAsync();
        await run.StartAsync();
        await run.SendAsync();
        await run.AssertKeptItsPromisesAsync(point);
    }

    [Fact]
    public async Task Host_and_receivers_that_die_together_go_on_together()
    {
        await using var run = await OnPreparedStoreAsync();
        await run.StartDoomedAsync(CrashPoints.AttemptAnswered, after: 15);
        var sending = run.SendAsync();
        await AssertDiedAsync(run, CrashPoints.AttemptAnswered);
        await receivers.KillAsync();

        await run.StartAsync();
        await receivers.StartAgainAsync();
        await sending;
        await run.AssertKeptItsPromisesAsync("host and receivers");
    }

    [Fact]
    public async Task Receivers_that_die_under_load_miss_nothing()
    {
        await using var run = await OnPreparedStoreAsync();
        await run.StartAsync();
        var sending = run.SendAsync();
        await Eventually.HoldsAsync(() => run.Load.Answered > run.Load.Requests / 3, "the load did not get under way");
        await receivers.KillAsync();

        await receivers.StartAgainAsync();
        await sending;
        await run.AssertKeptItsPromisesAsync("receivers");
    }

    /// <summary>A point without a row would be a place at which nobody knows what a crash does.</summary>
    [Fact]
    public void Every_crash_point_has_a_row()
    {
        string[] alone = [CrashPoints.RecoveryBetween, CrashPoints.InquiryJudged, CrashPoints.EntryParking, CrashPoints.EntryParked];
        var rows = new[] { UnderLoad, AtStart, InMigrations }.SelectMany(data => data.Select(row => row.Data.Item1)).Concat(alone).Distinct();

        var points = typeof(CrashPoints).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!).ToList();
        points.Count.ShouldBeGreaterThan(20);
        rows.ShouldBe(points, ignoreOrder: true);
    }

    internal static async Task AssertDiedAsync(CrashRun run, string point) =>
        (await run.DiesAsync(Patience)).ShouldBeTrue($"The host did not die at {point}: the point was not reached, or the host ended by itself.\n{run.Output}");
}

[Trait("needs", "crash")]
public sealed class SqliteCrashMatrixTests(CrashReceivers receivers) : CrashMatrix(receivers)
{
    private readonly CrashReceivers _receivers = receivers;

    private protected override Task<CrashRun> OnPreparedStoreAsync() => Task.FromResult(CrashRun.OnPreparedStore(_receivers));

    private protected override CrashRun OnNoStore() => CrashRun.OnNoStore(_receivers, journeys: 1);
}

/// <remarks>Takes minutes; <see cref="PostgresCrashTests"/> is the choice of it that every run of the tests makes.</remarks>
[Trait("needs", "endurance")]
public sealed class PostgresCrashMatrixTests(CrashReceivers receivers) : CrashMatrix(receivers)
{
    private readonly CrashReceivers _receivers = receivers;

    private protected override Task<CrashRun> OnPreparedStoreAsync() => CrashRun.OnPreparedDatabaseAsync(_receivers);

    private protected override CrashRun OnNoStore() => CrashRun.OnEmptyDatabase(_receivers, PostgresFixture.Shared, journeys: 1);
}
