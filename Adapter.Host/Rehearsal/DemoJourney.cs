using System.Text.Json.Nodes;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Rehearsal;

/// <summary>One container from Mombasa to Malaba: what customs register and what the lock then reports.</summary>
/// <remarks>
/// The lock reports the way locks do: positions twice, a hole in the coverage that is filled later and out of order, one rope cut told
/// in three ways. None of it may change what the receivers get.
/// </remarks>
internal sealed class DemoJourney
{
    public const string LocationPath = "/intake/jointech/location";
    public const string AlarmPath = "/intake/jointech/alarm";
    public const string EventPath = "/intake/jointech/event";

    // Code space of the Joint web platform.
    private const int RopeCut = 10;
    private const int Unlock = 5;
    private const int Lock = 6;

    // Minutes from the start.
    private const double SealedAt = 15;
    private const double LeavesAt = 45;
    private const double DrivesFor = 900;
    private const double StandsFor = 40;
    private const double RopeBackAfter = 32;
    private const double ArrivesAt = LeavesAt + DrivesFor + StandsFor;
    private const double UnsealedAt = ArrivesAt + 20;
    private const double EndsAt = UnsealedAt + 10;

    private readonly JourneyRegistration _registration;
    private readonly DemoReports _reports;
    private readonly double _kmPerMinute;
    private readonly double _limitHours;
    private readonly double _standsAtKm;
    private readonly bool _ropeIsCut;
    private readonly (double FromKm, double ToKm)? _hole;

    private DemoJourney(JourneyRegistration registration, DemoRoad planned, DemoRoad driven, double limitHours, double standsAtKm, bool ropeIsCut, DemoHole? hole)
    {
        (_registration, Road, _limitHours, _standsAtKm, _ropeIsCut) = (registration, driven, limitHours, standsAtKm, ropeIsCut);
        _reports = new DemoReports(registration.Locks[0].Lock.Value);
        _kmPerMinute = planned.LengthKm / DrivesFor;
        _hole = hole is null ? null : (driven.KmOf(hole.After), driven.KmOf(hole.Before));
    }

    /// <summary>From the first report to the last.</summary>
    public static TimeSpan Duration { get; } = TimeSpan.FromMinutes(EndsAt);

    /// <summary>The kinds of message that each receiver must get, each exactly once and in this order.</summary>
    public static IReadOnlyList<string> ExpectedKinds { get; } = ["SEAL", "DEPARTURE", "ROPE_CUT", "ARRIVAL", "UNSEAL"];

    public DemoRoad Road { get; }

    public string Id => _registration.JourneyId;

    public string Mrn => _registration.Mrn!;

    /// <summary>The start with which the last report lies <paramref name="ago"/> before now.</summary>
    public static DateTimeOffset StartFor(DateTimeOffset now, TimeSpan ago) => WholeSecond(now - ago - Duration);

    /// <summary>The journey whose rope is cut and whose reports come late.</summary>
    /// <param name="mark">Up to eight digits that make its journey, MRN and lock others than those of the demo; null for the demo's own.</param>
    public static DemoJourney Load(string? mark = null)
    {
        var data = DemoData.Read();
        var road = new DemoRoad(data.Road);
        return new DemoJourney(
            mark is null ? data.Registration : Marked(data.Registration, mark), road, road, limitHours: 36, road.KmOf(data.RopeCutAfter) + 6, ropeIsCut: true, data.CoverageHole);
    }

    /// <summary>The journey of which nothing is to be found: it rests where that is planned.</summary>
    public static DemoJourney LoadClean() => Load(DemoData.Read(), data => data.Clean);

    /// <summary>The journey that leaves its route and so is late: its telemetry ends on the road.</summary>
    public static DemoJourney LoadAstray() => Load(DemoData.Read(), data => data.Astray);

    private static DemoJourney Load(DemoData data, Func<DemoData, DemoMovement> which)
    {
        var movement = which(data);
        var (planned, driven) = (new DemoRoad(data.Road), new DemoRoad(movement.Driven(data.Road)));
        var restsAtKm = movement.RestsAt is { } place ? driven.KmOf(place) : double.PositiveInfinity;
        return new DemoJourney(movement.Registration(data.Registration, data.Road), planned, driven, movement.TimeLimitHours, restsAtKm, ropeIsCut: false, hole: null);
    }

    private static JourneyRegistration Marked(JourneyRegistration registration, string mark) => registration with
    {
        JourneyId = $"{registration.JourneyId}-{mark}",
        Mrn = $"26KEDRILL{mark}",
        Locks = [.. registration.Locks.Select(assignment => assignment with { Lock = LockId.Parse("90" + mark.PadLeft(8, '0')) })],
    };

    /// <summary>The registration of a journey that starts then: the lock is bound from its first report on.</summary>
    public JourneyRegistration Registration(DateTimeOffset start) => _registration with
    {
        Locks = [.. _registration.Locks.Select(assignment => assignment with { From = WholeSecond(start) })],
        TimeLimit = WholeSecond(start).AddHours(_limitHours),
    };

    /// <summary>Every push of the journey in the order in which Joint Cloud makes them.</summary>
    public IReadOnlyList<DemoPush> Telemetry(DateTimeOffset start)
    {
        start = WholeSecond(start);
        return [.. AtThePort(start), .. OnTheRoad(start), .. ArrivalMinute < EndsAt ? AtTheBorder(start) : []];
    }

    private IEnumerable<DemoPush> AtThePort(DateTimeOffset start)
    {
        yield return Position(start, 0, "idle in the port, unlocked", locked: false, ropeIn: false);
        yield return Position(start, 8, "idle in the port, unlocked", locked: false, ropeIn: false);
        var sealing = Standing(start, SealedAt, 0);
        yield return Row(EventPath, Lock, sealing, end: null, "the lock closes: sealed");
        yield return Push(LocationPath, _reports.Location(sealing with { At = sealing.At.AddSeconds(20) }, locked: true, ropeIn: true), "locked, in the port");
        yield return Position(start, 25, "locked, in the port");
        yield return Position(start, 35, "locked, in the port");
    }

    private IEnumerable<DemoPush> OnTheRoad(DateTimeOffset start)
    {
        var standsFrom = LeavesAt + (_standsAtKm / _kmPerMinute);
        var buffered = new List<JsonObject>();
        var sinceHole = 0;
        var count = 0;
        for (var minute = LeavesAt + 5; minute < Math.Min(ArrivalMinute, EndsAt); minute += 10)
        {
            if (minute >= standsFrom && minute - 10 < standsFrom)
            {
                foreach (var push in _ropeIsCut ? CutAndMended(start, standsFrom) : Resting(start, standsFrom))
                {
                    yield return push;
                }
            }

            var km = KmAt(minute);
            if (minute >= standsFrom && km <= _standsAtKm)
            {
                continue;   // stands; told there
            }

            var moment = Moment(start, minute, 57 + (count % 7) - 3);
            var report = _reports.Location(moment, locked: true, ropeIn: true);
            if (_hole is { } hole && km > hole.FromKm && km < hole.ToKm)
            {
                buffered.Add(report);
                continue;
            }

            yield return Push(LocationPath, report, $"on the road, after {Road.Behind(km)}");
            count++;
            if (_hole is null)
            {
                continue;   // where coverage is good nothing is sent again
            }

            if (count % 20 == 5)
            {
                yield return Push(LocationPath, report, "the same report again");
            }
            else if (count % 20 == 15)
            {
                yield return Push(LocationPath, DemoReports.ReceivedAgain(report, moment.At.AddSeconds(121)), "the same report again, received two minutes later");
            }

            // The lock sends what is new before it empties its memory, so the burst comes behind two live reports.
            if (buffered.Count > 0 && ++sinceHole == 2)
            {
                yield return Burst(buffered, moment.At.AddSeconds(45));
                buffered.Clear();
            }
        }
    }

    /// <summary>The reports from the hole as one array, received long after they were made, not in time order, one of them twice.</summary>
    private static DemoPush Burst(List<JsonObject> buffered, DateTimeOffset receivedAt)
    {
        // Strides over a prime: out of order, and the same at each run.
        var shuffled = buffered
            .Select((report, index) => (Report: report, Key: (index + 1) * 49 % 101))
            .OrderBy(x => x.Key)
            .Select((x, index) => DemoReports.ReceivedAgain(x.Report, receivedAt.AddMilliseconds(index * 40)))
            .ToList();
        return new DemoPush(
            LocationPath, DemoReports.Text(new JsonArray([.. shuffled, shuffled[0].DeepClone()])),
            $"coverage is back: {buffered.Count} buffered reports at once, not in order", receivedAt.AddSeconds(1));
    }

    private IEnumerable<DemoPush> CutAndMended(DateTimeOffset start, double cutMinute)
    {
        var cut = Standing(start, cutMinute, _standsAtKm);
        var mended = Standing(start, cutMinute + RopeBackAfter, _standsAtKm);
        yield return Row(AlarmPath, RopeCut, cut, end: null, "the rope is cut: alarm");
        yield return Push(LocationPath, _reports.Location(cut with { At = cut.At.AddSeconds(20) }, locked: true, ropeIn: false), "rope out while locked");
        yield return Row(AlarmPath, RopeCut, cut, end: null, "the same alarm again");
        yield return Position(start, cutMinute + 10, "rope still out, the truck stands", ropeIn: false, km: _standsAtKm);
        yield return Position(start, cutMinute + 20, "rope still out, the truck stands", ropeIn: false, km: _standsAtKm);
        yield return Position(start, cutMinute + RopeBackAfter, "inspected, the rope is back in", km: _standsAtKm);
        yield return Row(AlarmPath, RopeCut, cut, mended, "the same alarm, now with its end");
    }

    private IEnumerable<DemoPush> Resting(DateTimeOffset start, double standsFrom)
    {
        for (var minutes = 1; minutes < StandsFor; minutes += 10)
        {
            yield return Position(start, standsFrom + minutes, "rests at a planned stop", km: _standsAtKm);
        }
    }

    private IEnumerable<DemoPush> AtTheBorder(DateTimeOffset start)
    {
        yield return Position(start, ArrivesAt, "arrived at the border post", km: Road.LengthKm);
        yield return Position(start, ArrivesAt + 10, "at the border post", km: Road.LengthKm);
        var unsealing = Standing(start, UnsealedAt, Road.LengthKm);
        yield return Row(EventPath, Unlock, unsealing, end: null, "the lock opens: unsealed");
        yield return Push(LocationPath, _reports.Location(unsealing with { At = unsealing.At.AddSeconds(20) }, locked: false, ropeIn: false), "unlocked, at the border post");
        yield return Row(EventPath, Unlock, unsealing, end: null, "the same event again");
        yield return Row(EventPath, Unlock, unsealing, end: null, "the same event a third time");
        yield return Position(start, EndsAt, "unlocked, at the border post", locked: false, ropeIn: false, km: Road.LengthKm);
    }

    /// <summary>When it is there; a journey on a longer way than planned arrives after its telemetry ends.</summary>
    private double ArrivalMinute => LeavesAt + (Road.LengthKm / _kmPerMinute) + (double.IsFinite(_standsAtKm) ? StandsFor : 0);

    private double KmAt(double minute)
    {
        var driven = Math.Max(0, minute - LeavesAt) * _kmPerMinute;
        return driven <= _standsAtKm
            ? driven
            : Math.Max(_standsAtKm, driven - (StandsFor * _kmPerMinute));
    }

    private DemoPush Position(DateTimeOffset start, double minute, string label, bool locked = true, bool ropeIn = true, double km = 0) =>
        Push(LocationPath, _reports.Location(Standing(start, minute, km), locked, ropeIn), label);

    private DemoPush Row(string path, int dataType, DemoMoment at, DemoMoment? end, string label) => Push(path, _reports.Row(dataType, at, end), label);

    private static DemoPush Push(string path, JsonObject json, string label) => new(path, DemoReports.Text(json), label, DemoReports.KnownToCloudAt(json));

    private DemoMoment Moment(DateTimeOffset start, double minute, int speedKmh)
    {
        var km = KmAt(minute);
        var (point, heading) = Road.At(km);
        return new DemoMoment(WholeSecond(start.AddMinutes(minute)), km, point, speedKmh, heading);
    }

    private DemoMoment Standing(DateTimeOffset start, double minute, double km) =>
        new(WholeSecond(start.AddMinutes(minute)), km, Road.At(km).Point, SpeedKmh: 0, Heading: 0);

    private static DateTimeOffset WholeSecond(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}
