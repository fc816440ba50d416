using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Mapping.Rehearsing;
using Adapter.Host.Mapping.Versions;
using Adapter.Host.Storage;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What the life of a mapping document rests on, the rules that the database keeps by itself among it.</summary>
public abstract class MappingStoreConformance : StoreConformance
{
    private const string Name = "national-seal";
    private static readonly Actor Alice = new("alice");
    private static readonly Actor Bob = new("bob");
    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal) { ["one.input.json"] = "{}" };

    [Fact]
    public async Task What_ships_is_live_once_and_a_newer_text_of_it_waits_as_a_draft()
    {
        await SeedAsync("first");
        await SeedAsync("first");
        await SeedAsync("second");
        await SeedAsync("second");
        await Store.ReopenAsync();

        var (live, generation) = await Store.Mappings.LiveAsync(Cancel);
        live.ShouldHaveSingleItem().ShouldSatisfyAllConditions(v => v.Version.ShouldBe(1), v => v.Text.ShouldBe("first"), v => v.Files.ShouldBe(Files));
        generation.ShouldBe(1);
        (await Store.Mappings.ListAsync(Name, Cancel)).Select(v => (v.Version, v.State)).ShouldBe([(2, MappingState.Checked), (1, MappingState.Live)]);
    }

    [Fact]
    public async Task A_version_goes_live_in_one_step_that_supersedes_the_one_before_and_can_be_taken_back()
    {
        await SeedAsync("first");
        var draft = await Store.Mappings.AddAsync(Draft("second"), Alice, "new code", Cancel);
        var version = await GoAsync(draft);
        version.State.ShouldBe(MappingState.Live);
        (await States()).ShouldBe([(2, MappingState.Live), (1, MappingState.Superseded)]);
        (await Store.Mappings.LiveAsync(Cancel)).Generation.ShouldBe(2);

        var first = (await Store.Mappings.FindAsync(Name, 1, Cancel))!;
        (await MoveAsync(first, MappingStep.Rollback, Bob)).ShouldBeOfType<MappingMove.Done>();

        (await States()).ShouldBe([(2, MappingState.Superseded), (1, MappingState.Live)]);
        (await Store.Mappings.GenerationAsync(Cancel)).ShouldBe(3);
        (await Store.Principals.AuditAsync(long.MaxValue, 20, Cancel)).Select(a => a.Action).ShouldBe(
            ["mapping.rollback", "mapping.publish", "mapping.approve", "mapping.submit", "mapping.rehearse", "mapping.save", "mapping.ship"]);
    }

    [Fact]
    public async Task Nobody_approves_what_he_wrote_or_submitted_and_the_database_keeps_it_too()
    {
        var version = await Store.Mappings.AddAsync(Draft("one"), Alice, "why", Cancel);
        version = Done(await Store.Mappings.SaveAsync(version.Version, version.Revision, Draft("two"), Bob, "why", Cancel));
        version.Authors.ShouldBe(["alice", "bob"]);
        version = await SubmittedAsync(version, new Actor("carol"));

        foreach (var involved in (Actor[])[Alice, Bob, new("carol")])
        {
            (await MoveAsync(version, MappingStep.Approve, involved)).ShouldBeOfType<MappingMove.NotPossible>().Why.ShouldContain("another person");
            await Should.ThrowAsync<Exception>(() => Store.OverwriteMappingAsync(Name, 1, $"state = 'approved', approved_by = '{involved.Name}'"));
        }

        await Should.ThrowAsync<Exception>(() => Store.OverwriteMappingAsync(Name, 1, "state = 'live'"));
        (await Store.Mappings.FindAsync(Name, 1, Cancel))!.State.ShouldBe(MappingState.Submitted);
        (await MoveAsync(version, MappingStep.Approve, new Actor("dave"))).ShouldBeOfType<MappingMove.Done>();
    }

    [Fact]
    public async Task A_submitted_text_is_frozen_until_it_is_sent_back()
    {
        var version = await SubmittedAsync(await Store.Mappings.AddAsync(Draft("one"), Alice, "why", Cancel), Alice);

        (await Store.Mappings.SaveAsync(1, version.Revision, Draft("two"), Alice, "why", Cancel)).ShouldBeOfType<MappingMove.NotPossible>();
        await Should.ThrowAsync<Exception>(() => Store.OverwriteMappingAsync(Name, 1, "text = 'two'"));

        version = Done(await MoveAsync(version, MappingStep.Return, Bob));
        (version.State, version.SubmittedBy).ShouldBe((MappingState.Draft, null));
        Done(await Store.Mappings.SaveAsync(1, version.Revision, Draft("two"), Alice, "why", Cancel)).Text.ShouldBe("two");
    }

    [Fact]
    public async Task Who_acts_on_what_he_has_not_seen_is_told_so()
    {
        var version = await Store.Mappings.AddAsync(Draft("one"), Alice, "why", Cancel);
        Done(await Store.Mappings.SaveAsync(1, version.Revision, Draft("two"), Alice, "why", Cancel));

        (await Store.Mappings.SaveAsync(1, version.Revision, Draft("three"), Bob, "why", Cancel)).ShouldBe(new MappingMove.Changed(2));
        (await MoveAsync(version, MappingStep.Submit, Bob)).ShouldBe(new MappingMove.Changed(2));
        (await Store.Mappings.RehearsedAsync(Name, 1, 1, "{}", Bob, Cancel)).ShouldBe(new MappingMove.Changed(2));
        (await Store.Mappings.FindAsync(Name, 1, Cancel))!.Text.ShouldBe("two");
        (await MoveAsync(version with { Version = 9 }, MappingStep.Submit, Bob)).ShouldBeOfType<MappingMove.NotFound>();
    }

    [Fact]
    public async Task Of_two_who_publish_at_once_one_does()
    {
        var version = await SubmittedAsync(await Store.Mappings.AddAsync(Draft("one"), Alice, "why", Cancel), Alice);
        version = Done(await MoveAsync(version, MappingStep.Approve, Bob));

        var both = await Task.WhenAll(MoveAsync(version, MappingStep.Publish, Bob), MoveAsync(version, MappingStep.Publish, new Actor("carol")));

        both.Count(m => m is MappingMove.Done).ShouldBe(1);
        (await Store.Mappings.GenerationAsync(Cancel)).ShouldBe(1);
        (await Store.RowsAsync("mapping_publications")).ShouldBe(1);
    }

    [Theory]
    [InlineData(false, MappingStep.Submit)]
    [InlineData(true, MappingStep.Submit)]
    [InlineData(true, MappingStep.Approve)]
    [InlineData(true, MappingStep.Publish)]
    [InlineData(true, MappingStep.Rollback)]
    [InlineData(true, MappingStep.Return)]
    internal async Task A_step_cannot_be_skipped(bool isChecked, MappingStep step)
    {
        var version = await Store.Mappings.AddAsync(Draft("one") with { IsChecked = isChecked }, Alice, "why", Cancel);

        (await MoveAsync(version, step, Bob)).ShouldBeOfType<MappingMove.NotPossible>();

        (await Store.Mappings.FindAsync(Name, 1, Cancel))!.State.ShouldBe(isChecked ? MappingState.Checked : MappingState.Draft);
        (await Store.Mappings.LiveAsync(Cancel)).Live.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_target_is_kept_once_and_never_changes()
    {
        var target = new MappingTarget("national/seal", "{urn:x}Seal", new Dictionary<string, string>(StringComparer.Ordinal) { ["b.xsd"] = "two", ["a.xsd"] = "one" });

        (await Store.Mappings.AddTargetAsync(target, Alice, "why", Cancel)).ShouldBeTrue();
        (await Store.Mappings.AddTargetAsync(target, Bob, "why", Cancel)).ShouldBeTrue("the same again is no change");
        (await Store.Mappings.AddTargetAsync(target with { Root = "{urn:x}Other" }, Bob, "why", Cancel)).ShouldBeFalse();
        await Store.ReopenAsync();

        var kept = (await Store.Mappings.TargetsAsync(Cancel)).ShouldHaveSingleItem();
        (kept.Name, kept.Root).ShouldBe(("national/seal", "{urn:x}Seal"));
        kept.Files.ShouldBe(target.Files, ignoreOrder: true);
        (await Store.RowsAsync("audit")).ShouldBe(1);
    }

    [Fact]
    public async Task Recorded_traffic_is_read_page_by_page_in_the_journals_order_each_message_once()
    {
        var entries = new List<long>();
        for (var journey = 1; journey <= 4; journey++)
        {
            entries.Add(await QueueAsync(journey, 3));
        }

        var stretch = new TrafficStretch("manifest-notification", entries[1], entries[2]);
        (await Store.Traffic.CountAsync(stretch, Cancel)).ShouldBe(6);
        var seen = new List<RecordedMessage>();
        while (await Store.Traffic.PageAsync(stretch, seen.LastOrDefault(), 4, Cancel) is { Count: > 0 } page)
        {
            page.Count.ShouldBeLessThanOrEqualTo(4);
            seen.AddRange(page);
        }

        seen.Select(m => m.Entry).ShouldBe([entries[1], entries[1], entries[1], entries[2], entries[2], entries[2]]);
        seen.Select(m => m.Id).Distinct().Count().ShouldBe(6);
        seen.ShouldAllBe(m => m.Source.Length > 0);
        (await Store.Traffic.CountAsync(stretch with { Document = "another" }, Cancel)).ShouldBe(0);
    }

    private static MappingDraft Draft(string text) => new(Name, text, Files, IsChecked: true);

    private Task SeedAsync(string text) => Store.Mappings.SeedAsync([new ShippedMapping(Name, text, Files)], Cancel);

    private async Task<MappingVersion> SubmittedAsync(MappingVersion version, Actor by)
    {
        version = Done(await Store.Mappings.RehearsedAsync(Name, version.Version, version.Revision, "{}", Alice, Cancel));
        return Done(await MoveAsync(version, MappingStep.Submit, by));
    }

    private async Task<MappingVersion> GoAsync(MappingVersion version)
    {
        version = await SubmittedAsync(version, Alice);
        version = Done(await MoveAsync(version, MappingStep.Approve, Bob));
        return Done(await MoveAsync(version, MappingStep.Publish, Bob));
    }

    private Task<MappingMove> MoveAsync(MappingVersion version, MappingStep step, Actor actor) =>
        Store.Mappings.MoveAsync(Name, version.Version, version.Revision, step, actor, "because", Cancel);

    private static MappingVersion Done(MappingMove move) => move.ShouldBeOfType<MappingMove.Done>().Version;

    private async Task<IEnumerable<(int, MappingState)>> States() => (await Store.Mappings.ListAsync(Name, Cancel)).Select(v => (v.Version, v.State));

    /// <returns>The position of the entry that led to them.</returns>
    private async Task<long> QueueAsync(long journey, int messages)
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        await Store.Journal.AppendAsync([Batch.Act(Store.Clock.GetUtcNow())], Cancel);
        var last = (await Store.Processing.ClaimAsync(100, Cancel))[^1];
        var subject = Subject.OfJourney($"J-{journey}");
        await Store.Processing.SaveAsync(Batch.Of(last) with
        {
            Subjects = [new MappedSubject(new SubjectState(subject), [.. Enumerable.Range(1, messages).Select(i => Batch.Message(i, last.Position, subject: subject))])],
        }, Cancel);
        return last.Position;
    }
}
