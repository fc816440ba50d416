using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Tests;

/// <summary>Reports of one lock, by the minute, and the places that it passes.</summary>
internal static class Reports
{
    public static readonly LockId TheLock = LockId.Parse("8022300001");
    public static readonly LockId OtherLock = LockId.Parse("8022300002");

    public static readonly GeoPoint Port = new(-4.037, 39.631);
    public static readonly GeoPoint Road = new(-2.0, 37.5);
    public static readonly GeoPoint Border = new(0.642, 34.264);

    /// <summary>Minute 0.</summary>
    public static readonly DateTimeOffset Start = new(2026, 5, 4, 6, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double minute) => Start.AddSeconds(Math.Round(minute * 60));

    public static LockReport Position(
        double minute, bool? locked = true, bool? rope = true, GeoPoint? where = null, FixKind fix = FixKind.Satellite, bool? cover = null,
        LockId? of = null, string? subLock = null, double? cloudMinute = null, params IReadOnlyList<ReportedEvent> events) => new(
        of ?? TheLock, subLock, ReportRoute.Location, At(minute), At(cloudMinute ?? minute).AddSeconds(1), EndedAt: null, where, fix,
        new SealState(locked, rope, cover), new Motion(40, 290, 48210), new Power(90, Charging: false), events, SourceMessageId: null);

    /// <summary>The lock's own message: an alarm or event row without state.</summary>
    public static LockReport Row(double minute, LockEventKind kind, LockId? of = null, string code = "10", ReportRoute route = ReportRoute.Alarm, double? ended = null) => new(
        of ?? TheLock, SubLock: null, route, At(minute), At(minute).AddSeconds(1), ended is { } end ? At(end) : null, Position: null, FixKind.None,
        SealState.NotReported, new Motion(null, null, null), new Power(null, null), [new ReportedEvent(kind, new SourceCode("web-alarm", code), Level: false)],
        $"row-{kind}-{minute}");

    /// <summary>A flag on a position, raised on every record while the condition lasts.</summary>
    public static ReportedEvent Flag(LockEventKind kind, string code = "1") => new(kind, new SourceCode("sdk-alarm", code), Level: true);

    /// <summary>From the port to the border under one lock, registered from minute 0 unless <paramref name="from"/> says otherwise.</summary>
    public static JourneyRegistration Journey(string id = "J-1", DateTimeOffset? from = null, params IReadOnlyList<LockId> locks) => new()
    {
        JourneyId = id,
        Mrn = "26KE0MBA00482917J1",
        Containers = [new Container("KMSU4829139", [new Seal("KE0482913")])],
        Locks = [.. (locks.Count == 0 ? [TheLock] : locks).Select(l => new LockAssignment(l, "KMSU4829139", from))],
        Departure = new Office("KEMBA001", "Mombasa", "KE", Port, 2500),
        Destination = new Office("UGMLB001", "Malaba", "UG", Border, 2000),
    };
}
