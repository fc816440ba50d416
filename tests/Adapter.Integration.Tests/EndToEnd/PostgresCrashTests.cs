using Adapter.Host.Observability;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Hosts that die, and a database that does, while a load goes through PostgreSQL.</summary>
/// <remarks>A choice of the crash points: what stands between the commits is the same code on both engines.</remarks>
[Trait("needs", "postgres")]
public sealed class PostgresCrashTests(CrashReceivers receivers) : IClassFixture<CrashReceivers>
{
    [Theory]
    [InlineData(CrashPoints.IntakeBeforeAppend, 100)]
    [InlineData(CrashPoints.WriterBeforeCommit, 25)]
    [InlineData(CrashPoints.BatchSaved, 5)]
    [InlineData(CrashPoints.AttemptMarked, 4)]
    public async Task A_host_that_dies_under_load_is_replaced_and_nothing_is_lost_or_doubled(string point, int after)
    {
        await using var run = await CrashRun.OnPostgresAsync(receivers, PostgresFixture.Shared, journeys: 4);
        await run.StartDoomedAsync(point, after);
        var sending = run.SendAsync();
        await CrashMatrixTests.AssertDiedAsync(run, point);

        await run.StartAsync();
        await sending;
        await run.AssertKeptItsPromisesAsync(point);
    }

    [Fact]
    public async Task Four_kills_at_random_break_no_promise() =>
        await CrashRandomTests.RunAsync(receivers, await CrashRun.OnPostgresAsync(receivers, PostgresFixture.Shared), CrashRandomTests.Seed(), kills: 4);
}
