using Adapter.Conformance;
using Adapter.Host.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Integration.Tests.Delivery;

public sealed class PacerTests
{
    private static readonly Contracts.Admin.Destination Slow = Batch.Receiver("manifest") with { PerMinute = 60 };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Pacer _pacer;

    public PacerTests() => _pacer = new Pacer(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Attempts_that_come_together_go_one_after_the_other_at_the_rate_of_their_destination()
    {
        var turns = Enumerable.Range(0, 3).Select(_ => _pacer.TurnAsync(Slow, Cancel)).ToList();

        turns.Select(turn => turn.IsCompleted).ShouldBe([true, false, false]);
        _time.Advance(TimeSpan.FromSeconds(0.99));
        turns[1].IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.01));
        await turns[1];
        turns[2].IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));
        await turns[2];
    }

    [Fact]
    public async Task A_rate_that_was_not_used_is_not_saved_up_and_is_of_one_destination()
    {
        await _pacer.TurnAsync(Slow, Cancel);
        _time.Advance(TimeSpan.FromHours(1));

        await _pacer.TurnAsync(Slow, Cancel);
        _pacer.TurnAsync(Slow, Cancel).IsCompleted.ShouldBeFalse();
        _pacer.TurnAsync(Slow with { Name = "transportation" }, Cancel).IsCompleted.ShouldBeTrue();
        _pacer.TurnAsync(Batch.Receiver("neighbour"), Cancel).IsCompleted.ShouldBeTrue("it has no rate");
    }
}
