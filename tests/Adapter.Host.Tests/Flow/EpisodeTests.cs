using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

public sealed class EpisodeTests : IDisposable
{
    private readonly FlowBench _bench = new();

    [Fact]
    public async Task One_rope_cut_told_in_four_ways_is_one_episode_and_one_message()
    {
        await SealedAsync();
        await _bench.TakeAsync(
            Row(60, LockEventKind.RopeCut, code: "10"),
            Row(60.5, LockEventKind.RopeCut, code: "4", route: ReportRoute.Event),
            Position(61, rope: false, events: Flag(LockEventKind.RopeCut)),
            Position(71, rope: false, events: Flag(LockEventKind.RopeCut)),
            Position(81, rope: false, events: Flag(LockEventKind.RopeCut)),
            Row(60, LockEventKind.RopeCut, code: "10", ended: 90),
            Position(91));

        var cut = Episodes(LockEventKind.RopeCut).ShouldHaveSingleItem();
        cut.First.At.ShouldBe(At(60));
        cut.Last.At.ShouldBe(At(81));
        cut.Codes.Select(c => c.Code).ShouldBe(["10", "4", "1"]);
        cut.Evidence.Count.ShouldBe(6);
        _bench.Told().Count(key => key.Contains("rope-cut", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task An_alarm_three_hours_later_is_a_second_episode()
    {
        await SealedAsync();
        await _bench.TakeAsync(Row(60, LockEventKind.RopeCut), Row(240, LockEventKind.RopeCut));

        Episodes(LockEventKind.RopeCut).Select(e => e.Key).ShouldBe(["rope-cut/episode-1", "rope-cut/episode-2"]);
        _bench.Told().ShouldBe(["seal/episode-1", "rope-cut/episode-1", "rope-cut/episode-2"]);
    }

    [Theory]
    [InlineData(120, 1)]
    [InlineData(121, 2)]
    [InlineData(-120, 1)]
    [InlineData(-121, 2)]
    public async Task Reports_within_two_minutes_of_each_other_are_one_episode(int secondsApart, int episodes)
    {
        await SealedAsync();
        await _bench.TakeAsync(Row(60, LockEventKind.Vibration), Row(60 + (secondsApart / 60.0), LockEventKind.Vibration));

        Episodes(LockEventKind.Vibration).Count.ShouldBe(episodes);
    }

    [Fact]
    public async Task A_source_with_a_worse_clock_has_a_window_of_its_own()
    {
        await SealedAsync();
        _bench.Options.MatchingWindows["drifting"] = TimeSpan.FromMinutes(10);
        await _bench.TakeAsync(Row(60, LockEventKind.Vibration));
        _bench.Receive(Row(69, LockEventKind.Vibration), source: "drifting");
        await _bench.RunAsync();
        Episodes(LockEventKind.Vibration).Count.ShouldBe(1);

        await _bench.TakeAsync(Row(78, LockEventKind.Vibration));
        Episodes(LockEventKind.Vibration).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Reports_of_another_lock_or_sub_lock_are_other_episodes()
    {
        await _bench.RegisterAsync(Journey(locks: [TheLock, OtherLock]));
        await _bench.TakeAsync(
            Row(60, LockEventKind.Vibration), Row(60, LockEventKind.Vibration, of: OtherLock), Row(60, LockEventKind.Vibration) with { SubLock = "2" });

        Episodes(LockEventKind.Vibration).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_flag_that_stays_raised_is_one_episode_until_it_falls()
    {
        await SealedAsync();
        await _bench.TakeAsync(
            Position(60, events: Flag(LockEventKind.LowBattery)), Position(70, events: Flag(LockEventKind.LowBattery)), Position(80, events: Flag(LockEventKind.LowBattery)),
            Position(90),
            Position(100, events: Flag(LockEventKind.LowBattery)));

        Episodes(LockEventKind.LowBattery).Select(e => (e.First.At, e.Last.At)).ShouldBe([(At(60), At(80)), (At(100), At(100))]);
    }

    [Theory]
    [InlineData(LockEventKind.LowBattery)]
    [InlineData(LockEventKind.RopeCut)]
    public async Task A_flag_on_positions_far_from_the_alarm_itself_belongs_to_it_whichever_comes_first(LockEventKind kind)
    {
        LockReport[] told = [Row(60, kind), Position(70, rope: kind != LockEventKind.RopeCut, events: Flag(kind)), Position(80, rope: kind != LockEventKind.RopeCut, events: Flag(kind))];
        await SealedAsync();
        await _bench.TakeAsync(told);
        Episodes(kind).Select(e => (e.First.At, e.Last.At)).ShouldBe([(At(60), At(80))]);

        using var other = new FlowBench();
        await other.RegisterAsync(Journey());
        await other.TakeAsync(Position(1), told[1], told[2], told[0]);
        other.Journey().Episodes.Where(e => e.Kind == kind).Select(e => (e.First.At, e.Last.At)).ShouldBe([(At(60), At(80))]);
    }

    [Fact]
    public async Task A_rope_seen_out_long_after_its_alarm_is_the_same_cut_unless_it_was_in_between()
    {
        await SealedAsync();
        await _bench.TakeAsync(Row(60, LockEventKind.RopeCut), Position(70, rope: false), Position(80, rope: false));
        _bench.Told().ShouldBe(["seal/episode-1", "rope-cut/episode-1"]);

        await _bench.TakeAsync(Position(90), Position(100, rope: false));
        _bench.Told().ShouldBe(["seal/episode-1", "rope-cut/episode-1", "rope-cut/episode-2"]);
    }

    [Fact]
    public async Task A_change_of_state_opens_the_episode_of_the_lost_alarm_and_the_lock_s_own_message_attaches_later()
    {
        await SealedAsync();
        await _bench.TakeAsync(Position(60, rope: false));
        _bench.Told().ShouldBe(["seal/episode-1", "rope-cut/episode-1"]);
        Episodes(LockEventKind.RopeCut).ShouldHaveSingleItem().FromStateOnly.ShouldBeTrue();

        await _bench.TakeAsync(Position(70, rope: false), Row(57, LockEventKind.RopeCut));

        var cut = Episodes(LockEventKind.RopeCut).ShouldHaveSingleItem();
        cut.FromStateOnly.ShouldBeFalse();
        cut.First.At.ShouldBe(At(57));
        _bench.Told().ShouldBe(["seal/episode-1", "rope-cut/episode-1"]);
    }

    [Fact]
    public async Task A_lock_in_storage_that_is_locked_without_its_rope_raises_no_cut()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, rope: false), Position(11, rope: false));

        _bench.Journey().Episodes.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_open_lock_that_was_never_sealed_has_not_been_unsealed()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, locked: false, rope: false), Position(11, locked: false, rope: true));

        _bench.Journey().Episodes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Unlocking_and_taking_the_rope_out_is_an_unsealing_and_no_cut()
    {
        await SealedAsync();
        await _bench.TakeAsync(Position(60, locked: false, rope: true), Position(61, locked: false, rope: false), Position(62, locked: true, rope: false));

        _bench.Told().ShouldBe(["seal/episode-1", "unseal/episode-1"]);
    }

    [Fact]
    public async Task A_lock_without_a_rope_sensor_is_sealed_when_it_is_locked()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, locked: true, rope: null));

        _bench.Told().ShouldBe(["seal/episode-1"]);
    }

    [Fact]
    public async Task A_back_cover_that_opens_is_told_from_state_alone_and_once()
    {
        await SealedAsync();
        await _bench.TakeAsync(Position(60, cover: true), Position(70, cover: false), Position(80, cover: false), Position(90, cover: true), Position(100, cover: false));

        _bench.Told().ShouldBe(["seal/episode-1", "cover-open/episode-1", "cover-open/episode-2"]);
    }

    [Fact]
    public async Task Unknown_codes_and_moves_of_the_rope_are_kept_and_not_told()
    {
        await SealedAsync();
        await _bench.TakeAsync(Row(60, LockEventKind.Unknown, code: "77"), Row(61, LockEventKind.RopePulled), Row(62, LockEventKind.RopeInserted));

        _bench.Journey().Episodes.Count.ShouldBe(1);
        _bench.Told().ShouldBe(["seal/episode-1"]);
    }

    [Fact]
    public async Task A_late_position_is_evidence_for_the_nearest_episode_and_not_for_the_newest()
    {
        await SealedAsync();
        await _bench.TakeAsync(Row(60, LockEventKind.RopeCut), Row(240, LockEventKind.RopeCut), Position(60.5, rope: false));

        Episodes(LockEventKind.RopeCut).Select(e => (e.First.At, e.Evidence.Count)).ShouldBe([(At(60), 2), (At(240), 1)]);
        _bench.Told().ShouldBe(["seal/episode-1", "rope-cut/episode-1", "rope-cut/episode-2"]);
    }

    [Fact]
    public async Task A_sealing_that_becomes_known_late_makes_the_open_lock_behind_it_an_unsealing()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(60, locked: false, rope: false), Position(30));

        _bench.Told().ShouldBe(["seal/episode-1", "unseal/episode-1"]);
        Episodes(LockEventKind.Unseal).ShouldHaveSingleItem().First.At.ShouldBe(At(60));
    }

    [Fact]
    public async Task A_sealing_that_becomes_known_late_makes_the_rope_out_behind_it_a_cut()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(60, rope: false), Position(30));

        _bench.Told().ShouldBe(["seal/episode-1", "rope-cut/episode-1"]);
        Episodes(LockEventKind.RopeCut).ShouldHaveSingleItem().First.At.ShouldBe(At(60));
    }

    [Fact]
    public async Task A_lock_that_is_never_registered_keeps_its_newest_episodes_and_never_gives_a_number_twice()
    {
        await _bench.TakeAsync(Row(0, LockEventKind.RopeCut));
        await _bench.TakeAsync(Enumerable.Range(1, 205).Select(n => Row(n * 10, LockEventKind.LowBattery)));
        await _bench.TakeAsync(Row(3000, LockEventKind.RopeCut));

        _bench.OfLock().Episodes.Count.ShouldBe(200);
        _bench.OfLock().Emissions.Count.ShouldBeLessThanOrEqualTo(202);
        _bench.Told("transportation").Where(key => key.StartsWith("rope-cut", StringComparison.Ordinal)).ShouldBe(["rope-cut/episode-1", "rope-cut/episode-2"]);
        _bench.Told("transportation").Count.ShouldBe(207);
    }

    [Fact]
    public async Task Evidence_is_bounded_and_the_episode_goes_on()
    {
        await SealedAsync();
        await _bench.TakeAsync(Enumerable.Range(0, 60).Select(n => Position(60 + n, rope: false, events: Flag(LockEventKind.RopeCut))));

        var cut = Episodes(LockEventKind.RopeCut).ShouldHaveSingleItem();
        cut.Evidence.Count.ShouldBe(Episode.MostEvidence);
        cut.Last.At.ShouldBe(At(119));
    }

    public void Dispose() => _bench.Dispose();

    private async Task SealedAsync()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1));
    }

    private List<Episode> Episodes(LockEventKind kind) => [.. _bench.Journey().Episodes.Where(e => e.Kind == kind)];
}
