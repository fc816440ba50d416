using System.Security.Cryptography;
using System.Text;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What everybody who appends to a journal relies on.</summary>
public abstract class JournalConformance : StoreConformance
{
    private static readonly LockId Lock = LockId.Parse("8022300001");

    [Fact]
    public async Task A_new_record_is_stored_and_can_be_read_back()
    {
        var position = await StoredAsync(Record(1, "as it came", elided: ["password", "pin"]));

        var story = await FindAsync(position);
        (story.Entry.Kind, story.Entry.Source, story.Entry.Route, story.Entry.ReceivedAt).ShouldBe((EntryKind.Telemetry, "cloud", "location", Store.Clock.GetUtcNow()));
        Encoding.UTF8.GetString(story.Entry.Body.Span).ShouldBe("as it came");
        (story.State, story.Relation, story.Related, story.Elided).ShouldBe(("waiting", null, null, "password,pin"));
    }

    [Fact]
    public async Task The_same_record_again_is_a_duplicate_of_the_first_and_not_stored()
    {
        var position = await StoredAsync(Record(1));

        var again = await AppendAsync(Record(1));

        again.ShouldBe([new AppendResult.Duplicate(position)]);
        (await Store.RowsAsync("journal")).ShouldBe(1);
    }

    [Fact]
    public async Task A_duplicate_is_known_within_one_request_and_after_a_restart()
    {
        var results = await AppendAsync(Record(1), Record(1));
        await Store.ReopenAsync();
        var later = await AppendAsync(Record(1));

        var first = results[0].ShouldBeOfType<AppendResult.Stored>().Position;
        results[1].ShouldBe(new AppendResult.Duplicate(first));
        later.ShouldBe([new AppendResult.Duplicate(first)]);
    }

    [Theory]
    [InlineData("another lock")]
    [InlineData("another second")]
    [InlineData("another route")]
    [InlineData("another content")]
    public async Task A_record_that_differs_in_one_part_of_its_identity_is_kept(string difference)
    {
        await StoredAsync(Record(1));
        var same = Identity(1);
        var other = difference switch
        {
            "another lock" => Record(1) with { Identity = same with { Lock = LockId.Parse("8022300002") } },
            "another second" => Record(1) with { Identity = same with { ReportSecond = same.ReportSecond + 1 } },
            "another route" => Record(1) with { Route = "event/web-event", Identity = same with { Route = ReportRoute.Event } },
            _ => Record(1) with { Identity = same with { ContentHash = 2 } },
        };

        (await AppendAsync(other))[0].ShouldBeOfType<AppendResult.Stored>();
    }

    [Fact]
    public async Task The_same_content_from_another_source_is_kept()
    {
        await StoredAsync(Record(1, sourceId: "row-1"));

        // The content hash covers the source, so the other source's record has another one.
        var other = Record(77, source: "other cloud", sourceId: "row-1");
        other = other with { Identity = other.Identity! with { ReportSecond = Identity(1).ReportSecond } };

        (await AppendAsync(other))[0].ShouldBeOfType<AppendResult.Stored>();
    }

    [Fact]
    public async Task A_row_whose_later_fields_were_filled_in_is_a_revision_of_the_first()
    {
        var first = await StoredAsync(Record(1, sourceId: "alarm-1", fixedHash: 5));

        var second = (await AppendAsync(Record(2, sourceId: "alarm-1", fixedHash: 5)))[0].ShouldBeOfType<AppendResult.Revision>();
        var third = (await AppendAsync(Record(3, sourceId: "alarm-1", fixedHash: 5)))[0].ShouldBeOfType<AppendResult.Revision>();

        (second.Of, third.Of).ShouldBe((first, first));
        var story = await FindAsync(second.Position);
        (story.Relation, story.Related).ShouldBe(("revision", first));
        (await AppendAsync(Record(2, sourceId: "alarm-1", fixedHash: 5))).ShouldBe([new AppendResult.Duplicate(second.Position)]);
    }

    [Fact]
    public async Task Two_different_rows_under_one_id_are_both_kept_as_a_conflict()
    {
        var first = await StoredAsync(Record(1, sourceId: "alarm-1", fixedHash: 5));

        var conflict = (await AppendAsync(Record(2, sourceId: "alarm-1", fixedHash: 6)))[0].ShouldBeOfType<AppendResult.Conflict>();

        conflict.With.ShouldBe(first);
        var story = await FindAsync(conflict.Position);
        (story.Relation, story.Related).ShouldBe(("conflict", first));
        story.Note.ShouldNotBeNull().ShouldContain("alarm-1");
        (await ClaimAsync()).Select(e => e.Position).ShouldBe([first, conflict.Position]);
    }

    [Fact]
    public async Task An_unreadable_element_is_kept_and_passes_through_as_what_it_is()
    {
        var bad = (await AppendAsync(Record(1) with { Identity = null, Quarantine = "names no lock" }))[0].ShouldBeOfType<AppendResult.Quarantined>();
        var good = await StoredAsync(Record(2));

        bad.Reason.ShouldBe("names no lock");
        var story = await FindAsync(bad.Position);
        (story.State, story.Note).ShouldBe(("quarantined", "names no lock"));
        (await ClaimAsync()).Select(e => (e.Position, e.Kind)).ShouldBe([(bad.Position, EntryKind.Quarantined), (good, EntryKind.Telemetry)]);
    }

    [Fact]
    public async Task Records_without_an_identity_are_never_taken_for_copies()
    {
        var act = Record(1) with { Kind = EntryKind.OperatorAct, Identity = null };

        (await AppendAsync(act, act)).ShouldAllBe(result => result is AppendResult.Stored);
        (await Store.RowsAsync("journal")).ShouldBe(2);
    }

    [Fact]
    public async Task A_record_of_a_lock_without_a_clock_is_told_apart_by_its_time_of_receipt()
    {
        // Without a usable report time the receive time stands in the identity: the same bytes an hour later are news.
        var first = Record(1) with { Identity = Identity(1) with { ReportSecond = Store.Clock.GetUtcNow().ToUnixTimeSeconds() } };
        Store.Clock.Advance(TimeSpan.FromHours(1));
        var second = first with { ReceivedAt = Store.Clock.GetUtcNow(), Identity = first.Identity! with { ReportSecond = Store.Clock.GetUtcNow().ToUnixTimeSeconds() } };

        (await AppendAsync(first, second, second)).Select(r => r.GetType().Name).ShouldBe(["Stored", "Stored", "Duplicate"]);
    }

    [Fact]
    public async Task Results_stand_in_the_order_of_the_records()
    {
        await StoredAsync(Record(1, sourceId: "a", fixedHash: 1));

        var results = await AppendAsync(
            Record(2), Record(1, sourceId: "a", fixedHash: 1), Record(3) with { Identity = null, Quarantine = "bad" },
            Record(4, sourceId: "a", fixedHash: 1), Record(5, sourceId: "a", fixedHash: 2));

        results.Select(r => r.GetType().Name).ShouldBe(["Stored", "Duplicate", "Quarantined", "Revision", "Conflict"]);
        (await AppendAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_answered_is_there_for_others_and_after_a_restart()
    {
        var position = await StoredAsync(Record(1));

        (await Store.RowsAsync("journal")).ShouldBe(1);
        await Store.ReopenAsync();
        (await FindAsync(position)).State.ShouldBe("waiting");
        (await ClaimAsync()).ShouldHaveSingleItem().Position.ShouldBe(position);
    }

    [Fact]
    public async Task Positions_grow_and_stay_distinct_when_many_append_at_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => Task.Run(() => AppendAsync(Record(n * 10), Record((n * 10) + 1)), Cancel)));

        var positions = results.SelectMany(r => r).Cast<AppendResult.Stored>().Select(s => s.Position).ToList();
        positions.Distinct().Count().ShouldBe(80);
        results.ShouldAllBe(r => ((AppendResult.Stored)r[0]).Position < ((AppendResult.Stored)r[1]).Position);
        (await ClaimAsync()).Select(e => e.Position).ShouldBe(positions.Order());
    }

    [Fact]
    public async Task Of_identical_records_that_arrive_at_once_exactly_one_is_stored()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => AppendAsync(Record(1, sourceId: "one")), Cancel)));

        var stored = results.Select(r => r[0]).OfType<AppendResult.Stored>().ShouldHaveSingleItem();
        results.Select(r => r[0]).OfType<AppendResult.Duplicate>().Count(d => d.Of == stored.Position).ShouldBe(31);
        (await Store.RowsAsync("journal")).ShouldBe(1);
    }

    [Fact]
    public async Task An_id_that_no_index_may_be_able_to_hold_costs_no_other_record_its_place()
    {
        // Intake lets none of this length through; the store does not depend on that.
        var oversized = Convert.ToHexString(RandomNumberGenerator.GetBytes(20_000));

        var failures = await Task.WhenAll(Enumerable.Range(0, 32).Select(n => Task.Run(() =>
            Xunit.Record.ExceptionAsync(() => AppendAsync(Record(n, sourceId: n == 7 ? oversized : $"row-{n}"))).AsTask(), Cancel)));

        failures.Where((_, n) => n != 7).ShouldAllBe(failure => failure == null);
        (await Store.RowsAsync("journal")).ShouldBe(failures[7] is null ? 32 : 31);
    }

    [Fact]
    public async Task Unreadable_bodies_are_kept_up_to_a_bound()
    {
        var body = new UnreadableBody("cloud", "location", Store.Clock.GetUtcNow(), "no JSON", "<html>"u8.ToArray());

        await Task.WhenAll(Enumerable.Range(0, 1010).Select(_ => Store.Journal.KeepUnreadableAsync(body, Cancel)));

        (await Store.RowsAsync("unreadable_bodies")).ShouldBe(1000);
        (await Store.RowsAsync("journal")).ShouldBe(0);
    }

    [Fact]
    public async Task An_entry_tells_whether_it_waits_was_processed_or_was_parked()
    {
        var processed = await StoredAsync(Record(1));
        var parked = await StoredAsync(Record(2));
        var waiting = await StoredAsync(Record(3));
        var entries = await ClaimAsync();

        await Store.Processing.SaveAsync(Batch.Of(entries[0]) with { Results = [new EntryResult(processed, true, "ok", "done")] }, Cancel);
        await Store.Processing.ParkAsync(entries[1], "it does not parse", Cancel);

        (await FindAsync(processed)).State.ShouldBe("processed");
        (await FindAsync(processed)).Result.ShouldBe(new EntryResult(processed, true, "ok", "done"));
        ((await FindAsync(parked)).State, (await FindAsync(parked)).Note).ShouldBe(("parked", "it does not parse"));
        (await FindAsync(waiting)).State.ShouldBe("waiting");
        (await Store.Journal.FindAsync(waiting + 100, Cancel)).ShouldBeNull();
    }

    private RecordIdentity Identity(long content, string source = "cloud", string? sourceId = null, long fixedHash = 0) =>
        new(Store.Clock.GetUtcNow().ToUnixTimeSeconds(), Lock, ReportRoute.Location, content, source, sourceId, fixedHash);

    private ReceivedRecord Record(
        long content, string body = "{}", string source = "cloud", string? sourceId = null, long fixedHash = 0, IReadOnlyList<string>? elided = null) =>
        new(EntryKind.Telemetry, source, "location", Store.Clock.GetUtcNow(), Encoding.UTF8.GetBytes(body), elided ?? [], Identity(content, source, sourceId, fixedHash), null);

    private Task<IReadOnlyList<AppendResult>> AppendAsync(params ReceivedRecord[] records) => Store.Journal.AppendAsync(records, Cancel);

    private async Task<long> StoredAsync(ReceivedRecord record) => (await AppendAsync(record))[0].ShouldBeOfType<AppendResult.Stored>().Position;

    private async Task<EntryStory> FindAsync(long position) => (await Store.Journal.FindAsync(position, Cancel)).ShouldNotBeNull();

    private Task<IReadOnlyList<JournalEntry>> ClaimAsync() => Store.Processing.ClaimAsync(1000, Cancel);
}
