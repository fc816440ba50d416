using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using Adapter.Host.Tests.Journeys;
using Adapter.Host.Verification;
using CsCheck;

namespace Adapter.Host.Tests.Verification;

/// <summary>Stays, deviations and gaps keep their names while late data moves their ends.</summary>
public class StableFindingTests
{
    private static readonly IReadOnlyList<ICheck> All = Checks.All(new VerificationOptions());
    private static readonly string[] Lasting = ["stop.unauthorised", "route.deviation", "telemetry.gap"];

    /// <summary>Four hours of driving, a fix every five to nine minutes, with a stay, a detour and a stretch without fixes somewhere in them.</summary>
    private static readonly Gen<IReadOnlyList<LockReport>> Ways =
        Gen.Select(Gen.Int[5, 9], Gen.Int[40, 200], Gen.Int[20, 60], Gen.Int[40, 200], Gen.Int[20, 60], Gen.Int[60, 180]).Select((every, standsAt, standsFor, leavesAt, awayFor, silentAt) =>
        {
            var reports = new List<LockReport> { Story.Position(0, Story.Mombasa, locked: false, rope: false), Story.Position(5, Story.Mombasa), Story.Position(20, Story.Mombasa) };
            for (var minute = 40; minute < 280; minute += every)
            {
                if (minute > silentAt && minute < silentAt + 70)
                {
                    continue;
                }

                var driven = minute - Math.Clamp(minute - standsAt, 0, standsFor);
                reports.Add(Story.Position(minute, Trip.Along(driven / 20.0, north: minute > leavesAt && minute < leavesAt + awayFor ? 0.1 : 0)));
            }

            return (IReadOnlyList<LockReport>)reports;
        });

    [Fact]
    public void Late_data_never_takes_a_finding_back_to_tell_the_same_again_under_another_name()
    {
        var moved = 0;
        Gen.Select(Ways, Gen.Int[0, 1_000_000]).Sample((way, seed) =>
        {
            var inOrder = new Watch();
            inOrder.Tell(way);
            var shuffled = new Watch();
            // Departed first, as the lock's buffer says; then in any order.
            shuffled.Tell([.. way.Take(4), .. way.Skip(4).OrderBy(r => (r.DeviceTime!.Value.Ticks / TimeSpan.TicksPerMinute * 2_654_435_761 + seed) % 1_009)]);

            Interlocked.Add(ref moved, shuffled.Moved);
            shuffled.Open.ShouldBe(inOrder.Open);
        }, iter: 40);
        moved.ShouldBeGreaterThan(20, "late data moved the beginning of what was known");
    }

    [Fact]
    public void A_dismissed_stop_stays_dismissed_when_late_data_shows_that_it_began_earlier()
    {
        var watch = new Watch();
        watch.Tell([Story.Position(0, Story.Mombasa, locked: false, rope: false), Story.Position(5, Story.Mombasa), Story.Position(40, Trip.Along(2)), .. Standing(110, 120, 130, 140), Story.Position(160, Trip.Along(7))]);
        var stop = watch.Findings.Single(f => f.Code == "stop.unauthorised");
        watch.Dismiss(stop.Key);

        watch.Tell([.. Standing(90, 100)]);

        var after = watch.Findings.Single(f => f.Code == "stop.unauthorised");
        (after.Key, after.State).ShouldBe((stop.Key, FindingState.Dismissed));
        watch.Originals.Count(key => key.StartsWith("finding/stop.unauthorised", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Two_things_that_begin_in_the_same_second_are_two_findings()
    {
        var at = Story.Start;
        Finding[] found = [Of("stop.unauthorised/20260601T060000", at), Of("stop.unauthorised/20260601T060000", at)];

        SameFinding.Named(found, []).Select(f => f.Key).ShouldBe(["stop.unauthorised/20260601T060000", "stop.unauthorised/20260601T060000/2"]);
    }

    [Fact]
    public void What_another_lock_says_is_another_thing()
    {
        var known = Of("telemetry.gap/1/a", Story.Start) with { Lasting = new Lasting(Story.Start, Story.Start.AddHours(2), LockId.Parse("1")) };
        var found = Of("telemetry.gap/2/b", Story.Start) with { Lasting = new Lasting(Story.Start, Story.Start.AddHours(2), LockId.Parse("2")) };

        SameFinding.Named([found], [known]).ShouldHaveSingleItem().Key.ShouldBe(found.Key);
        SameFinding.Named([found with { Lasting = known.Lasting }], [known]).ShouldHaveSingleItem().Key.ShouldBe(known.Key);
    }

    [Fact]
    public void What_begins_anew_takes_the_name_of_one_of_its_own_kind_and_of_one_that_holds_before_one_that_was_explained()
    {
        var found = Of("telemetry.gap/1/c", Story.Start.AddMinutes(10));
        Finding explained = Of("telemetry.gap/1/a", Story.Start.AddMinutes(10)) with { ClosedAt = Story.Start.AddHours(3) }, holds = Of("telemetry.gap/1/b", Story.Start.AddMinutes(50));

        SameFinding.Named([found], [explained, holds]).ShouldHaveSingleItem().Key.ShouldBe(holds.Key);
        SameFinding.Named([found], [explained]).ShouldHaveSingleItem().Key.ShouldBe(explained.Key);
        SameFinding.Named([found], [Of("stop.unauthorised/a", Story.Start)]).ShouldHaveSingleItem().Key.ShouldBe(found.Key);
    }

    private static Finding Of(string key, DateTimeOffset at) => new(key, key.Split('/')[0], Severity.Warning, "…", at, ClosedAt: null) { Lasting = new Lasting(at, at.AddHours(1)) };

    private static IEnumerable<LockReport> Standing(params double[] minutes) => minutes.Select(minute => Story.Position(minute, Trip.Along(4.5)));

    /// <summary>Verifies after each report, and keeps what was told.</summary>
    private sealed class Watch
    {
        private readonly Story _story = new Story().Register(Story.Registration(from: Story.Start) with
        {
            Route = new RoutePlan { Corridor = JsonSerializer.Deserialize<JsonElement>("""{"type":"LineString","coordinates":[[39.65,-4.05],[34.26,0.64]]}""") },
        });

        private readonly Dictionary<string, Emission> _told = new(StringComparer.Ordinal);

        public IReadOnlyList<Finding> Findings { get; private set; } = [];

        public List<string> Originals { get; } = [];

        /// <summary>How often the beginning of a known finding moved.</summary>
        public int Moved { get; private set; }

        public string Open => string.Join('\n', Findings.Where(f => f.State == FindingState.Open && Lasting.Contains(f.Code)).Select(f => f.Text).Order(StringComparer.Ordinal));

        public void Tell(IEnumerable<LockReport> reports)
        {
            foreach (var report in reports)
            {
                _story.Report(report);
                Step();
            }
        }

        public void Dismiss(string key) => Findings = [.. Findings.Select(f => f.Key == key ? new Judgement(FindingVerdict.Dismissed, "officer", Story.Start.AddDays(1), "known", 1).On(f) : f)];

        private void Step()
        {
            var before = Findings.ToDictionary(f => f.Key, StringComparer.Ordinal);
            var state = _story.Journey() with { Findings = Findings, Emissions = [.. _told.Values] };
            var verified = Verify.Run([new DecidedSubject(state, [], 1)], All, Story.Start.AddDays(2)).ShouldHaveSingleItem();
            Findings = verified.State.Findings;
            Moved += Findings.Count(f => f.Lasting is { } now && before.GetValueOrDefault(f.Key)?.Lasting is { } then && now.From != then.From);
            var taken = verified.Outgoing.Where(o => o.IsWithdrawal).Select(Finding).ToList();
            var added = verified.Outgoing.Where(o => o.Corrects is null).Select(Finding).ToList();
            taken.ShouldAllBe(old => added.TrueForAll(fresh => fresh.Code != old.Code || fresh.Lasting == null || before[old.Key].Lasting!.SharedWith(fresh.Lasting) <= TimeSpan.Zero));
            foreach (var outgoing in verified.Outgoing)
            {
                _told[outgoing.Decision.Key] = new Emission(outgoing.Decision.Key, outgoing.Decision, outgoing.Decision.Seen.At, 0, outgoing.IsWithdrawal, ["manifest"]);
            }

            Originals.AddRange(verified.Outgoing.Where(o => o.Corrects is null).Select(o => o.Decision.Key));
            Originals.Distinct().Count().ShouldBe(Originals.Count);
            foreach (var code in Lasting)
            {
                var open = Findings.Where(f => f.Code == code && f.State == FindingState.Open).Select(f => f.Lasting!).OrderBy(l => l.From).ToList();
                open.Zip(open.Skip(1)).ShouldAllBe(pair => pair.First.SharedWith(pair.Second) <= TimeSpan.Zero);
            }

            Finding Finding(OutgoingDecision outgoing) => Findings.Single(f => "finding/" + f.Key == outgoing.Decision.Key);
        }
    }
}
