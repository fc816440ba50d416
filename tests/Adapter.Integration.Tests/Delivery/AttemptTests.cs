using Adapter.Conformance;
using Adapter.Contracts.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Transports;
using Adapter.Host.Journeys;
using Adapter.Host.Observability;
using Adapter.Integration.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>What an attempt leaves behind in a real store, whatever becomes of it.</summary>
public sealed class AttemptTests : IAsyncLifetime
{
    /// <summary>More attempts than any lane here may make.</summary>
    private const int Endless = 40;

    private readonly SqliteStore _store = new();
    private readonly ServiceProvider _metrics = new ServiceCollection().AddMetrics().AddSingleton<AdapterMetrics>().BuildServiceProvider();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _metrics.DisposeAsync();
    }

    [Fact]
    public async Task An_attempt_that_fails_inside_the_adapter_waits_for_a_person_where_a_repeat_could_act_twice()
    {
        var destination = Batch.Receiver("manifest");
        var transport = new Failing();

        await WorkAsync(destination, transport);

        transport.Sent.ShouldBe(1);
        var lane = await LaneAsync();
        (lane.State, lane.Attempts, lane.DueAt).ShouldBe((LaneState.Unknown, 1, null));
        var attempt = (await StoryAsync(lane)).Attempts.ShouldHaveSingleItem();
        (attempt.Outcome, attempt.FinishedAt is null).ShouldBe(("unknown", false));
        attempt.Detail.ShouldNotBeNull().ShouldContain("InvalidOperationException: the channel factory is broken");
    }

    [Fact]
    public async Task An_attempt_that_fails_inside_the_adapter_is_asked_about_where_the_receiver_can_tell()
    {
        await QueueAsync(Batch.Askable("manifest"));

        await AttemptOnceAsync(Batch.Askable("manifest"), new Failing());

        (await LaneAsync()).ShouldSatisfyAllConditions(
            lane => lane.State.ShouldBe(LaneState.Asking), lane => lane.Attempts.ShouldBe(1),
            lane => lane.DueAt.ShouldNotBeNull().ShouldBeGreaterThan(_store.Clock.GetUtcNow()));
    }

    [Fact]
    public async Task An_idempotent_receiver_is_not_sent_the_same_for_ever_when_each_attempt_fails_inside_the_adapter()
    {
        var destination = Batch.Receiver("manifest") with { Idempotent = true, MaxAttempts = 3 };
        var transport = new Failing();

        await WorkAsync(destination, transport);

        transport.Sent.ShouldBe(3);
        var lane = await LaneAsync();
        (lane.State, lane.Attempts).ShouldBe((LaneState.Parked, 3));
        lane.Reason.ShouldNotBeNull().ShouldStartWith("Gave up after 3 of 3 attempts.");
    }

    [Fact]
    public async Task A_receiver_that_loses_each_message_and_says_so_is_sent_it_as_often_as_allowed_and_no_more()
    {
        var destination = Batch.Askable("manifest") with { MaxAttempts = 3 };
        var transport = new Forgetful();

        await WorkAsync(destination, transport);

        (transport.Sends, transport.Questions).ShouldBe((3, 2));
        var lane = await LaneAsync();
        (lane.State, lane.Attempts).ShouldBe((LaneState.Parked, 3));
        lane.Reason.ShouldNotBeNull().ShouldContain("Whether customs has the message is unknown");
    }

    [Fact]
    public async Task A_receiver_that_answers_and_never_tells_is_asked_as_often_as_allowed_and_no_more()
    {
        var destination = Batch.Askable("manifest") with { MaxAttempts = 3 };
        var transport = new Forgetful { Says = "PERHAPS" };

        await WorkAsync(destination, transport);

        (transport.Sends, transport.Questions).ShouldBe((1, 3));
        (await LaneAsync()).State.ShouldBe(LaneState.Unknown);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, 503)]
    public async Task A_receiver_that_is_away_costs_no_attempt_and_each_wait_is_longer_than_the_one_before(bool left, int? status)
    {
        var destination = Batch.Receiver("manifest") with { MaxAttempts = 1 };
        await QueueAsync(destination);
        var waits = new List<TimeSpan>();
        for (var tries = 0; tries < 3; tries++)
        {
            (await NextAsync()).ShouldNotBeNull();
            await AttemptOnceAsync(destination, new Away(left, status));
            waits.Add((await LaneAsync()).DueAt!.Value - _store.Clock.GetUtcNow());
        }

        waits.ShouldBeInOrder();
        waits[^1].ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(2));
        (await LaneAsync()).ShouldSatisfyAllConditions(lane => lane.Attempts.ShouldBe(0), lane => lane.Tries.ShouldBe(3), lane => lane.State.ShouldBe(LaneState.Waiting));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public async Task That_an_attempt_begins_is_on_disk_before_it_is_sent_except_where_a_repeat_has_no_second_effect(bool idempotent, int marks)
    {
        var destination = Batch.Receiver("manifest") with { Idempotent = idempotent };
        await QueueAsync(destination);
        var marked = -1L;

        await AttemptOnceAsync(destination, new Asking(async () => marked = await _store.RowsAsync("attempts WHERE purpose = 'send' AND finished_at IS NULL")));

        marked.ShouldBe(marks);
        (await StoryAsync(await LaneAsync())).Attempts.ShouldHaveSingleItem().FinishedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_is_in_doubt_at_an_idempotent_receiver_goes_again_with_the_same_bytes_and_a_duplicate_is_a_success()
    {
        var destination = Batch.Askable("manifest") with { Idempotent = true, Reply = Batch.Receiver("manifest").Reply! with { Duplicate = ["DUP"] } };
        var transport = new Remembering();
        await QueueAsync(destination);
        await AttemptOnceAsync(destination, transport);
        var head = (await NextAsync()).ShouldNotBeNull();
        await _store.Lanes.EndAsync(
            head, new AttemptRecord(null, AttemptPurpose.Wait, _store.Clock.GetUtcNow(), "unknown", null, "No answer came in time.", default), new NextMove.Ask(_store.Clock.GetUtcNow(), "silence"), Cancel);

        await AttemptOnceAsync(destination, transport);

        transport.Bodies.Count.ShouldBe(2);
        transport.Bodies.Distinct().ShouldHaveSingleItem().ShouldBe("<m n=\"1\"/>");
        (await LaneAsync()).ShouldSatisfyAllConditions(lane => lane.State.ShouldBe(LaneState.Idle), lane => lane.InDoubt.ShouldBeFalse());
    }

    /// <summary>Does what the dispatcher does, and lets the time pass in which a lane waits.</summary>
    private async Task WorkAsync(Destination destination, ISoapTransport transport)
    {
        await QueueAsync(destination);
        for (var i = 0; i < Endless && await NextAsync() is not null; i++)
        {
            await AttemptOnceAsync(destination, transport);
        }
    }

    private async Task<LaneHead?> NextAsync()
    {
        if (await _store.Lanes.NextDueAsync([], [], [], Cancel) is { } due && due > _store.Clock.GetUtcNow())
        {
            _store.Clock.Advance(due - _store.Clock.GetUtcNow());
        }

        return (await _store.Lanes.DueAsync("manifest", [], 1, Cancel)).SingleOrDefault();
    }

    private async Task AttemptOnceAsync(Destination destination, ISoapTransport transport)
    {
        var attempt = new LaneAttempt(
            _store.Lanes, transport, new BlipPolicy(_store.Clock), new Breakers(_store.Clock), _metrics.GetRequiredService<AdapterMetrics>(), CrashPoints.None, _store.Clock, NullLogger<LaneAttempt>.Instance);
        var head = (await _store.Lanes.DueAsync("manifest", [], 1, Cancel)).ShouldHaveSingleItem();
        (await attempt.RunAsync(head, destination, Cancel)).ShouldBeNull();
    }

    private async Task QueueAsync(Destination destination)
    {
        await _store.Destinations.SeedAsync([destination], Cancel);
        await _store.Journal.AppendAsync([Batch.Act(_store.Clock.GetUtcNow())], Cancel);
        var entry = (await _store.Processing.ClaimAsync(1, Cancel))[0];
        await _store.Processing.SaveAsync(
            Batch.Of(entry) with { Subjects = [new Host.Mapping.MappedSubject(new SubjectState(Batch.Journey), [Batch.Message(1, entry.Position)])] }, Cancel);
    }

    private async Task<LaneView> LaneAsync() => (await _store.Lanes.ListAsync(new LaneFilter(null, null, null, 2), Cancel)).ShouldHaveSingleItem();

    private async Task<MessageStory> StoryAsync(LaneView lane) => (await _store.Lanes.FindMessageAsync(lane.HeadMessage!, Cancel)).ShouldNotBeNull();

    /// <summary>Breaks its promise to return evidence for every way in which an attempt can end.</summary>
    private sealed class Failing : ISoapTransport
    {
        public int Sent { get; private set; }

        public Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken)
        {
            Sent++;
            throw new InvalidOperationException("the channel factory is broken");
        }
    }

    /// <summary>Takes each message without an answer, and answers each question with the same word.</summary>
    private sealed class Forgetful : ISoapTransport
    {
        public string Says { get; init; } = "NO";

        public int Sends { get; private set; }

        public int Questions { get; private set; }

        public Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken)
        {
            var body = System.Text.Encoding.UTF8.GetString(call.Body.Span);
            var lost = new AttemptEvidence(null, null, null, null, RequestLeft: true, null, ReadOnlyMemory<byte>.Empty, "The line went dead.", TimeSpan.Zero);
            if (!body.Contains("Find", StringComparison.Ordinal))
            {
                Sends++;
                return Task.FromResult(lost);
            }

            Questions++;
            var id = Adapter.Mappings.Validation.XmlInput.Load(call.Body).Root!.Value;
            var answer = System.Text.Encoding.UTF8.GetBytes($"<Found xmlns='urn:test'><Id>{id}</Id><Code>{Says}</Code></Found>");
            return Task.FromResult(lost with { HttpStatus = 200, Answer = Adapter.Mappings.Validation.XmlInput.Load(answer).Root, Detail = "It answered." });
        }
    }

    /// <summary>Acts on the first message without an answer, and knows it when it comes again.</summary>
    private sealed class Remembering : ISoapTransport
    {
        public List<string> Bodies { get; } = [];

        public Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken)
        {
            Bodies.Add(System.Text.Encoding.UTF8.GetString(call.Body.Span));
            var evidence = new AttemptEvidence(null, null, null, null, RequestLeft: true, null, ReadOnlyMemory<byte>.Empty, "The line went dead.", TimeSpan.Zero);
            var answer = System.Text.Encoding.UTF8.GetBytes($"<Receipt xmlns='urn:test'><Id>{call.MessageId}</Id><Code>DUP</Code></Receipt>");
            return Task.FromResult(Bodies.Count == 1 ? evidence : evidence with { HttpStatus = 200, Answer = Adapter.Mappings.Validation.XmlInput.Load(answer).Root, Detail = "It answered." });
        }
    }

    /// <summary>Looks at something while the message is on its way, which nobody answers.</summary>
    private sealed class Asking(Func<Task> look) : ISoapTransport
    {
        public async Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken)
        {
            await look();
            return new AttemptEvidence(null, null, null, null, RequestLeft: true, null, ReadOnlyMemory<byte>.Empty, "The line went dead.", TimeSpan.Zero);
        }
    }

    private sealed class Away(bool left, int? status) : ISoapTransport
    {
        public Task<AttemptEvidence> SendAsync(SoapCall call, CancellationToken cancellationToken) =>
            Task.FromResult(new AttemptEvidence(status, null, null, null, left, null, ReadOnlyMemory<byte>.Empty, "Nobody is there.", TimeSpan.Zero));
    }
}
