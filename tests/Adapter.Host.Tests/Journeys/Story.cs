using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;

namespace Adapter.Host.Tests.Journeys;

/// <summary>Tells a journey entry by entry and keeps the state, as the processor does with its store.</summary>
internal sealed class Story
{
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 6, 0, 0, TimeSpan.Zero);
    public static readonly LockId Lock = LockId.Parse("8022300001");
    public static readonly GeoPoint Mombasa = new(-4.05, 39.65);
    public static readonly GeoPoint Road = new(-2.5, 38.0);
    public static readonly GeoPoint Malaba = new(0.64, 34.26);

    private readonly Dictionary<Subject, SubjectState> _states = [];
    private readonly List<Binding> _bindings = [];
    private readonly List<IdleReport> _idle = [];
    private long _position;

    public JourneyOptions Options { get; } = new();

    /// <summary>Everything that went out, in order: what and with which correction.</summary>
    public List<OutgoingDecision> Told { get; } = [];

    public List<EntryResult> Results { get; } = [];

    public IEnumerable<string> ToldKeys => Told.Select(t => (t.IsWithdrawal, t.Corrects) switch
    {
        (true, var key) => $"withdraw {key}",
        (false, { } key) => $"correct {key}",
        _ => t.Decision.Key,
    });

    public SubjectState Journey(string id = "J-1") => _states[Subject.OfJourney(id)];

    /// <summary>As if the state had been read from a store in which it was otherwise.</summary>
    public void Change(Func<SubjectState, SubjectState> change, string id = "J-1") => _states[Subject.OfJourney(id)] = change(Journey(id));

    public SubjectState? OfLock() => _states.GetValueOrDefault(Subject.Of(Lock));

    public IReadOnlyList<Binding> Bindings => _bindings;

    public static JourneyRegistration Registration(string id = "J-1", DateTimeOffset? from = null, Regime regime = Regime.Transit) => new()
    {
        JourneyId = id,
        Mrn = "26KE0MBA00482917J1",
        Regime = regime,
        Locks = [new LockAssignment(Lock, Container: null, from)],
        Departure = new Office("KEMBA001", "Mombasa", "KE", Mombasa),
        Destination = new Office("UGMLB001", "Malaba", "UG", Malaba),
    };

    public Story Register(JourneyRegistration? registration = null, double minute = 0, bool bindFromStart = true) =>
        Enter([Entry(EntryKind.Registration, minute, new EntryContent.Registration(registration ?? Registration(from: bindFromStart ? Start : null)))]);

    public Story Close(string id, double minute) =>
        Enter([Entry(EntryKind.OperatorAct, minute, new EntryContent.Close(new CloseJourney(id, "done")))]);

    public Story Report(params LockReport[] reports) => Enter([.. reports.Select(r => Entry(r))]);

    /// <summary>Several reports in one batch.</summary>
    public Story Enter(IReadOnlyList<DecodedEntry> entries)
    {
        var world = new World(new Bindings(_bindings), _states.Values, _idle);
        var correlated = Correlate.Run(entries, world, Options);
        _idle.AddRange(correlated.Idle);
        _idle.RemoveAll(correlated.Attached.Contains);
        Results.AddRange(correlated.Results);
        foreach (var decided in Fold.Run(correlated, world, Options))
        {
            Told.AddRange(decided.Outgoing);
            _states[decided.State.Subject] = Emit(decided);
        }

        foreach (var changed in world.Bindings.Changed)
        {
            _bindings.RemoveAll(b => b.Lock == changed.Lock && b.StartsAt == changed.StartsAt);
            _bindings.Add(changed);
        }

        return this;
    }

    public DecodedEntry Entry(LockReport report, double receivedMinutesLater = 0)
    {
        var at = (report.CloudTime ?? report.DeviceTime ?? Start).AddMinutes(receivedMinutesLater);
        return new DecodedEntry(
            new JournalEntry(++_position, EntryKind.Telemetry, "jointcloud", "location", at, ReadOnlyMemory<byte>.Empty), new EntryContent.Report(report));
    }

    public static LockReport Position(
        double minute, GeoPoint? where = null, bool? locked = true, bool? rope = true, FixKind fix = FixKind.Satellite, double? receivedMinute = null) =>
        new(Lock, null, ReportRoute.Location, Start.AddMinutes(minute), Start.AddMinutes(receivedMinute ?? minute), null, where ?? Road, fix,
            new SealState(locked, rope, null), new Motion(null, null, null), new Power(null, null), [], null);

    public static LockReport Event(double minute, LockEventKind kind, GeoPoint? where = null, double? receivedMinute = null) =>
        new(Lock, null, ReportRoute.Alarm, Start.AddMinutes(minute), Start.AddMinutes(receivedMinute ?? minute), null, where ?? Road, FixKind.Approximate,
            SealState.NotReported, new Motion(null, null, null), new Power(null, null),
            [new ReportedEvent(kind, new SourceCode("web-alarm", kind.ToString()), Level: false)], $"{kind}-{minute}");

    /// <summary>A whole clean journey, in the order in which it happens.</summary>
    public static IReadOnlyList<LockReport> Clean() =>
    [
        Position(0, Mombasa, locked: false, rope: false),
        Event(10, LockEventKind.Seal, Mombasa),
        Position(11, Mombasa),
        Position(30, Mombasa),
        Position(60),
        Position(300),
        Position(600, Malaba),
        Event(620, LockEventKind.Unseal, Malaba),
        Position(621, Malaba, locked: false, rope: false),
    ];

    private DecodedEntry Entry(EntryKind kind, double minute, EntryContent content) => new(
        new JournalEntry(++_position, kind, "alice", "act", Start.AddMinutes(minute), ReadOnlyMemory<byte>.Empty), content);

    private static SubjectState Emit(DecidedSubject decided)
    {
        var emissions = decided.State.Emissions.ToList();
        foreach (var outgoing in decided.Outgoing)
        {
            var key = outgoing.Corrects ?? outgoing.Decision.Key;
            var earlier = emissions.FindIndex(e => e.Key == key);
            var emission = new Emission(
                key, outgoing.Decision, outgoing.Decision.Seen.At, earlier < 0 ? 0 : emissions[earlier].Corrections + 1, outgoing.IsWithdrawal, ["manifest"]);
            if (earlier < 0)
            {
                emissions.Add(emission);
            }
            else
            {
                emissions[earlier] = emission;
            }
        }

        return decided.State with { Emissions = emissions };
    }
}
