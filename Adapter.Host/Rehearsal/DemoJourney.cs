using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;

namespace Adapter.Host.Rehearsal;

/// <summary>One container from Mombasa to Malaba: what customs register, what the lock then reports, and what the receivers must get.</summary>
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
    private const double StandsAfterCutFor = 40;
    private const double RopeBackAfter = 32;
    private const double ArrivesAt = LeavesAt + DrivesFor + StandsAfterCutFor;
    private const double UnsealedAt = ArrivesAt + 20;
    private const double EndsAt = UnsealedAt + 10;

    private readonly JourneyRegistration _registration;
    private readonly DemoReports _reports;
    private readonly double _holeFromKm;
    private readonly double _holeToKm;
    private readonly double _cutAtKm;

    private DemoJourney(DemoData data)
    {
        _registration = data.Registration;
        Road = new DemoRoad(data.Road);
        _reports = new DemoReports(_registration.Locks[0].Lock.Value);
        (_holeFromKm, _holeToKm) = (Road.KmOf(data.CoverageHole.After), Road.KmOf(data.CoverageHole.Before));
        _cutAtKm = Road.KmOf(data.RopeCutAfter) + 6;
    }

    /// <summary>From the first report to the last.</summary>
    public static TimeSpan Duration { get; } = TimeSpan.FromMinutes(EndsAt);

    /// <summary>The kinds of message that each receiver must get, each exactly once and in this order.</summary>
    public static IReadOnlyList<string> ExpectedKinds { get; } = ["SEAL", "DEPARTURE", "ROPE_CUT", "ARRIVAL", "UNSEAL"];

    public DemoRoad Road { get; }

    /// <summary>The start with which the last report lies <paramref name="ago"/> before now.</summary>
    public static DateTimeOffset StartFor(DateTimeOffset now, TimeSpan ago) => WholeSecond(now - ago - Duration);

    /// <param name="mark">Up to eight digits that make its journey, MRN and lock others than those of the demo; null for the demo's own.</param>
    public static DemoJourney Load(string? mark = null)
    {
        using var json = Assembly.GetExecutingAssembly().GetManifestResourceStream("Rehearsal/northern-corridor.json")
            ?? throw new InvalidOperationException("The demo's data is not in this build: Rehearsal/northern-corridor.json is missing.");
        var data = JsonSerializer.Deserialize<DemoData>(json, JsonSerializerOptions.Web)
            ?? throw new InvalidOperationException("Rehearsal/northern-corridor.json holds null.");
        return new DemoJourney(mark is null ? data : data with { Registration = Marked(data.Registration, mark) });
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
        TimeLimit = WholeSecond(start).AddHours(36),
    };

    /// <summary>Every push of the journey in the order in which Joint Cloud makes them.</summary>
    public IReadOnlyList<DemoPush> Telemetry(DateTimeOffset start)
    {
        start = WholeSecond(start);
        return [.. AtThePort(start), .. OnTheRoad(start), .. AtTheBorder(start)];
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
        var cutMinute = LeavesAt + (_cutAtKm / KmPerMinute);
        var buffered = new List<JsonObject>();
        var sinceHole = 0;
        var count = 0;
        for (var minute = LeavesAt + 5; minute < ArrivesAt; minute += 10)
        {
            if (minute >= cutMinute && minute - 10 < cutMinute)
            {
                foreach (var push in CutAndMended(start, cutMinute))
                {
                    yield return push;
                }
            }

            var km = KmAt(minute);
            if (minute >= cutMinute && km <= _cutAtKm)
            {
                continue;   // stands where the rope was cut; told there
            }

            var moment = Moment(start, minute, 57 + (count % 7) - 3);
            var report = _reports.Location(moment, locked: true, ropeIn: true);
            if (km > _holeFromKm && km < _holeToKm)
            {
                buffered.Add(report);
                continue;
            }

            yield return Push(LocationPath, report, $"on the road, after {Road.Behind(km)}");
            count++;
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
        var cut = Standing(start, cutMinute, _cutAtKm);
        var mended = Standing(start, cutMinute + RopeBackAfter, _cutAtKm);
        yield return Row(AlarmPath, RopeCut, cut, end: null, "the rope is cut: alarm");
        yield return Push(LocationPath, _reports.Location(cut with { At = cut.At.AddSeconds(20) }, locked: true, ropeIn: false), "rope out while locked");
        yield return Row(AlarmPath, RopeCut, cut, end: null, "the same alarm again");
        yield return Position(start, cutMinute + 10, "rope still out, the truck stands", ropeIn: false, km: _cutAtKm);
        yield return Position(start, cutMinute + 20, "rope still out, the truck stands", ropeIn: false, km: _cutAtKm);
        yield return Position(start, cutMinute + RopeBackAfter, "inspected, the rope is back in", km: _cutAtKm);
        yield return Row(AlarmPath, RopeCut, cut, mended, "the same alarm, now with its end");
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

    private double KmPerMinute => Road.LengthKm / DrivesFor;

    private double KmAt(double minute)
    {
        var driven = Math.Max(0, minute - LeavesAt) * KmPerMinute;
        return driven <= _cutAtKm
            ? driven
            : Math.Max(_cutAtKm, driven - (StandsAfterCutFor * KmPerMinute));
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

    /// <summary>The shape of the data file.</summary>
    private sealed record DemoData(JourneyRegistration Registration, DemoHole CoverageHole, string RopeCutAfter, IReadOnlyList<DemoPlace> Road);

    private sealed record DemoHole(string After, string Before);
}
