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
using Adapter.Host.Storage;
using Adapter.Integration.Tests.Stores;
using Adapter.Mappings.Validation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>Which lane gets a place at its destination, and when.</summary>
public sealed class DispatcherTests : IAsyncLifetime
{
    private static readonly Destination One = Batch.Receiver("manifest") with { Concurrency = 1 };

    private readonly SqliteStore _store = new();
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().AddSingleton<AdapterMetrics>().BuildServiceProvider();
    private readonly Accepting _receiver = new();
    private readonly LaneSignal _signal = new();
    private readonly FakeTimeProvider _pace = new();
    private IDestinationStore _destinations = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _destinations = _store.Destinations;
        await _destinations.SeedAsync([One], Cancel);
    }

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
    public async Task An_alarm_goes_next_at_a_receiver_that_takes_a_second_for_each_message()
    {
        _receiver.Takes = () => _store.Clock.Advance(TimeSpan.FromSeconds(1));
        await QueueAsync("J-1", 100, alarm: 100);

        await DispatchAsync(expected: 100);

        _receiver.Told.ToList().IndexOf(("journey:J-1", 100)).ShouldBeLessThan(3, "it is due after the first, and one may be on its way");
        _receiver.Told.Where(t => t.Number != 100).Select(t => t.Number).ShouldBe(Enumerable.Range(1, 99));
    }

    [Fact]
    public async Task A_hold_stops_a_lane_in_the_middle_of_its_turn()
    {
        await QueueAsync("J-1", 20);
        var hold = Task.CompletedTask;
        _receiver.Takes = () =>
        {
            if (_receiver.Told.Count == 2)
            {
                hold = _destinations.HoldAsync("manifest", hold: true, new Actor("test"), "they asked", Cancel);
                hold.GetAwaiter().GetResult();
            }
        };
        using var dispatcher = Dispatcher();
        await dispatcher.StartAsync(Cancel);
        await Eventually.HoldsAsync(() => _receiver.Told.Count >= 3, "the third is on its way when they ask");

        _receiver.Takes = () => { };
        await _destinations.HoldAsync("manifest", hold: false, new Actor("test"), "done", Cancel);
        var atRelease = _receiver.Told.Count;
        _signal.Changed();
        await Eventually.HoldsAsync(() => _receiver.Told.Count == 20, "the lane goes on after the release");

        await dispatcher.StopAsync(Cancel);
        atRelease.ShouldBe(3);
    }

    [Fact]
    public async Task No_more_messages_are_on_their_way_than_the_destination_has_places()
    {
        await _destinations.PutAsync(One with { Concurrency = 2 }, 1, new Actor("test"), "two places", Cancel);
        for (var journey = 1; journey <= 3; journey++)
        {
            await QueueAsync($"J-{journey}", 2);
        }

        using var answers = _receiver.Answers = new SemaphoreSlim(0);
        using var dispatcher = Dispatcher();
        await dispatcher.StartAsync(Cancel);
        await Eventually.HoldsAsync(() => _receiver.Waiting == 2, "two wait for their answers");
        for (var told = 0; told < 6; told++)
        {
            answers.Release();
            await Eventually.HoldsAsync(() => _receiver.Told.Count == told + 1, "one is answered");
        }

        await dispatcher.StopAsync(Cancel);
        _receiver.MostWaiting.ShouldBe(2);
    }

    [Fact]
    public async Task Attack_90_a_disk_that_is_full_for_a_while_loses_nothing_and_sends_nothing_twice()
    {
        await QueueAsync("J-1", 600);
        using var log = new CapturedLog();
        using var loggers = new LoggerFactory([log]);
        using var dispatcher = Dispatcher(loggers);
        await _store.Writer.WriteAsync(WriteUrgency.Ordinary, session => session.Execute("PRAGMA max_page_count = 1"), Cancel);
        await dispatcher.StartAsync(Cancel);
        await Eventually.HoldsAsync(() => log.Lines.Any(line => line.EventId is 6002 or 6005), "the file may not grow any more");
        _receiver.Told.Count.ShouldBeLessThan(600);

        await _store.Writer.WriteAsync(WriteUrgency.Ordinary, session => session.Execute("PRAGMA max_page_count = 1073741823"), Cancel);
        await WaitAsync(expected: 600, TimeSpan.FromSeconds(1));

        await dispatcher.StopAsync(Cancel);
        _receiver.Told.Select(t => t.Number).ShouldBe(Enumerable.Range(1, 600));
    }

    [Fact]
    public async Task Attack_90_a_clock_that_jumps_by_a_day_loses_nothing_and_sends_nothing_twice()
    {
        await QueueAsync("J-1", 60);
        await QueueAsync("J-2", 60);
        var day = TimeSpan.FromDays(1);
        _receiver.Takes = () => _store.Clock.Advance(_receiver.Told.Count % 2 == 0 ? day : -day);
        using var dispatcher = Dispatcher();
        await dispatcher.StartAsync(Cancel);

        // What came due on the wrong day waits for it: late, and not lost.
        await WaitAsync(expected: 120, TimeSpan.FromHours(1));

        await dispatcher.StopAsync(Cancel);
        foreach (var lane in _receiver.Told.GroupBy(t => t.Subject))
        {
            lane.Select(t => t.Number).ShouldBe(Enumerable.Range(1, 60), lane.Key);
        }
    }

    [Fact]
    public async Task A_rate_spaces_the_attempts()
    {
        await _destinations.PutAsync(One with { PerMinute = 60 }, 1, new Actor("test"), "slower", Cancel);
        await QueueAsync("J-1", 4);
        var began = _pace.GetUtcNow();
        var sent = new ConcurrentQueue<TimeSpan>();
        _receiver.Takes = () => sent.Enqueue(_pace.GetUtcNow() - began);
        using var dispatcher = Dispatcher();
        await dispatcher.StartAsync(Cancel);

        await Eventually.HoldsAsync(
            () =>
            {
                _pace.Advance(TimeSpan.FromSeconds(0.1));
                return _receiver.Told.Count == 4;
            }, "all are told");

        await dispatcher.StopAsync(Cancel);
        sent.Select((at, n) => at >= TimeSpan.FromSeconds(n)).ShouldAllBe(inTime => inTime, string.Join(", ", sent));
    }

    /// <summary>Lets time pass until all of it is told.</summary>
    private async Task WaitAsync(int expected, TimeSpan step)
    {
        for (var before = _receiver.Told.Count; before < expected; before = _receiver.Told.Count)
        {
            await Eventually.GetAsync(
                () =>
                {
                    _store.Clock.Advance(step);
                    _signal.Changed();
                    return Task.FromResult(_receiver.Told.Count);
                },
                told => told > before);
        }
    }

    private async Task DispatchAsync(int expected)
    {
        using var dispatcher = Dispatcher();
        await dispatcher.StartAsync(Cancel);
        for (var told = 0; told < expected; told = _receiver.Told.Count)
        {
            // For as long as something goes: how fast is the machine's affair.
            await Eventually.HoldsAsync(() => _receiver.Told.Count > told, $"{told} of {expected} are told, and then none");
        }

        await dispatcher.StopAsync(Cancel);
        _receiver.Told.Count.ShouldBe(expected);
    }

    private LaneDispatcher Dispatcher(ILoggerFactory? loggers = null)
    {
        loggers ??= NullLoggerFactory.Instance;
        var breakers = new Breakers(_store.Clock);
        var attempt = new LaneAttempt(
            _store.Lanes, _receiver, new BlipPolicy(_store.Clock), breakers, _metrics.GetRequiredService<AdapterMetrics>(), CrashPoints.None, _store.Clock, loggers.CreateLogger<LaneAttempt>());
        return new LaneDispatcher(
            _store.Lanes, _destinations, attempt, breakers, new Pacer(_pace), outbound: null!, _signal, CrashPoints.None, _store.Clock, loggers.CreateLogger<LaneDispatcher>());
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

        private int _waiting;

        public ConcurrentQueue<(string Subject, int Number)> Told { get; } = new();

        /// <summary>What passes while it answers.</summary>
        public Action Takes { get; set; } = () => { };

        /// <summary>One for each answer that may be given; null for all.</summary>
        public SemaphoreSlim? Answers { get; set; }

        /// <summary>Messages that have come and are not answered.</summary>
        public int Waiting => Volatile.Read(ref _waiting);

        public int MostWaiting { get; private set; }

        public async Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken)
        {
            lock (_ids)
            {
                MostWaiting = Math.Max(MostWaiting, ++_waiting);
            }

            await (Answers?.WaitAsync(cancellationToken) ?? Task.CompletedTask);
            Takes();
            lock (_ids)
            {
                _waiting--;
            }

            Told.Enqueue(_ids[call.MessageId]);
            var answer = Encoding.UTF8.GetBytes($"<Receipt xmlns=\"urn:test\"><Id>{call.MessageId}</Id><Code>OK</Code></Receipt>");
            return new AttemptEvidence(200, null, null, XmlInput.Load(answer).Root, RequestLeft: true, null, answer, "200", TimeSpan.Zero);
        }
    }
}
