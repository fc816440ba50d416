using Adapter.Contracts.Telemetry;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What people who look at journeys and locks rely on.</summary>
public abstract class JourneyReaderConformance : StoreConformance
{
    private static readonly Subject First = Subject.Of(LockId.Parse("8022300001"));
    private static readonly Subject Second = Subject.Of(LockId.Parse("8022300002"));

    [Fact]
    public async Task Locks_with_findings_that_wait_for_a_person_are_listed_the_latest_first_and_no_others()
    {
        await SaveAsync(Suspicious(First));
        await SaveAsync(Suspicious(Second));
        await SaveAsync(new SubjectState(Subject.Of(LockId.Parse("8022300003"))));
        await SaveAsync(Suspicious(Batch.Journey));
        await Store.ReopenAsync();

        (await Store.Journeys.SuspiciousLocksAsync(10, Cancel)).Select(l => l.Subject).ShouldBe([Second, First]);
        (await Store.Journeys.SuspiciousLocksAsync(1, Cancel)).ShouldHaveSingleItem().Findings.ShouldHaveSingleItem().Text.ShouldBe("it moved");
    }

    [Fact]
    public async Task A_lock_whose_findings_are_done_with_is_listed_no_more_and_again_when_it_has_another()
    {
        await SaveAsync(Suspicious(First));
        await SaveAsync(Suspicious(First, closed: true) with { Version = 1 });
        (await Store.Journeys.SuspiciousLocksAsync(10, Cancel)).ShouldBeEmpty();

        await SaveAsync(Suspicious(First) with { Version = 2 });
        (await Store.Journeys.SuspiciousLocksAsync(10, Cancel)).ShouldHaveSingleItem().Subject.ShouldBe(First);
    }

    private SubjectState Suspicious(Subject subject, bool closed = false) => new(subject)
    {
        Findings = [new Finding("movement/1", "movement.without-journey", Severity.Warning, "it moved", Store.Clock.GetUtcNow(), closed ? Store.Clock.GetUtcNow() : null)],
    };

    private async Task SaveAsync(SubjectState state)
    {
        Store.Clock.Advance(TimeSpan.FromMinutes(1));
        await Store.Journal.AppendAsync([Batch.Act(Store.Clock.GetUtcNow())], Cancel);
        var entry = (await Store.Processing.ClaimAsync(10, Cancel))[^1];
        await Store.Processing.SaveAsync(Batch.Of(entry) with { Subjects = [new MappedSubject(state, [])] }, Cancel);
    }
}
