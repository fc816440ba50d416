using Adapter.Host.Observability;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Everything at once: receivers that act and then drop the answer of every tenth call, a poisoned journey among a hundred, and hosts that die.</summary>
[Trait("needs", "crash")]
public sealed class CrashDropTests(CrashReceivers receivers) : IClassFixture<CrashReceivers>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Dropped_answers_a_poisoned_journey_and_dying_hosts_disturb_nobody_else()
    {
        await using var run = CrashRun.OnPreparedStore(receivers, journeys: 99, poisoned: 1);
        foreach (var twin in TwinName.All)
        {
            await receivers.OrderAsync(twin, """{"mode":"accept-then-silent","seconds":0.1,"percent":10}""");
        }

        var sending = run.SendAsync();
        foreach (var (point, after) in new[] { (CrashPoints.AttemptMarked, 40), (CrashPoints.OutcomeBetween, 120), (CrashPoints.AttemptAnswered, 150) })
        {
            await run.StartDoomedAsync(point, after);
            (await run.DiesAsync(Patience)).ShouldBeTrue($"{point} was not reached\n{run.Output}");
        }

        await run.StartAsync();
        await sending;
        await run.AssertKeptItsPromisesAsync("a tenth of the answers dropped");
    }
}
