using System.Text.Json.Serialization;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys.Facts;
using Adapter.Host.Journeys.Geography;

namespace Adapter.Host.Journeys;

/// <summary>All that is known of a subject: facts, what was already told of them, and open findings.</summary>
/// <remarks>Immutable. Only the processor makes new ones, one version per saved batch.</remarks>
internal sealed record SubjectState(Subject Subject)
{
    /// <summary>Locks and sub-locks remembered; a source that makes up sub-locks must not grow a journey without bound.</summary>
    private const int MostTracks = 200;

    public long Version { get; init; }

    /// <summary>The registration; null for a lock.</summary>
    public RegisteredJourney? Journey { get; init; }

    /// <summary>Document flow: the manifest that the journey names, once it was registered.</summary>
    public ManifestDocument? Manifest { get; init; }

    /// <summary>What offices, gates and the transportation system say of milestones, by time.</summary>
    public IReadOnlyList<MilestoneAssertion> Assertions { get; init; } = [];

    /// <summary>What was seen of the goods, by time.</summary>
    public IReadOnlyList<Observation> Observations { get; init; } = [];

    /// <summary>Orders to open seals, by their beginning.</summary>
    public IReadOnlyList<UnsealOrder> Orders { get; init; } = [];

    /// <summary>Deadlines that passed, by the moment at which they were due.</summary>
    public IReadOnlyList<FiredDeadline> Fired { get; init; } = [];

    /// <summary>When the next deadline is due; null where none runs.</summary>
    public DateTimeOffset? NextDue { get; init; }

    public IReadOnlyList<LockTrack> Tracks { get; init; } = [];

    public IReadOnlyList<Episode> Episodes { get; init; } = [];

    /// <summary>Episodes of which late reports showed that they were none; each comes again under its number should later ones show that it was.</summary>
    public IReadOnlyList<Episode> TakenBack { get; init => field = value ?? []; } = [];

    /// <summary>The last episode number given for each kind; numbers are never used again, also when an old episode is forgotten.</summary>
    public IReadOnlyDictionary<LockEventKind, int> LastNumbers { get; init; } = new Dictionary<LockEventKind, int>();

    /// <summary>What was sent, in order; a decision that is not here has not been told to anybody.</summary>
    public IReadOnlyList<Emission> Emissions { get; init; } = [];

    public IReadOnlyList<Finding> Findings { get; init; } = [];

    public LockTrack TrackOf(LockId @lock, string? subLock) =>
        Tracks.FirstOrDefault(track => track.Lock == @lock && track.SubLock == subLock) ?? new LockTrack(@lock, subLock);

    public SubjectState With(LockTrack track)
    {
        var others = Tracks.Where(t => t.Lock != track.Lock || t.SubLock != track.SubLock);
        return this with { Tracks = [.. others.TakeLast(MostTracks - 1), track] };
    }
}

/// <param name="RegisteredBy">The principal who registered it.</param>
/// <param name="Entry">Journal position of the registration.</param>
/// <param name="Contended">Locks asked for that another open journey controlled.</param>
internal sealed record RegisteredJourney(
    JourneyRegistration Registration, DateTimeOffset RegisteredAt, string RegisteredBy, long Entry, IReadOnlyList<LockId> Contended, Closing? Closing)
{
    /// <summary>What was changed since, oldest first; <see cref="Registration"/> is the result.</summary>
    public IReadOnlyList<Amendment> Amendments { get; init; } = [];

    /// <summary>The registration as it was at a time; later amendments say nothing of it.</summary>
    public JourneyRegistration ValidAt(DateTimeOffset at) => Amendments.FirstOrDefault(a => a.At > at)?.Before ?? Registration;

    /// <summary>Since when it stands by order; null while it may go on.</summary>
    public DateTimeOffset? SuspendedAt { get; init; }

    /// <summary>Containers that go on with another vehicle than the registered one.</summary>
    public IReadOnlyDictionary<string, Vehicle> CarriedBy { get; init; } = new Dictionary<string, Vehicle>(StringComparer.Ordinal);
}

/// <param name="Cancelled">True where the journey was called off.</param>
internal sealed record Closing(DateTimeOffset At, string By, string Reason, bool Cancelled = false);

/// <summary>What one lock, or one of its sub-locks, was seen to do.</summary>
internal sealed record LockTrack(LockId Lock, string? SubLock)
{
    /// <summary>A lock that repeats an alarm all day must not grow its journey without bound. What was told keeps its episode.</summary>
    private const int MostTellings = 200;

    /// <summary>When it was heard of what; the stretches below say what it told.</summary>
    public Heard Heard { get; init => field = value ?? Heard.Nothing; } = Heard.Nothing;

    /// <summary>What it said of itself, by time.</summary>
    public IReadOnlyList<Telling> Tellings { get; init => field = value ?? []; } = [];

    /// <summary>From when on all tellings are here; null where none was forgotten.</summary>
    public DateTimeOffset? TellingsSince { get; init; }

    /// <summary>From when on its episodes are remembered; null where none was forgotten.</summary>
    public DateTimeOffset? RememberedSince { get; init; }

    /// <summary>How far apart reports of one thing may lie: the widest of the sources that told of states.</summary>
    public TimeSpan Window { get; init; }

    /// <summary>Motor locked with the rope in.</summary>
    public Timeline Sealed { get; init; } = Timeline.Empty;

    /// <summary>Rope out while the motor is locked; a cut where the lock was sealed just before.</summary>
    public Timeline RopeOut { get; init; } = Timeline.Empty;

    public Timeline CoverOpen { get; init; } = Timeline.Empty;

    /// <summary>Alarm flags that positions carry while a condition lasts.</summary>
    public IReadOnlyDictionary<LockEventKind, Timeline> Flags { get; init; } = new Dictionary<LockEventKind, Timeline>();

    /// <summary>Inside the area of an office, by office code; satellite fixes only.</summary>
    public IReadOnlyDictionary<string, Timeline> Areas { get; init; } = new Dictionary<string, Timeline>(StringComparer.Ordinal);

    /// <summary>Where it was, thinned; satellite fixes while it belonged to a journey.</summary>
    public RouteTrace Trace { get; init => field = value ?? RouteTrace.Empty; } = RouteTrace.Empty;

    public LatestPosition? Latest { get; init; }

    /// <summary>The newest place by satellite, with a clock to be trusted, while it belonged to a journey.</summary>
    public Sighting? LatestFix { get; init; }

    /// <summary>The time of the newest place that receivers were told.</summary>
    public DateTimeOffset? ToldFixAt { get; init; }

    /// <summary>Where it was under seal while no journey owned it, oldest first.</summary>
    public IReadOnlyList<UnownedTrip> Unowned { get; init => field = value ?? []; } = [];

    /// <summary>From when a journey owned it last.</summary>
    public DateTimeOffset? ClaimedAt { get; init; }

    /// <summary>When we last received anything of it, whatever time it told of: silence is counted from here.</summary>
    public DateTimeOffset? HeardAt { get; init; }

    /// <summary>The latest position as an observation: the flags that it did not carry were not raised then.</summary>
    public Sighting? LatestRecord { get; init; }

    public Timeline Area(string office) => Areas.GetValueOrDefault(office, Timeline.Empty);

    /// <summary>The same with one more telling; a word told twice is one.</summary>
    public LockTrack With(Telling telling)
    {
        if (Tellings.Any(telling.SaysTheSame))
        {
            return this;
        }

        List<Telling> all = [.. Tellings.Append(telling).OrderBy(t => t.Seen.At).ThenBy(t => t.Seen.Entry)];
        if (all.Count <= MostTellings)
        {
            return this with { Tellings = all };
        }

        // Never of the new report, however old it is: nobody has heard of it yet.
        if (all.Find(t => t.Seen.Entry != telling.Seen.Entry) is not { } forgotten)
        {
            return this with { Tellings = all };
        }

        all.Remove(forgotten);
        return this with { Tellings = all, TellingsSince = TellingsSince > forgotten.Seen.At ? TellingsSince : forgotten.Seen.At.AddTicks(1) };
    }

    /// <summary>The same without what ended before a moment.</summary>
    public LockTrack From(DateTimeOffset moment) => this with
    {
        Tellings = [.. Tellings.Where(t => t.Seen.At >= moment)],
        RememberedSince = moment,
        Sealed = Sealed.From(moment),
        RopeOut = RopeOut.From(moment),
        CoverOpen = CoverOpen.From(moment),
        Flags = Flags.ToDictionary(flag => flag.Key, flag => flag.Value.From(moment)),
    };
}

internal sealed record LatestPosition(DateTimeOffset At, DateTimeOffset ReceivedAt, GeoPoint? Where, FixKind Fix, double? SpeedKmh, int? BatteryPercent, bool? Charging);

/// <summary>A decision that was sent.</summary>
/// <param name="Key">Key of the original decision.</param>
/// <param name="At">The time last told, by the original or the latest correction.</param>
/// <param name="Corrections">How many corrections followed.</param>
/// <param name="Withdrawn">True while the latest word is that it did not happen.</param>
/// <param name="Destinations">Who was told.</param>
internal sealed record Emission(string Key, Decision Told, DateTimeOffset At, int Corrections, bool Withdrawn, IReadOnlyList<string> Destinations);

/// <summary>Something in a journey that contradicts something else.</summary>
/// <param name="Key">Stable within the journey.</param>
/// <param name="Code">Stable code of the check, <c>area.what</c>.</param>
/// <param name="Text">Plain sentence that names both sides' values.</param>
/// <param name="ClosedAt">When late data explained it, or a person dismissed or closed it; null while it is open.</param>
internal sealed record Finding(string Key, string Code, Severity Severity, string Text, DateTimeOffset OpenedAt, DateTimeOffset? ClosedAt)
{
    /// <summary>The kind under which receivers are told of it.</summary>
    public string Kind { get; init; } = EventKinds.Finding;

    /// <summary>When and where; null where it is about the papers alone.</summary>
    public Sighting? Seen { get; init; }

    /// <summary>From when to when, for what lasts; null otherwise.</summary>
    public Lasting? Lasting { get; init; }

    /// <summary>The latest word of a person on it.</summary>
    public Judgement? Judged { get; init; }

    public FindingState State => (Judged?.Verdict, ClosedAt) switch
    {
        (FindingVerdict.Dismissed, _) => FindingState.Dismissed,
        (FindingVerdict.Closed, _) => FindingState.Closed,
        (_, not null) => FindingState.Explained,
        (FindingVerdict.Confirmed, _) => FindingState.Confirmed,
        _ => FindingState.Open,
    };
}

[JsonConverter(typeof(JsonStringEnumConverter<FindingState>))]
internal enum FindingState
{
    Open,

    /// <summary>A person found it true; it stays open until it is closed.</summary>
    Confirmed,

    /// <summary>A person found it of no account; it is not opened again.</summary>
    Dismissed,

    /// <summary>Late data showed that nothing contradicts; it opens again should that change.</summary>
    Explained,

    /// <summary>A person has dealt with it.</summary>
    Closed,
}

[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
internal enum Severity
{
    Info,
    Warning,
    Critical,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SubjectState))]
[JsonSerializable(typeof(JourneyRegistration))]
[JsonSerializable(typeof(CloseJourney))]
[JsonSerializable(typeof(JudgeFinding))]
[JsonSerializable(typeof(DeadlineDue))]
internal sealed partial class JourneyJson : JsonSerializerContext;

/// <summary>An operator ends a journey; its locks are free for the next one.</summary>
internal sealed record CloseJourney(string JourneyId, string Reason);
