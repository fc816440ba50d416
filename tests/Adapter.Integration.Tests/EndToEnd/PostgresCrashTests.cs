using Adapter.Host.Observability;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Hosts that die while a load goes through PostgreSQL.</summary>
/// <remarks>Of the crash matrix the points at which the engines differ: migrations, what opens and closes a commit, what a batch and an outcome write, and what is found after it.</remarks>
[Trait("needs", "postgres")]
public sealed class PostgresCrashTests(CrashReceivers receivers) : IClassFixture<CrashReceivers>
{
    private readonly PostgresCrashMatrixTests _matrix = new(receivers);

    [Theory]
    [InlineData(CrashPoints.IntakeBeforeAnswer, 70)]
    [InlineData(CrashPoints.WriterBegun, 30)]
    [InlineData(CrashPoints.WriterBeforeCommit, 25)]
    [InlineData(CrashPoints.WriterCommitted, 35)]
    [InlineData(CrashPoints.BatchStatesSaved, 4)]
    [InlineData(CrashPoints.BatchSaved, 5)]
    [InlineData(CrashPoints.AttemptMarked, 4)]
    [InlineData(CrashPoints.OutcomeBetween, 7)]
    public Task A_host_that_dies_under_load_is_replaced_and_nothing_is_lost_or_doubled(string point, int after) =>
        _matrix.A_host_that_dies_under_load_is_replaced_and_nothing_is_lost_or_doubled(point, after);

    [Theory]
    [InlineData(CrashPoints.MigrationRun, 2)]
    [InlineData(CrashPoints.MigrationCommitted, 1)]
    public Task A_store_whose_first_start_died_in_a_migration_opens_and_works(string point, int after) =>
        _matrix.A_store_whose_first_start_died_in_a_migration_opens_and_works(point, after);

    [Fact]
    public Task A_host_that_dies_while_it_ends_open_attempts_is_started_again() => _matrix.A_host_that_dies_while_it_ends_open_attempts_is_started_again();

    [Fact]
    public async Task Four_kills_at_random_break_no_promise() =>
        await CrashRandomTests.RunAsync(receivers, await CrashRun.OnPreparedDatabaseAsync(receivers), CrashRandomTests.Seed(), kills: 4);
}
