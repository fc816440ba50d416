using Adapter.Conformance;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Storage;
using Adapter.Integration.Tests.Stores;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>Outcomes of several lanes that wait side by side are written in one go.</summary>
public sealed class OutcomesTogetherTests : IAsyncLifetime
{
    private readonly SqliteStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        await _store.Journal.AppendAsync([Batch.Act(_store.Clock.GetUtcNow())], Cancel);
        var entry = (await _store.Processing.ClaimAsync(100, Cancel))[^1];
        await _store.Processing.SaveAsync(
            Batch.Of(entry) with { Subjects = [.. Enumerable.Range(1, 3).Select(n => Subject.OfJourney($"J-{n}")).Select(s => new MappedSubject(new SubjectState(s), [Batch.Message(1, entry.Position, subject: s), Batch.Message(2, entry.Position, subject: s)]))] }, Cancel);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task They_share_a_commit_and_each_lane_gets_its_own_next_head()
    {
        var ended = await EndAllAsync(head => head);

        foreach (var (head, next) in ended)
        {
            ((await next)!.Lane, (await next)!.Number).ShouldBe((head.Lane, 2));
        }

        _store.Commits[^1].ShouldBe(4, "three outcomes, and the write that held them up");
    }

    [Fact]
    public async Task One_that_cannot_be_written_is_undone_alone()
    {
        var ended = await EndAllAsync(head => head.Lane.Subject == "journey:J-2" ? head with { MessageId = null! } : head);

        foreach (var (head, next) in ended)
        {
            if (head.Lane.Subject == "journey:J-2")
            {
                await Should.ThrowAsync<Exception>(() => next);
            }
            else
            {
                (await next)!.Number.ShouldBe(2);
            }
        }

        (await _store.Lanes.DueAsync("manifest", [], 10, Cancel)).Select(h => (h.Lane.Subject, h.Number)).ShouldBe([("journey:J-1", 2), ("journey:J-2", 1), ("journey:J-3", 2)], ignoreOrder: true);
        (await _store.RowsAsync("attempts")).ShouldBe(2, "nothing of it stayed, and nothing of the others is there twice");
    }

    private async Task<IReadOnlyList<(LaneHead Head, Task<LaneHead?> Next)>> EndAllAsync(Func<LaneHead, LaneHead> change)
    {
        // One store, as in the host: what runs together is told by its delegate.
        var lanes = _store.Lanes;
        var heads = await lanes.DueAsync("manifest", [], 10, Cancel);
        using var gate = new ManualResetEventSlim();
        var held = _store.Writer.WriteAsync(WriteUrgency.Ordinary, _ => gate.Wait(Cancel), Cancel);
        var attempt = new AttemptRecord(null, AttemptPurpose.Send, _store.Clock.GetUtcNow(), "delivered", 200, "", ReadOnlyMemory<byte>.Empty);
        var ended = heads.Select(head => (head, lanes.EndAsync(change(head), attempt, new NextMove.Delivered(Duplicate: false), Cancel))).ToList();
        gate.Set();
        await held;
        return ended;
    }
}
