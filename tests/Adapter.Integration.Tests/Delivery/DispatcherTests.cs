using System.Collections.Concurrent;
using System.Text;
using Adapter.Conformance;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Transports;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Observability;
using Adapter.Integration.Tests.Stores;
using Adapter.Mappings.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>Which lane gets a place at its destination, and when.</summary>
public sealed class DispatcherTests : IAsyncLifetime
{
    private static readonly Destination One = Batch.Receiver("manifest") with { Concurrency = 1 };

    private readonly SqliteStore _store = new();
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().AddSingleton<AdapterMetrics>().BuildServiceProvider();
    private readonly Accepting _receiver = new();
    private readonly LaneSignal _signal = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _store.Destinations.SeedAsync([One], Cancel);

    public async ValueTask DisposeAsync()
    {
        _signal.Dispose();
        await _store.DisposeAsync();
        await _metrics.DisposeAsync();
    }

    [Fact]
    public async Task A_long_lane_gives_its_place_to_lanes_that_have_waited_longer()
    {
        _receiver.Takes = () => _store.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await QueueAsync("J-1", 300);
        await QueueAsync("J-2", 1);
        await QueueAsync("J-3", 30);

        await DispatchAsync(expected: 331);

        var told = _receiver.Told.ToList();
        told.IndexOf(("journey:J-2", 1)).ShouldBeLessThan(60);
        told.IndexOf(("journey:J-3", 30)).ShouldBeLessThan(150, "two long lanes take turns");
        foreach (var lane in told.GroupBy(t => t.Subject))
        {
            lane.Select(t => t.Number).ShouldBe(Enumerable.Range(1, lane.Count()), lane.Key);
        }
    }

    [Fact]
    public async Task An_alarm_behind_a_backlog_goes_before_it_at_a_destination_with_one_place()
    {
        await QueueAsync("J-1", 2000, alarm: 2000);
        _store.Clock.Advance(TimeSpan.FromSeconds(1));

        await DispatchAsync(expected: 2000);

        _receiver.Told.ToList().IndexOf(("journey:J-1", 2000)).ShouldBeLessThan(60, "it waits for one turn at most");
        _receiver.Told.Where(t => t.Number != 2000).Select(t => t.Number).ShouldBe(Enumerable.Range(1, 1999));
    }

    [Fact]
    public async Task A_rate_spaces_the_attempts()
    {
        await _store.Destinations.PutAsync(One with { PerMinute = 60 }, 1, new Host.Storage.Actor("test"), "slower", Cancel);
        await QueueAsync("J-1", 4);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        using var dispatcher = Dispatcher();
        await dispatcher.StartAsync(stop.Token);

        for (var sent = 1; sent <= 4; sent++)
        {
            await Eventually.HoldsAsync(() => _receiver.Told.Count == sent, $"{sent} after {sent - 1} seconds");
            _store.Clock.Advance(TimeSpan.FromSeconds(0.99));
            _receiver.Told.Count.ShouldBe(sent);
            _store.Clock.Advance(TimeSpan.FromSeconds(0.01));
        }

        await dispatcher.StopAsync(Cancel);
    }

    private async Task DispatchAsync(int expected)
    {
        using var dispatcher = Dispatcher();
        await dispatcher.StartAsync(Cancel);
        await Eventually.HoldsAsync(() => _receiver.Told.Count >= expected, "all of it is told");
        await dispatcher.StopAsync(Cancel);
        _receiver.Told.Count.ShouldBe(expected);
    }

    private LaneDispatcher Dispatcher()
    {
        var breakers = new Breakers(_store.Clock);
        var attempt = new LaneAttempt(
            _store.Lanes, _receiver, new BlipPolicy(_store.Clock), breakers, _metrics.GetRequiredService<AdapterMetrics>(), CrashPoints.None, _store.Clock, NullLogger<LaneAttempt>.Instance);
        return new LaneDispatcher(
            _store.Lanes, _store.Destinations, attempt, breakers, new Pacer(_store.Clock), outbound: null!, _signal, CrashPoints.None, _store.Clock, NullLogger<LaneDispatcher>.Instance);
    }

    /// <param name="alarm">Number of the message that may overtake.</param>
    private async Task QueueAsync(string journey, int messages, int? alarm = null)
    {
        await _store.Journal.AppendAsync([Batch.Act(_store.Clock.GetUtcNow())], Cancel);
        var entry = (await _store.Processing.ClaimAsync(100, Cancel))[^1];
        var subject = Subject.OfJourney(journey);
        await _store.Processing.SaveAsync(Batch.Of(entry) with
        {
            Subjects = [new MappedSubject(new SubjectState(subject), [.. Enumerable.Range(1, messages).Select(n => Batch.Message(n, entry.Position, "manifest", subject) with
            {
                OvertakingBody = n == alarm ? new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes($"<m n=\"{n}\" early=\"1\"/>")) : default(ReadOnlyMemory<byte>?),
            })])],
        }, Cancel);
        // The longest waiting lane is the one that was queued first.
        _store.Clock.Advance(TimeSpan.FromMilliseconds(1));
    }

    /// <summary>Says yes to everything and remembers the order.</summary>
    private sealed class Accepting : ISoapTransport
    {
        private readonly Dictionary<string, (string, int)> _ids = (from journey in Enumerable.Range(1, 3) from n in Enumerable.Range(1, 2000) select (journey, n)).ToDictionary(
            x => MessageId.Of("manifest", Subject.OfJourney($"J-{x.journey}"), $"decision-{x.n}", revision: 1), x => ($"journey:J-{x.journey}", x.n));

        public ConcurrentQueue<(string Subject, int Number)> Told { get; } = new();

        /// <summary>What passes while it answers.</summary>
        public Action Takes { get; set; } = () => { };

        public Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken)
        {
            Takes();
            Told.Enqueue(_ids[call.MessageId]);
            var answer = Encoding.UTF8.GetBytes($"<Receipt xmlns=\"urn:test\"><Id>{call.MessageId}</Id><Code>OK</Code></Receipt>");
            return Task.FromResult(new AttemptEvidence(200, null, null, XmlInput.Load(answer).Root, RequestLeft: true, null, answer, "200", TimeSpan.Zero));
        }
    }
}
