using System.Text.Json;
using Adapter.Contracts.Admin;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Delivery;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Adapter.Host.Verification;
using Adapter.Mappings.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Host.Tests.Flow;

/// <summary>The real flow over a store in memory: entries in, messages out.</summary>
internal sealed class FlowBench : IReportDecoder, IDestinationStore, IDisposable
{
    private static readonly ServiceProvider Metrics = new ServiceCollection().AddMetrics().AddSingleton<AdapterMetrics>().BuildServiceProvider();

    private static readonly ReportDecoder Wire = new(TelemetryReader.Create(TelemetryTables.BuiltIn));

    private readonly Dictionary<long, LockReport> _told = [];
    private readonly LaneSignal _lanes = new();

    public FlowBench() => Flow = new TransitFlow(
        Store, this, [new SealedAtDeparture(new VerificationOptions()), new UnsealedAtDestination(new VerificationOptions()), new Overdue(), new SignalLost(), new MovementWithoutJourney(new VerificationOptions())], new PlainMapper(), this, Signal, _lanes,
        Microsoft.Extensions.Options.Options.Create(Options), Metrics.GetRequiredService<AdapterMetrics>(), CrashPoints.None, Time, NullLogger<TransitFlow>.Instance);

    public TransitFlow Flow { get; }

    public MemoryProcessingStore Store { get; } = new();

    public JournalSignal Signal { get; } = new();

    public JourneyOptions Options { get; } = new();

    public FakeTimeProvider Time { get; } = new(Reports.Start);

    public List<Destination> Destinations { get; } = [Receiver("manifest"), Receiver("transportation") with { ReceivesUnboundLocks = true }];

    /// <summary>Entries that the decoder fails on.</summary>
    public Dictionary<long, Exception> Poisoned { get; } = [];

    public SubjectState Journey(string id = "J-1") => Store.Find(Subject.OfJourney(id)).ShouldNotBeNull();

    public SubjectState OfLock(LockId? @lock = null) => Store.Find(Subject.Of(@lock ?? Reports.TheLock)).ShouldNotBeNull();

    /// <summary>What a destination was told, in order: key, with - for a withdrawal.</summary>
    public IReadOnlyList<string> Told(string destination = "manifest") =>
        [.. Store.Messages.Where(m => m.Destination.Name == destination).Select(m => (m.Source.Message.IsWithdrawal ? "-" : "") + m.DecisionKey)];

    public static Destination Receiver(string name) => new()
    {
        Name = name,
        Endpoint = new Uri("http://127.0.0.1/"),
        Document = "none",
        Reply = new ReplyRule { Root = "{u}r", Id = "id", Code = "code", Accepted = ["OK"] },
    };

    /// <summary>Puts a report into the journal without processing it.</summary>
    public long Receive(LockReport report, DateTimeOffset? receivedAt = null, string source = "jointcloud")
    {
        var at = receivedAt ?? report.CloudTime ?? report.DeviceTime ?? Time.GetUtcNow();
        var entry = Store.Append(EntryKind.Telemetry, source, "location", at, default);
        _told[entry.Position] = report;
        Reach(at);
        return entry.Position;
    }

    /// <summary>Takes what the intake would journal, as it was sent.</summary>
    public async Task TakeAsync(EntryKind kind, string route, string json, DateTimeOffset receivedAt)
    {
        Reach(receivedAt);
        Store.Append(kind, "jointcloud", route, receivedAt, System.Text.Encoding.UTF8.GetBytes(json));
        await RunAsync();
    }

    /// <summary>Takes each report in a batch of its own.</summary>
    public async Task TakeAsync(params IEnumerable<LockReport> reports)
    {
        foreach (var report in reports)
        {
            Receive(report);
            await RunAsync();
        }
    }

    public async Task<EntryResult> RegisterAsync(JourneyRegistration registration, DateTimeOffset? at = null)
    {
        var entry = ReceiveRegistration(registration, at);
        await RunAsync();
        return Store.Results.Single(r => r.Position == entry);
    }

    public long ReceiveRegistration(JourneyRegistration registration, DateTimeOffset? at = null)
    {
        Reach(at);
        return Store.Append(
            EntryKind.Registration, "clerk", "register-journey", at ?? Time.GetUtcNow(),
            JsonSerializer.SerializeToUtf8Bytes(registration, JourneyJson.Default.JourneyRegistration)).Position;
    }

    public async Task<EntryResult> CloseAsync(string journeyId, DateTimeOffset? at = null)
    {
        Reach(at);
        var entry = Store.Append(
            EntryKind.OperatorAct, "clerk", "close-journey", at ?? Time.GetUtcNow(),
            JsonSerializer.SerializeToUtf8Bytes(new CloseJourney(journeyId, "delivered"), JourneyJson.Default.CloseJourney));
        await RunAsync();
        return Store.Results.Single(r => r.Position == entry.Position);
    }

    /// <summary>Takes a request of customs as the journal has it.</summary>
    public async Task<EntryResult> ActAsync<T>(EntryKind kind, string operation, T request, DateTimeOffset? at = null)
    {
        Reach(at);
        var type = (System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>)CustomsJson.Default.GetTypeInfo(typeof(T))!;
        var entry = Store.Append(kind, "clerk", operation, at ?? Time.GetUtcNow(), JsonSerializer.SerializeToUtf8Bytes(request, type));
        await RunAsync();
        return Store.Results.Single(r => r.Position == entry.Position);
    }

    /// <summary>Time passes, and the clock looks for what is due, as it does with the real store.</summary>
    public async Task PassAsync(DateTimeOffset now)
    {
        Reach(now);
        foreach (var due in Store.Due(now))
        {
            Store.Append(
                EntryKind.Deadline, "clock", Operations.Deadline, now,
                JsonSerializer.SerializeToUtf8Bytes(new DeadlineDue(due.Subject.Id, due.NextDue!.Value), JourneyJson.Default.DeadlineDue));
        }

        await RunAsync();
    }

    public async Task<EntryResult> JudgeAsync(string finding, FindingVerdict verdict, string journeyId = "J-1")
    {
        var entry = Store.Append(
            EntryKind.OperatorAct, "supervisor", Operations.JudgeFinding, Time.GetUtcNow(),
            JsonSerializer.SerializeToUtf8Bytes(new JudgeFinding(journeyId, finding, verdict, "looked at it"), JourneyJson.Default.JudgeFinding));
        await RunAsync();
        return Store.Results.Single(r => r.Position == entry.Position);
    }

    public async Task<EntryResult> JudgeLockAsync(string finding, FindingVerdict verdict)
    {
        var entry = Store.Append(
            EntryKind.OperatorAct, "supervisor", Operations.JudgeFinding, Time.GetUtcNow(),
            JsonSerializer.SerializeToUtf8Bytes(new JudgeFinding("", finding, verdict, "looked at it") { Lock = Reports.TheLock }, JourneyJson.Default.JudgeFinding));
        await RunAsync();
        return Store.Results.Single(r => r.Position == entry.Position);
    }

    public async Task RunAsync()
    {
        while (await Flow.RunAsync(TestContext.Current.CancellationToken) > 0)
        {
        }
    }

    public LockReport Decode(JournalEntry entry) => Poisoned.TryGetValue(entry.Position, out var poison) ? throw poison : _told.GetValueOrDefault(entry.Position) ?? Wire.Decode(entry);

    public ValueTask<IReadOnlyList<Destination>> AllAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<Destination>>(Destinations);

    public Task SeedAsync(IReadOnlyList<Destination> destinations, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<KeptDestination>> KeptAsync(CancellationToken cancellationToken) => throw new NotSupportedException("The flow asks for the definitions.");

    public Task<int?> PutAsync(Destination destination, int version, Actor actor, string reason, CancellationToken cancellationToken) => throw new NotSupportedException("The flow changes no destination.");

    public Task<bool> HoldAsync(string name, bool hold, Actor actor, string reason, CancellationToken cancellationToken) => throw new NotSupportedException("The flow holds no destination.");

    public void Dispose() => _lanes.Dispose();

    private void Reach(DateTimeOffset? at)
    {
        if (at > Time.GetUtcNow())
        {
            Time.SetUtcNow(at.Value);
        }
    }

    /// <summary>Makes bytes of the key alone; the built-in documents have tests of their own.</summary>
    private sealed class PlainMapper : IMapper
    {
        public MappedBytes Map(Contracts.Admin.Destination destination, OutgoingEvent source) => throw new NotSupportedException("Nothing is repaired here.");

        public MappedMessage Map(Draft draft)
        {
            var (destination, subject, outgoing) = (draft.Destination.Name, draft.Subject, draft.Outgoing);
            var id = MessageId.Of(destination, subject, draft.DecisionKey, 1);
            var corrects = outgoing.Corrects is { } original ? MessageId.Of(destination, subject, original, 1) : null;
            return new MappedMessage(
                id, draft.Destination, subject, draft.Number, draft.DecisionKey, outgoing.Decision, corrects, draft.Entry,
                new OutgoingEvent(new MessageInfo(id, draft.Number, 1, destination, subject.ToString(), null, corrects, outgoing.IsWithdrawal), draft.Event, draft.Journey),
                "none", 1, System.Text.Encoding.UTF8.GetBytes(draft.DecisionKey), Problem: null);
        }
    }
}
