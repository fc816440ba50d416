using Adapter.Contracts.Telemetry;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

/// <summary>Two mishaps of a kind that dirt on the way makes look like one. Found by dirty journeys.</summary>
public sealed class DirtyEpisodeTests : IDisposable
{
    private readonly FlowBench _bench = new();

    [Fact]
    public async Task A_cover_opened_twice_is_two_alarms_also_where_only_flags_tell_of_it()
    {
        await SealedAsync();
        await _bench.TakeAsync(
            Position(60, events: Flag(LockEventKind.CoverOpen, "7")), Position(70, events: Flag(LockEventKind.CoverOpen, "7")), Position(80),
            Position(120, events: Flag(LockEventKind.CoverOpen, "7")), Position(130));

        _bench.Told().ShouldBe(["seal/episode-1", "cover-open/episode-1", "cover-open/episode-2"]);
    }

    [Fact]
    public async Task A_late_row_is_an_alarm_of_its_own_where_positions_behind_it_did_not_carry_the_flag()
    {
        await SealedAsync();
        await _bench.TakeAsync(
            Position(60), Position(70), Position(80), Position(90, events: Flag(LockEventKind.IllegalCard, "5")), Position(100),
            Row(55, LockEventKind.IllegalCard, code: "9"));

        _bench.Told().ShouldBe(["seal/episode-1", "illegal-card/episode-1", "illegal-card/episode-2"]);
    }

    [Fact]
    public async Task A_late_row_is_no_alarm_of_its_own_where_the_next_position_carried_the_flag()
    {
        await SealedAsync();
        await _bench.TakeAsync(
            Position(50), Position(60, events: Flag(LockEventKind.IllegalCard, "5")), Position(70),
            Row(55, LockEventKind.IllegalCard, code: "9"));

        _bench.Told().ShouldBe(["seal/episode-1", "illegal-card/episode-1"]);
    }

    [Fact]
    public async Task A_rope_cut_again_before_anybody_heard_that_it_was_back_is_told_once_the_break_is_heard_of()
    {
        await SealedAsync();
        await _bench.TakeAsync(Position(60, rope: false));
        // The rest comes last in, first out.
        await _bench.TakeAsync(Position(120), Position(110, rope: false), Position(100, rope: false), Row(99, LockEventKind.RopeCut), Position(90), Position(80));

        _bench.Told().Where(key => key.StartsWith("rope-cut/episode-", StringComparison.Ordinal) && !key.Contains("correction", StringComparison.Ordinal))
            .ShouldBe(["rope-cut/episode-1", "rope-cut/episode-2"]);
    }

    [Fact]
    public async Task Late_positions_with_a_flag_are_the_stretch_they_lie_in_also_where_a_second_alarm_was_heard_of_before_them()
    {
        await SealedAsync();
        await _bench.TakeAsync(
            Position(60, cover: false, events: Flag(LockEventKind.CoverOpen, "7")),
            Row(120, LockEventKind.CoverOpen, code: "17"), Position(125, cover: false, events: Flag(LockEventKind.CoverOpen, "7")),
            // A hole between the two is filled first in, first out.
            Position(66, cover: false, events: Flag(LockEventKind.CoverOpen, "7")), Position(72, cover: false, events: Flag(LockEventKind.CoverOpen, "7")),
            Position(78, cover: true), Position(84, cover: true));

        _bench.Told().ShouldBe(["seal/episode-1", "cover-open/episode-1", "cover-open/episode-2"]);
    }

    [Fact]
    public async Task Two_rope_cuts_in_one_hole_that_is_filled_first_in_first_out_are_two_alarms()
    {
        await SealedAsync();
        await _bench.TakeAsync(
            Position(200), Position(50), Row(60, LockEventKind.RopeCut), Position(70), Position(80), Position(90, rope: false), Position(100), Position(110));

        _bench.Told().ShouldBe(["seal/episode-1", "rope-cut/episode-1", "rope-cut/episode-2"]);
    }

    [Fact]
    public async Task A_second_rope_cut_that_is_heard_of_before_the_hole_with_the_first_is_filled_leaves_two_alarms()
    {
        await SealedAsync();
        await _bench.TakeAsync(
            Row(124.3, LockEventKind.RopeCut), Position(126, rope: false),
            Position(90), Position(100), Row(102, LockEventKind.RopeCut), Position(106, rope: false), Position(116), Position(136, rope: false));

        _bench.Told().Where(key => !key.Contains("correction", StringComparison.Ordinal)).ShouldBe(["seal/episode-1", "rope-cut/episode-1", "rope-cut/episode-2"]);
        _bench.Journey().Episodes.Where(e => e.Kind == LockEventKind.RopeCut).Select(e => e.First.At).ShouldBe([At(124.3), At(102)]);
    }

    [Fact]
    public async Task A_rope_cut_that_seemed_to_last_ends_where_it_turns_out_to_have_and_swallows_no_other()
    {
        await SealedAsync();
        // Out before the hole and out behind it: one cut, as far as is known.
        await _bench.TakeAsync(Position(50, rope: false), Position(60, rope: false), Position(200, rope: false), Position(210, rope: false));
        // The hole: it was in again, was cut and mended between two positions, and was cut once more.
        await _bench.TakeAsync(Position(70), Position(120), Row(124, LockEventKind.RopeCut), Position(130), Position(160), Row(164, LockEventKind.RopeCut), Position(170, rope: false), Position(220, rope: false));

        _bench.Journey().Episodes.Where(e => e.Kind == LockEventKind.RopeCut).Select(e => e.First.At).Order().ShouldBe([At(50), At(124), At(164)]);
        _bench.Journey().Episodes.Single(e => e.Kind == LockEventKind.RopeCut && e.First.At == At(50)).Last.At.ShouldBeInRange(At(50), At(60));
    }

    [Fact]
    public async Task A_row_of_the_first_cut_that_comes_last_joins_it_although_a_second_was_taken_for_the_same()
    {
        await SealedAsync();
        await _bench.TakeAsync(Position(50, rope: false), Position(200, rope: false), Position(60), Position(120), Row(180, LockEventKind.RopeCut), Position(190, rope: false), Position(210, rope: false));

        await _bench.TakeAsync(Row(46, LockEventKind.RopeCut));

        _bench.Journey().Episodes.Where(e => e.Kind == LockEventKind.RopeCut).Select(e => e.First.At).ShouldBe([At(46), At(180)]);
    }

    public void Dispose() => _bench.Dispose();

    private async Task SealedAsync()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(10), Position(20));
    }
}
