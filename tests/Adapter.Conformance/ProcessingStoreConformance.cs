using System.Text;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Processing;
using Adapter.Host.Storage;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What the processor relies on: nothing lost, nothing twice, all of a batch or none of it.</summary>
public abstract class ProcessingStoreConformance : StoreConformance
{
    private static readonly LockId Lock = LockId.Parse("8022300001");
    private static readonly LockId OtherLock = LockId.Parse("8022300002");

    [Fact]
    public async Task Entries_are_claimed_in_the_order_of_arrival_and_not_more_than_asked_for()
    {
        var positions = await AppendAsync(5);

        (await Store.Processing.ClaimAsync(3, Cancel)).Select(e => e.Position).ShouldBe(positions[..3]);
        (await Store.Processing.ClaimAsync(100, Cancel)).Select(e => e.Position).ShouldBe(positions);
    }

    [Fact]
    public async Task What_was_saved_is_never_claimed_again()
    {
        var positions = await AppendAsync(4);
        var entries = await Store.Processing.ClaimAsync(2, Cancel);

        await Store.Processing.SaveAsync(Batch.Of(entries), Cancel);

        (await ClaimAsync()).Select(e => e.Position).ShouldBe(positions[2..]);
        await Store.ReopenAsync();
        (await ClaimAsync()).Select(e => e.Position).ShouldBe(positions[2..]);
    }

    [Fact]
    public async Task What_somebody_else_has_decided_since_it_was_claimed_is_not_decided_again()
    {
        await AppendAsync(3);
        var entries = await ClaimAsync();
        await Store.Processing.SaveAsync(Batch.Of(entries[0]), Cancel);
        await Store.Processing.ParkAsync(entries[1], "not readable", Cancel);

        await Should.ThrowAsync<StoreUnavailableException>(() => SaveStateAsync(entries[0], new SubjectState(Batch.Journey)));
        await Should.ThrowAsync<StoreUnavailableException>(() => Store.Processing.SaveAsync(Batch.Of(entries), Cancel));
        await Should.ThrowAsync<StoreUnavailableException>(() => Store.Processing.ParkAsync(entries[1], "again", Cancel));

        (await LoadAsync([], ["J-1"])).Subjects.ShouldBeEmpty();
        (await ClaimAsync()).ShouldHaveSingleItem().Position.ShouldBe(entries[2].Position);
        (await Store.RowsAsync("parked_entries")).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_claimed_and_not_saved_is_claimed_again_after_a_restart()
    {
        var positions = await AppendAsync(2);
        await ClaimAsync();

        await Store.ReopenAsync();

        (await ClaimAsync()).Select(e => e.Position).ShouldBe(positions);
    }

    [Fact]
    public async Task A_parked_entry_is_left_out_and_those_behind_it_go_on()
    {
        var positions = await AppendAsync(2);
        var entries = await ClaimAsync();

        await Store.Processing.ParkAsync(entries[0], "not readable", Cancel);

        (await ClaimAsync()).Select(e => e.Position).ShouldBe(positions[1..]);
    }

    [Fact]
    public async Task State_and_messages_come_back_as_they_were_saved()
    {
        var entry = await EntryAsync();
        var state = new SubjectState(Batch.Journey) { Findings = [new Finding("f", "test.finding", Severity.Warning, "both sides", Store.Clock.GetUtcNow(), null)] };

        await Store.Processing.SaveAsync(Batch.Of(entry) with { Subjects = [new MappedSubject(state, [Batch.Message(1, entry.Position)])] }, Cancel);
        await Store.ReopenAsync();

        var loaded = await LoadAsync([], ["J-1"]);
        var read = loaded.Subjects.ShouldHaveSingleItem();
        (read.Subject, read.Version).ShouldBe((Batch.Journey, 1));
        read.Findings.ShouldBe(state.Findings);
        var story = (await Store.Lanes.FindMessageAsync(Batch.Message(1, entry.Position).Id, Cancel)).ShouldNotBeNull();
        (story.Destination, story.Subject, story.Number, story.Revision, story.Entry, story.State, story.Body).ShouldBe(("manifest", "journey:J-1", 1, 1, entry.Position, "queued", "<m n=\"1\"/>"));
        story.BodySha256.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes("<m n=\"1\"/>"))));
    }

    [Fact]
    public async Task Only_a_manifest_that_is_told_brings_all_journeys_that_name_it()
    {
        var entry = await EntryAsync();
        List<SubjectState> states = [new SubjectState(Subject.OfManifest("M-1")), .. ((string[])["J-1", "J-2"]).Select(id => Registered(id, entry))];
        await Store.Processing.SaveAsync(Batch.Of(entry) with { Subjects = [.. states.Select(state => new MappedSubject(state, []))] }, Cancel);
        var touched = new Touched([], ["J-3"], [], Store.Clock.GetUtcNow()) { Manifests = ["M-1"] };

        (await Store.Processing.LoadAsync(touched, Cancel)).Subjects.Select(s => s.Subject).ShouldBe([Subject.OfManifest("M-1")]);

        (await Store.Processing.LoadAsync(touched with { Told = ["M-1"] }, Cancel)).Subjects.Select(s => s.Subject).ShouldBe(states.Select(s => s.Subject), ignoreOrder: true);
    }

    [Fact]
    public async Task A_batch_that_breaks_one_rule_leaves_nothing_behind()
    {
        var first = await EntryAsync();
        await Store.Processing.SaveAsync(Batch.Of(first) with { Subjects = [new MappedSubject(new SubjectState(Batch.Journey), [Batch.Message(1, first.Position)])] }, Cancel);
        var second = await EntryAsync();
        var before = await CountsAsync();

        // The second message carries the id of one that exists.
        await Should.ThrowAsync<Exception>(() => Store.Processing.SaveAsync(Batch.Of(second) with
        {
            Subjects =
            [
                new MappedSubject(new SubjectState(Subject.OfJourney("J-2")), [Batch.Message(1, second.Position, subject: Subject.OfJourney("J-2"))]),
                new MappedSubject(new SubjectState(Batch.Journey) { Version = 1 }, [Batch.Message(2, second.Position, id: Batch.Message(1, first.Position).Id)]),
            ],
            Bindings = [new Binding(Lock, "J-2", null, Store.Clock.GetUtcNow(), null)],
            Results = [new EntryResult(second.Position, true, "ok", "done")],
        }, Cancel));

        (await CountsAsync()).ShouldBe(before);
        (await ClaimAsync()).ShouldHaveSingleItem().Position.ShouldBe(second.Position);
        (await LoadAsync([], ["J-1", "J-2"])).Subjects.ShouldHaveSingleItem().Version.ShouldBe(1);
    }

    [Fact]
    public async Task State_that_somebody_else_saved_meanwhile_is_not_overwritten()
    {
        var first = await EntryAsync();
        await SaveStateAsync(first, new SubjectState(Batch.Journey));
        var second = await EntryAsync();

        await Should.ThrowAsync<StoreUnavailableException>(() => SaveStateAsync(second, new SubjectState(Batch.Journey)));
        await SaveStateAsync(second, new SubjectState(Batch.Journey) { Version = 1 });

        (await LoadAsync([], ["J-1"])).Subjects.ShouldHaveSingleItem().Version.ShouldBe(2);
    }

    [Theory]
    [InlineData(0, null, false)]
    [InlineData(60, 120, false)]
    [InlineData(-60, 1, false)]
    [InlineData(-60, 0, true)]
    [InlineData(200, null, true)]
    public async Task The_database_itself_refuses_a_second_owner_of_a_lock_at_one_moment(int startsAtMinute, int? endsAtMinute, bool fits)
    {
        // J-1 holds the lock from minute 0 to 200.
        var start = Store.Clock.GetUtcNow();
        await SaveBindingAsync(new Binding(Lock, "J-1", null, start, start.AddMinutes(200)));
        var second = new Binding(Lock, "J-2", null, start.AddMinutes(startsAtMinute).AddSeconds(startsAtMinute == 0 ? 1 : 0), endsAtMinute is { } minute ? start.AddMinutes(minute) : null);

        if (fits)
        {
            await SaveBindingAsync(second);
            (await LoadAsync([Lock], [])).Bindings.Count.ShouldBe(2);
        }
        else
        {
            await Should.ThrowAsync<Exception>(() => SaveBindingAsync(second));
            (await LoadAsync([Lock], [])).Bindings.ShouldHaveSingleItem().JourneyId.ShouldBe("J-1");
        }
    }

    [Fact]
    public async Task A_binding_can_end_and_make_room_but_not_grow_into_another()
    {
        var start = Store.Clock.GetUtcNow();
        await SaveBindingAsync(new Binding(Lock, "J-1", "C-1", start, null));
        await SaveBindingAsync(new Binding(Lock, "J-1", "C-1", start, start.AddHours(1)));
        await SaveBindingAsync(new Binding(Lock, "J-2", null, start.AddHours(1), null));
        await SaveBindingAsync(new Binding(OtherLock, "J-2", null, start, null));

        await Should.ThrowAsync<Exception>(() => SaveBindingAsync(new Binding(Lock, "J-1", "C-1", start, null)));

        (await LoadAsync([Lock], [])).Bindings.OrderBy(b => b.StartsAt)
            .ShouldBe([new Binding(Lock, "J-1", "C-1", start, start.AddHours(1)), new Binding(Lock, "J-2", null, start.AddHours(1), null)]);
    }

    [Fact]
    public async Task Loading_finds_the_journeys_that_the_locks_are_bound_to()
    {
        await SaveBindingAsync(new Binding(Lock, "J-1", null, Store.Clock.GetUtcNow(), null));
        await SaveStateAsync(await EntryAsync(), new SubjectState(Batch.Journey));
        await SaveStateAsync(await EntryAsync(), new SubjectState(Subject.Of(Lock)));
        await SaveStateAsync(await EntryAsync(), new SubjectState(Subject.OfJourney("J-9")));

        var loaded = await LoadAsync([Lock], []);

        loaded.Subjects.Select(s => s.Subject).ShouldBe([Batch.Journey, Subject.Of(Lock)], ignoreOrder: true);
    }

    [Fact]
    public async Task Lanes_go_on_counting_where_they_stood()
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("manifest"), Batch.Receiver("transportation")], Cancel);
        var entry = await EntryAsync();
        await Store.Processing.SaveAsync(Batch.Of(entry) with
        {
            Subjects =
            [
                new MappedSubject(new SubjectState(Batch.Journey),
                [
                    Batch.Message(1, entry.Position), Batch.Message(2, entry.Position, mapped: false), Batch.Message(1, entry.Position, "transportation"),
                ]),
            ],
        }, Cancel);
        await Store.ReopenAsync();

        var numbers = (await LoadAsync([], ["J-1"])).LaneNumbers;

        numbers.ShouldBe(new Dictionary<(string, Subject), long> { [("manifest", Batch.Journey)] = 2, [("transportation", Batch.Journey)] = 1 }, ignoreOrder: true);
    }

    [Fact]
    public async Task Reports_of_idle_locks_are_found_when_their_lock_is_bound_and_go_once_they_are_attached()
    {
        var first = await EntryAsync();
        var second = await EntryAsync();
        var idle = new[] { Idle(first, Lock, minutesAgo: 60), Idle(second, OtherLock, minutesAgo: 30) };
        await Store.Processing.SaveAsync(Batch.Of(second) with { Idle = idle }, Cancel);

        (await LoadAsync([Lock], [])).Idle.ShouldBeEmpty();
        (await LoadAsync([], [], newlyBound: [Lock])).Idle.ShouldHaveSingleItem().Position.ShouldBe(first.Position);
        (await LoadAsync([], [], newlyBound: [OtherLock, Lock])).Idle.Select(e => e.Position).ShouldBe([first.Position, second.Position]);

        var third = await EntryAsync();
        await Store.Processing.SaveAsync(Batch.Of(third) with { Attached = [idle[0]] }, Cancel);
        (await LoadAsync([], [], newlyBound: [Lock])).Idle.ShouldBeEmpty();
    }

    [Fact]
    public async Task Idle_reports_older_than_the_window_are_forgotten_and_their_entries_stay()
    {
        var first = await EntryAsync();
        await Store.Processing.SaveAsync(Batch.Of(first) with { Idle = [Idle(first, Lock, minutesAgo: 0)] }, Cancel);
        Store.Clock.Advance(TimeSpan.FromHours(30));
        var second = await EntryAsync();
        await Store.Processing.SaveAsync(Batch.Of(second) with { Idle = [Idle(second, Lock, minutesAgo: 0)] }, Cancel);

        (await LoadAsync([], [], newlyBound: [Lock])).Idle.ShouldHaveSingleItem().Position.ShouldBe(second.Position);
        (await Store.RowsAsync("idle_reports")).ShouldBe(1);
        (await Store.Journal.FindAsync(first.Position, Cancel)).ShouldNotBeNull();
    }

    private async Task<(long, long, long, long, long, long)> CountsAsync() => (
        await Store.RowsAsync("subjects"), await Store.RowsAsync("messages"), await Store.RowsAsync("lanes"),
        await Store.RowsAsync("bindings"), await Store.RowsAsync("entry_results"), await Store.RowsAsync("parked_entries"));

    private async Task<List<long>> AppendAsync(int count)
    {
        var results = await Store.Journal.AppendAsync([.. Enumerable.Repeat(Batch.Act(Store.Clock.GetUtcNow()), count)], Cancel);
        return [.. results.Cast<AppendResult.Stored>().Select(s => s.Position)];
    }

    /// <summary>A new entry, the only one that waits.</summary>
    private async Task<JournalEntry> EntryAsync()
    {
        var position = (await AppendAsync(1))[0];
        return (await ClaimAsync()).Single(e => e.Position == position);
    }

    private Task<IReadOnlyList<JournalEntry>> ClaimAsync() => Store.Processing.ClaimAsync(1000, Cancel);

    private SubjectState Registered(string id, JournalEntry entry) => new(Subject.OfJourney(id))
    {
        Journey = new RegisteredJourney(
            new JourneyRegistration { JourneyId = id, ManifestNumber = "M-1", Departure = new Office("JOAQJ001", null, "JO", null), Destination = new Office("SAHAL003", null, "SA", null) },
            Store.Clock.GetUtcNow(), "test", entry.Position, [], Closing: null),
    };

    private Task<StoredState> LoadAsync(IReadOnlyCollection<LockId> locks, IReadOnlyCollection<string> journeys, IReadOnlyCollection<LockId>? newlyBound = null) =>
        Store.Processing.LoadAsync(new Touched(locks, journeys, newlyBound ?? [], Store.Clock.GetUtcNow()), Cancel);

    private Task SaveStateAsync(JournalEntry entry, SubjectState state) =>
        Store.Processing.SaveAsync(Batch.Of(entry) with { Subjects = [new MappedSubject(state, [])] }, Cancel);

    private async Task SaveBindingAsync(Binding binding) => await Store.Processing.SaveAsync(Batch.Of(await EntryAsync()) with { Bindings = [binding] }, Cancel);

    private IdleReport Idle(JournalEntry entry, LockId @lock, int minutesAgo)
    {
        var at = Store.Clock.GetUtcNow().AddMinutes(-minutesAgo);
        var report = new LockReport(@lock, null, ReportRoute.Location, at, at, null, null, FixKind.None, SealState.NotReported, new Motion(null, null, null), new Power(null, null), [], null);
        return new IdleReport(report, new Timing(at, at, ClockSuspect: false, Late: false), "cloud", entry.Position);
    }
}
