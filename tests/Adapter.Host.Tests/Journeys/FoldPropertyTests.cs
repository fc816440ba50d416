using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using Adapter.Host.Journeys.Facts;
using Adapter.Host.Verification;
using CsCheck;

namespace Adapter.Host.Tests.Journeys;

/// <summary>What must hold of every journey, whatever order its facts come in.</summary>
public class FoldPropertyTests
{
    private static readonly IReadOnlyList<ICheck> All = Checks.All(new VerificationOptions());

    /// <summary>What reports that were lost may add.</summary>
    private static readonly string[] OfLostReports = ["telemetry.signal-lost", "telemetry.gap"];

    /// <summary>A journey as it happens: a report every 5 to 25 minutes, now and then a rope cut for a while.</summary>
    private static readonly Gen<IReadOnlyList<LockReport>> Journeys =
        Gen.Select(Gen.Int[5, 25], Gen.Bool, Gen.Int[60, 400], Gen.Int[20, 120], Gen.Bool).Select((every, cut, cutAt, cutFor, opened) =>
        {
            var reports = new List<LockReport> { Story.Position(0, Story.Mombasa, locked: false, rope: false), Story.Event(10, LockEventKind.Seal, Story.Mombasa) };
            for (var minute = 11; minute < 600; minute += every)
            {
                var isCut = cut && minute > cutAt && minute <= cutAt + cutFor;
                reports.Add(Story.Position(minute, minute < 40 ? Story.Mombasa : Story.Road, rope: !isCut));
                if (cut && minute <= cutAt && minute + every > cutAt)
                {
                    reports.Add(Story.Event(cutAt, LockEventKind.RopeCut));
                }
            }

            reports.Add(Story.Position(600, Story.Malaba));
            if (opened)
            {
                reports.Add(Story.Event(620, LockEventKind.Unseal, Story.Malaba));
                reports.Add(Story.Position(621, Story.Malaba, locked: false, rope: false));
            }

            return (IReadOnlyList<LockReport>)reports;
        });

    /// <summary>A journey on which much happens: seals are cut, mended, opened and closed again, not all of it told by the lock itself.</summary>
    private static readonly Gen<IReadOnlyList<LockReport>> Eventful =
        Gen.Select(Gen.Int[12, 30], Gen.Int[12, 117].Array[0, 8], Gen.Bool.Array[8], Gen.Int[0, 2].Array[8]).Select((every, changes, cuts, told) => OnTheWay(every, changes, cuts, told));

    [Fact]
    public void Reports_in_any_order_and_twice_lead_to_the_same_journey() =>
        Eventful.SelectMany(journey => Gen.Shuffle(journey.Concat(journey).ToArray()).Select(received => (journey, received)))
            .Sample(sample => Outline(Told(sample.received)).ShouldBe(Outline(Told(sample.journey))), iter: 300);

    /// <summary>More reports than are remembered one by one, each received up to thirty others too early or too late.</summary>
    [Fact]
    public void A_long_journey_bears_disorder_too() =>
        Gen.Select(Gen.Int[12, 117].Array[0, 8], Gen.Bool.Array[8], Gen.Int[0, 2].Array[8], Gen.Int[0, 29].Array[300]).Sample((changes, cuts, told, delays) =>
        {
            var journey = OnTheWay(every: 4, changes, cuts, told);
            var received = journey.Select((report, i) => (report, At: i + delays[i])).OrderBy(r => r.At).Select(r => r.report);
            Outline(Told(received)).ShouldBe(Outline(Told(journey)));
        }, iter: 60);

    [Fact]
    public void Nothing_that_was_told_in_order_is_ever_taken_back_or_corrected() =>
        Gen.Select(Gen.Int[2, 30], Gen.Int[12, 117].Array[0, 8], Gen.Bool.Array[8], Gen.Int[0, 2].Array[8]).Select((every, changes, cuts, told) => OnTheWay(every, changes, cuts, told)).Sample(journey => Told(journey).ToldKeys.ShouldAllBe(key => !key.Contains(' ')), iter: 200);

    [Fact]
    public void Reports_that_a_lock_buffered_lead_to_the_same_journey_as_reports_on_time() =>
        Gen.Select(Journeys, Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[0, 6]).Sample((journey, from, length, liveFirst) =>
        {
            var start = 1 + (int)(from * (journey.Count - 2));
            var end = Math.Min(journey.Count, start + 1 + (int)(length * (journey.Count - start)));
            var resume = Math.Min(journey.Count, end + liveFirst);
            // What is new goes out first; then the memory is emptied, oldest first, between what is reported meanwhile.
            IReadOnlyList<LockReport> received = [.. journey.Take(start), .. journey.Skip(end).Take(resume - end), .. journey.Skip(start).Take(end - start), .. journey.Skip(resume)];

            Outline(Told(received)).ShouldBe(Outline(Told(journey)));
        }, iter: 150);

    [Fact]
    public void A_report_told_twice_changes_nothing() =>
        Gen.Select(Journeys, Gen.Int[1, 4]).Sample((journey, times) =>
            Outline(Told([.. journey.SelectMany(report => Enumerable.Repeat(report, times))])).ShouldBe(Outline(Told(journey))), iter: 50);

    [Fact]
    public void Lost_reports_invent_no_finding() =>
        Gen.Select(Journeys.Where(IsOpened), Gen.Int[0, 100], Gen.Int[0, 99].Array[500]).Sample((journey, lostPercent, draws) =>
        {
            var received = journey.Where((_, index) => draws[index % draws.Length] >= lostPercent).ToList();

            // A cut whose mending nobody heard of is open at arrival for all that is known.
            string[] ofLostMending = journey.Any(r => r.Events.Any(e => e.Kind == LockEventKind.RopeCut)) ? ["seal.open-at-arrival"] : [];
            var invented = Findings(Told(received).Journey()).Except(Findings(Told(journey).Journey())).Except(OfLostReports).Except(ofLostMending).ToList();
            invented.ShouldBeEmpty(string.Join('\n', received.Select(r => $"{r.DeviceTime:HH:mm} {r.Position} {r.State} {string.Join(' ', r.Events.Select(e => e.Kind))}")));
        }, iter: 300);

    /// <summary>What was lost when a finding was invented once, by the minutes of what was heard.</summary>
    [Theory]
    [InlineData("nobody saw the lock at the office; open is the first word of it from the road", 10, 621)]
    [InlineData("it was seen at the office hours before the report that shows it open elsewhere", 0, 10, 11, 621)]
    [InlineData("it was seen at the office and never under way", 0, 10, 11, 31, 620, 621)]
    [InlineData("its opening is told, and where it was then is not known", 0, 10, 11, 60, 300, 620)]
    [InlineData("the report that shows the arrival shows it open", 0, 10, 11, 60, 300, 621)]
    [InlineData("nobody saw the lock at the office, and its opening is told before the first place of it", 10, 620, 621)]
    [InlineData("nothing but its opening is told of its end", 10, 60, 620)]
    public void What_was_lost_once_and_led_to_a_finding_leads_to_none(string lost, params int[] heard)
    {
        var journey = Story.Clean().Concat([Story.Position(31, Story.Mombasa)]).OrderBy(r => r.DeviceTime).ToList();
        var received = journey.Where(r => heard.Contains((int)(r.DeviceTime!.Value - Story.Start).TotalMinutes)).ToList();
        received.Count.ShouldBe(heard.Length, lost);

        Findings(Told(received).Journey()).Except(Findings(Told(journey).Journey())).Except(OfLostReports).ShouldBeEmpty(lost);
    }

    /// <summary>Orders of arrival that once led to another journey than the right one: each is the numbers of the reports as they were received.</summary>
    [Theory]
    [InlineData("last in, first out", 8, 7, 6, 5, 4, 3, 2, 1, 0)]
    [InlineData("what is new first, then the hole from its beginning", 0, 1, 6, 7, 8, 2, 3, 4, 5)]
    [InlineData("the sealing last", 0, 2, 3, 4, 5, 6, 7, 8, 1)]
    [InlineData("the opening before all else", 7, 8, 0, 1, 2, 3, 4, 5, 6)]
    [InlineData("the arrival after the opening", 0, 1, 2, 3, 4, 5, 7, 8, 6)]
    [InlineData("everything twice, the second time backwards", 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 7, 6, 5, 4, 3, 2, 1, 0)]
    public void Orders_of_arrival_that_locks_and_clouds_have_lead_to_the_same_journey(string order, params int[] received) =>
        Outline(Told(received.Select(i => Story.Clean()[i]))).ShouldBe(Outline(Told(Story.Clean())), order);

    [Fact]
    public void Batches_decide_nothing() =>
        Gen.Select(Journeys, Gen.Int[1, 40]).Sample((journey, size) =>
        {
            var story = new Story().Register();
            foreach (var batch in journey.Chunk(size))
            {
                story.Report(batch);
            }

            Outline(story).ShouldBe(Outline(Told(journey)));
        }, iter: 50);

    [Fact]
    public void What_people_and_systems_say_can_come_in_any_order_and_twice()
    {
        var facts = Enumerable.Range(0, 4).SelectMany(i => (JourneyFact[])
        [
            new JourneyFact.Asserted(new MilestoneAssertion(
                i % 2 == 0 ? MilestoneNames.Departed : MilestoneNames.Arrived, i < 2 ? Side.Gate : Side.Office, "KEMBA001", Story.Start.AddMinutes(50 * i), Story.Start.AddMinutes(900), Late: false, "gate", 100 + i)),
            new JourneyFact.Observed(new Observation(
                Side.Weighbridge, Occasion.EnRoute, Office: null, Story.Start.AddMinutes(30 * i), Story.Start.AddMinutes(900), "scales", 200 + i, "KDA 482B", [], 40, 18_000 + i, Remark: null)),
        ]).ToArray();
        var inOrder = Outline(facts.Aggregate(new Story().Register().Report([.. Story.Clean()]).Journey(), (state, fact) => fact.Into(state)));

        Gen.Shuffle(facts.Concat(facts).ToArray()).Sample(
            told => Outline(told.Aggregate(new Story().Register().Report([.. Story.Clean()]).Journey(), (state, fact) => fact.Into(state))).ShouldBe(inOrder), iter: 200);
    }

    /// <param name="every">Minutes between positions.</param>
    /// <param name="changes">When something changes, in units of five minutes.</param>
    /// <param name="cuts">Whether a closed seal is cut then, or opened.</param>
    /// <param name="told">Whether the lock tells of it in words of its own: two times of three.</param>
    private static IReadOnlyList<LockReport> OnTheWay(int every, int[] changes, bool[] cuts, int[] told)
    {
        var reports = new List<LockReport> { Story.Position(0, Story.Mombasa, locked: false, rope: false), Story.Event(10, LockEventKind.Seal, Story.Mombasa) };
        var (locked, rope) = (true, true);
        var next = new Queue<(double Minute, int Number)>(changes.Distinct().Order().Select((five, number) => (five * 5.0, number)));
        for (var minute = 11; minute < 600; minute += every)
        {
            while (next.TryPeek(out var change) && change.Minute <= minute)
            {
                next.Dequeue();
                var kind = !locked || !rope ? LockEventKind.Seal : cuts[change.Number] ? LockEventKind.RopeCut : LockEventKind.Unseal;
                (locked, rope) = kind switch { LockEventKind.Seal => (true, true), LockEventKind.RopeCut => (true, false), _ => (false, true) };
                if (told[change.Number] > 0)
                {
                    reports.Add(Story.Event(change.Minute - 0.25, kind));
                }
            }

            reports.Add(Story.Position(minute, minute < 40 ? Story.Mombasa : Story.Road, locked, rope));
        }

        if (!locked || !rope)
        {
            reports.Add(Story.Event(598, LockEventKind.Seal));
        }

        return
        [
            .. reports.OrderBy(r => r.DeviceTime), Story.Position(600, Story.Malaba), Story.Event(620, LockEventKind.Unseal, Story.Malaba), Story.Position(621, Story.Malaba, locked: false, rope: false),
        ];
    }

    /// <summary>Unsealed where it was to be.</summary>
    private static bool IsOpened(IReadOnlyList<LockReport> journey) => journey.Any(r => r.Events.Any(e => e.Kind == LockEventKind.Unseal));

    private static Story Told(IEnumerable<LockReport> reports)
    {
        var story = new Story().Register();
        foreach (var report in reports)
        {
            story.Report(report);
        }

        return story;
    }

    private static string Outline(Story story) => Outline(story.Journey());

    /// <summary>All that people see of a journey, without how it was learned.</summary>
    private static string Outline(SubjectState state) => string.Join('\n',
    [
        .. Milestones.Of(state).Select(m => $"{m.Name} {m.State} {string.Join(", ", m.Evidence.OrderBy(e => e.Key).Select(e => $"{e.Key} {e.Value.At:HH:mm}"))}"),
        .. state.Episodes.OrderBy(e => e.First.At).ThenBy(e => e.Kind).Select(e => $"{e.Kind} {e.First.At:HH:mm}"),
        .. state.Assertions.Select(a => $"{a.Milestone} {a.Side} {a.At:HH:mm}"),
        .. state.Observations.Select(o => $"{o.Side} {o.At:HH:mm} {o.GrossMassKg}"),
        .. Findings(state),
    ]);

    private static IEnumerable<string> Findings(SubjectState state) => Verify.Run([new DecidedSubject(state, [], 1)], All, Story.Start.AddDays(2))[0].State.Findings
        .Where(f => f.State == FindingState.Open).Select(f => f.Code).Distinct().Order(StringComparer.Ordinal);
}
