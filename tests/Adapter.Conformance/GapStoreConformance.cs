using Adapter.Host.Ingest.Gaps;
using Adapter.Host.Storage;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What operators rely on when they fetch what is missing.</summary>
public abstract class GapStoreConformance : StoreConformance
{
    private static readonly Actor Anna = new("anna");

    private DateTimeOffset Now => Store.Clock.GetUtcNow();

    [Fact]
    public async Task Refusals_that_belong_together_are_one_gap_also_over_a_restart()
    {
        await RecordAsync("cloud", GapReason.Busy, Now, Now.AddMinutes(1), 3);
        await Store.ReopenAsync();
        await RecordAsync("cloud", GapReason.Busy, Now.AddMinutes(11), Now.AddMinutes(12), 2);

        var gap = (await OpenAsync(open: true)).ShouldHaveSingleItem();

        (gap.Source, gap.Route, gap.Reason, gap.FirstAt, gap.LastAt, gap.Refused).ShouldBe(("cloud", "location", GapReason.Busy, Now, Now.AddMinutes(12), 5));
        (gap.ClosedAt, gap.ClosedBy, gap.CloseReason).ShouldBe((null, null, null));
    }

    [Fact]
    public async Task Another_source_route_reason_or_a_long_silence_is_another_gap()
    {
        await RecordAsync("cloud", GapReason.Busy, Now, Now, 1);
        await RecordAsync("other", GapReason.Busy, Now, Now, 1);
        await RecordAsync("cloud", GapReason.TooLarge, Now, Now, 1);
        await Store.Gaps.RecordAsync([new Refusals("cloud", "alarm", GapReason.Busy, Now, Now, 1)], Cancel);
        var later = Now + IGapStore.Silence + TimeSpan.FromSeconds(1);
        await RecordAsync("cloud", GapReason.Busy, later, later, 1);

        (await OpenAsync(open: true)).Select(g => g.Id).ShouldBe([5, 4, 3, 2, 1]);
        (await Store.Gaps.CountOpenAsync(Cancel)).ShouldBe(5);
        (await Store.Gaps.ListAsync(open: true, before: 4, most: 2, Cancel)).Select(g => g.Id).ShouldBe([3, 2]);
    }

    [Fact]
    public async Task A_closed_gap_stays_as_it_was_and_what_comes_after_opens_another()
    {
        await RecordAsync("cloud", GapReason.Busy, Now, Now, 1);

        (await Store.Gaps.CloseAsync(1, Anna, "fetched", Cancel)).ShouldBeTrue();
        (await Store.Gaps.CloseAsync(1, Anna, "fetched", Cancel)).ShouldBeFalse();
        (await Store.Gaps.CloseAsync(2, Anna, "fetched", Cancel)).ShouldBeFalse();
        await RecordAsync("cloud", GapReason.Busy, Now, Now, 1);

        var all = await OpenAsync(open: false);
        all.Select(g => (g.Id, g.Refused, g.ClosedAt, g.ClosedBy, g.CloseReason)).ShouldBe([(2, 1, null, null, null), (1, 1, Now, "anna", "fetched")]);
        (await OpenAsync(open: true)).ShouldHaveSingleItem().Id.ShouldBe(2);
        var line = (await Store.Principals.AuditAsync(long.MaxValue, 10, Cancel)).ShouldHaveSingleItem();
        (line.Actor, line.Action, line.Subject, line.Detail).ShouldBe(("anna", "gap.close", "gap 1", "fetched"));
    }

    [Fact]
    public async Task The_last_sign_of_life_is_remembered()
    {
        (await Store.Gaps.LastListenedAsync(Cancel)).ShouldBeNull();
        await Store.Gaps.ListensAsync(Now, Cancel);
        await Store.Gaps.ListensAsync(Now.AddSeconds(5), Cancel);

        await Store.ReopenAsync();

        (await Store.Gaps.LastListenedAsync(Cancel)).ShouldBe(Now.AddSeconds(5));
    }

    private Task RecordAsync(string source, string reason, DateTimeOffset first, DateTimeOffset last, long count) =>
        Store.Gaps.RecordAsync([new Refusals(source, "location", reason, first, last, count)], Cancel);

    private Task<IReadOnlyList<Gap>> OpenAsync(bool open) => Store.Gaps.ListAsync(open, long.MaxValue, 100, Cancel);
}
