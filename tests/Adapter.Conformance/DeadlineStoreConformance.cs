using System.Text.Json;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What supervision relies on: a deadline leads to one journal entry, whatever happens in between.</summary>
public abstract class DeadlineStoreConformance : StoreConformance
{
    private DateTimeOffset Due => Store.Clock.GetUtcNow().AddHours(1);

    [Fact]
    public async Task A_deadline_leads_to_one_entry_when_it_is_due_and_not_before()
    {
        await SaveAsync("J-1", version: 0, Due);

        var before = await Store.Deadlines.FireAsync(Due.AddSeconds(-1), 10, Cancel);
        var fired = await Store.Deadlines.FireAsync(Due, 10, Cancel);
        var again = await Store.Deadlines.FireAsync(Due.AddDays(1), 10, Cancel);

        (before, fired, again).ShouldBe((0, 1, 0));
        var entry = (await Store.Processing.ClaimAsync(10, Cancel)).ShouldHaveSingleItem();
        (entry.Kind, entry.Route, entry.ReceivedAt).ShouldBe((EntryKind.Deadline, Operations.Deadline, Due));
        JsonSerializer.Deserialize(entry.Body.Span, JourneyJson.Default.DeadlineDue).ShouldBe(new DeadlineDue("J-1", Due));
    }

    [Fact]
    public async Task A_deadline_that_passed_while_the_host_was_away_is_due_after_the_restart_and_once()
    {
        await SaveAsync("J-1", version: 0, Due);
        await Store.ReopenAsync();

        (await Store.Deadlines.FireAsync(Due.AddDays(3), 10, Cancel)).ShouldBe(1);
        await Store.ReopenAsync();
        (await Store.Deadlines.FireAsync(Due.AddDays(3), 10, Cancel)).ShouldBe(0);

        (await Store.Processing.ClaimAsync(10, Cancel)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_deadline_that_moved_or_ended_is_due_at_its_new_time_or_never()
    {
        await SaveAsync("J-1", version: 0, Due);
        await SaveAsync("J-2", version: 0, Due);
        await SaveAsync("J-1", version: 1, Due.AddHours(1));
        await SaveAsync("J-2", version: 1, due: null);

        (await Store.Deadlines.FireAsync(Due.AddMinutes(1), 10, Cancel)).ShouldBe(0);
        (await Store.Deadlines.FireAsync(Due.AddHours(2), 10, Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task The_longest_overdue_come_first_and_not_more_than_asked_for()
    {
        await SaveAsync("J-1", version: 0, Due.AddMinutes(2));
        await SaveAsync("J-2", version: 0, Due.AddMinutes(1));

        (await Store.Deadlines.FireAsync(Due.AddHours(1), 1, Cancel)).ShouldBe(1);

        var entry = (await Store.Processing.ClaimAsync(10, Cancel)).ShouldHaveSingleItem();
        JsonSerializer.Deserialize(entry.Body.Span, JourneyJson.Default.DeadlineDue)!.JourneyId.ShouldBe("J-2");
    }

    private async Task SaveAsync(string journey, long version, DateTimeOffset? due)
    {
        await Store.Journal.AppendAsync([Batch.Act(Store.Clock.GetUtcNow())], Cancel);
        var entry = (await Store.Processing.ClaimAsync(10, Cancel))[^1];
        var state = new SubjectState(Subject.OfJourney(journey)) { Version = version, NextDue = due };
        await Store.Processing.SaveAsync(Batch.Of(entry) with { Subjects = [new MappedSubject(state, [])] }, Cancel);
    }
}
