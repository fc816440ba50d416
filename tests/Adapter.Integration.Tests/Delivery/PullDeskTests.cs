using Adapter.Conformance;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Pull;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Adapter.Integration.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>Who may fetch what, and how a call waits.</summary>
public sealed class PullDeskTests : IAsyncLifetime
{
    private static readonly Actor Gate = new("gate-1");
    private static readonly Destination Checkpoint = Batch.Fetching("checkpoint", "gate-1");

    private readonly SqliteStore _store = new();
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().AddSingleton<AdapterMetrics>().BuildServiceProvider();
    private readonly LaneSignal _signal = new();
    private readonly Lifetime _lifetime = new();
    private IDestinationStore _destinations = null!;
    private PullDesk _desk = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _destinations = _store.Destinations;
        await _destinations.SeedAsync([Checkpoint], Cancel);
        _desk = new PullDesk(_store.Pull, _destinations, _signal, _lifetime, _metrics.GetRequiredService<AdapterMetrics>(), _store.Clock);
    }

    public async ValueTask DisposeAsync()
    {
        _signal.Dispose();
        _lifetime.Dispose();
        await _store.DisposeAsync();
        await _metrics.DisposeAsync();
    }

    [Fact]
    public async Task A_waiting_call_gets_a_message_as_soon_as_there_is_one()
    {
        // Its clock stands still: it looks again when it is woken, and never by itself.
        var desk = new PullDesk(_store.Pull, _destinations, _signal, _lifetime, _metrics.GetRequiredService<AdapterMetrics>(), new FakeTimeProvider(_store.Clock.GetUtcNow()));
        var waiting = desk.GetPendingAsync(Gate, null, 10, TimeSpan.FromSeconds(60), Cancel);
        await QueueAsync(1, 2);
        _signal.Changed();

        var answer = await waiting.WaitAsync(TimeSpan.FromSeconds(30), Cancel);

        answer.Receiver.ShouldBe("checkpoint");
        answer.Messages.ShouldHaveSingleItem().Number.ShouldBe(1);
    }

    [Fact]
    public async Task An_acknowledgement_wakes_a_call_that_waits_for_the_next_number()
    {
        await QueueAsync(1, 2);
        var first = (await _desk.GetPendingAsync(Gate, null, 10, TimeSpan.Zero, Cancel)).Messages[0];
        var waiting = _desk.GetPendingAsync(Gate, "checkpoint", 10, TimeSpan.FromSeconds(60), Cancel);

        (await _desk.AcknowledgeAsync(Gate, null, new Acknowledgement(first.MessageId, first.Lease, Accepted: true, null, null), Cancel)).Code.ShouldBe("settled");

        (await waiting).Messages.ShouldHaveSingleItem().Number.ShouldBe(2);
    }

    [Fact]
    public async Task A_call_without_messages_ends_empty_after_its_wait() =>
        (await _desk.GetPendingAsync(Gate, null, 10, TimeSpan.FromMilliseconds(50), Cancel)).ShouldSatisfyAllConditions(a => a.Problem.ShouldBeNull(), a => a.Messages.ShouldBeEmpty());

    [Fact]
    public async Task A_host_that_stops_answers_waiting_calls_at_once()
    {
        var waiting = _desk.GetPendingAsync(Gate, null, 10, TimeSpan.FromSeconds(60), Cancel);

        _lifetime.StopApplication();

        (await waiting).Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_caller_who_hangs_up_leases_nothing()
    {
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var waiting = _desk.GetPendingAsync(Gate, null, 10, TimeSpan.FromSeconds(60), hangUp.Token);
        await hangUp.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);

        await QueueAsync(1);
        _signal.Changed();

        (await _desk.GetPendingAsync(Gate, null, 10, TimeSpan.Zero, Cancel)).Messages.ShouldHaveSingleItem().Times.ShouldBe(1);
    }

    [Theory]
    [InlineData("stranger", null)]
    [InlineData("gate-1", "manifest")]
    public async Task Only_the_named_callers_fetch_and_only_their_own(string caller, string? receiver)
    {
        await QueueAsync(1);

        (await _desk.GetPendingAsync(new Actor(caller), receiver, 10, TimeSpan.FromSeconds(60), Cancel)).Problem.ShouldBe("notifications.not-yours");
        (await _desk.AcknowledgeAsync(new Actor(caller), receiver, new Acknowledgement("x", 1, Accepted: true, null, null), Cancel)).Code.ShouldBe("notifications.not-yours");
    }

    [Fact]
    public async Task A_caller_who_fetches_for_two_names_one()
    {
        await _destinations.PutAsync(Batch.Fetching("weighbridge", "gate-1"), 0, new Actor("a"), "new", Cancel);

        (await _desk.GetPendingAsync(Gate, null, 10, TimeSpan.Zero, Cancel)).Text.ShouldNotBeNull().ShouldContain("weighbridge");
        (await _desk.GetPendingAsync(Gate, "weighbridge", 10, TimeSpan.Zero, Cancel)).Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_is_handed_out_while_the_destination_is_held()
    {
        await QueueAsync(1);
        await _destinations.HoldAsync("checkpoint", hold: true, new Actor("a"), "maintenance", Cancel);
        (await _desk.GetPendingAsync(Gate, null, 10, TimeSpan.Zero, Cancel)).Messages.ShouldBeEmpty();

        await _destinations.HoldAsync("checkpoint", hold: false, new Actor("a"), "done", Cancel);
        (await _desk.GetPendingAsync(Gate, null, 10, TimeSpan.Zero, Cancel)).Messages.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(101, 0)]
    [InlineData(1, 61)]
    [InlineData(1, -1)]
    public async Task A_batch_or_a_wait_out_of_bounds_is_refused(int most, int seconds) =>
        (await _desk.GetPendingAsync(Gate, null, most, TimeSpan.FromSeconds(seconds), Cancel)).Problem.ShouldBe("notifications.invalid");

    [Fact]
    public async Task A_rejection_needs_a_code()
    {
        await QueueAsync(1);
        var message = (await _desk.GetPendingAsync(Gate, null, 10, TimeSpan.Zero, Cancel)).Messages[0];

        (await _desk.AcknowledgeAsync(Gate, null, new Acknowledgement(message.MessageId, message.Lease, Accepted: false, null, "no"), Cancel)).Code.ShouldBe("notifications.invalid");
        (await _desk.AcknowledgeAsync(Gate, null, new Acknowledgement(message.MessageId, message.Lease, Accepted: false, "R-17", "wrong plate"), Cancel)).Code.ShouldBe("parked");
    }

    private async Task QueueAsync(params long[] numbers)
    {
        await _store.Journal.AppendAsync([Batch.Act(_store.Clock.GetUtcNow())], Cancel);
        var entry = (await _store.Processing.ClaimAsync(100, Cancel))[^1];
        var subject = Subject.OfJourney("J-1");
        await _store.Processing.SaveAsync(
            Batch.Of(entry) with { Subjects = [new MappedSubject(new SubjectState(subject), [.. numbers.Select(n => Batch.Message(n, entry.Position, "checkpoint", subject))])] }, Cancel);
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
