using Adapter.Host.Delivery;
using Adapter.Host.Delivery.DeadLetters;
using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Storage;
using Xunit;

namespace Adapter.Conformance;

/// <summary>Whatever stops is in the outbox with the commit that stopped it, once each time, and stays until it is taken.</summary>
public abstract class DeadLetterOutboxConformance : StoreConformance
{
    private static readonly LaneKey Lane = new("manifest", "journey:J-1");

    [Fact]
    public async Task A_lane_that_parks_is_told_with_what_finds_its_head_again()
    {
        await Store.DeadLetters.KeepAsync(wanted: true, Cancel);
        var entry = await ReadyAsync(mapped: true);
        await ParkAsync("Customs refused the message with code TRN-409: closed.");
        await Store.ReopenAsync();

        var letter = (await Store.DeadLetters.NextAsync(10, Cancel)).ShouldHaveSingleItem();
        (letter.State, letter.Reason, letter.Entry, letter.At).ShouldBe((LaneState.Parked, "Customs refused the message with code TRN-409: closed.", entry, Store.Clock.GetUtcNow()));
        letter.Cause.ShouldNotBeNullOrEmpty();
        var message = letter.Message.ShouldNotBeNull();
        (message.Lane, message.Number, message.Kind, message.Attempts).ShouldBe((Lane, 1, "SEAL", 1));
        var story = (await Store.Lanes.FindMessageAsync(message.Id, Cancel)).ShouldNotBeNull();
        message.Sha256.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(story.Body!))));
    }

    [Fact]
    public async Task What_is_taken_is_told_no_more_and_what_stops_again_is_told_again()
    {
        await Store.DeadLetters.KeepAsync(wanted: true, Cancel);
        await ReadyAsync(mapped: true);
        await ParkAsync("refused");
        var first = (await Store.DeadLetters.NextAsync(10, Cancel)).ShouldHaveSingleItem();
        await Store.DeadLetters.TakenAsync([first], Cancel);
        (await Store.DeadLetters.WaitingAsync(Cancel)).ShouldBe(0);

        await Store.Lanes.ReplayAsync(Lane, new Actor("operator-1"), "mended", Cancel);
        (await Store.DeadLetters.WaitingAsync(Cancel)).ShouldBe(0, "it flows again");
        await ParkAsync("refused");

        var again = (await Store.DeadLetters.NextAsync(10, Cancel)).ShouldHaveSingleItem();
        again.Id.ShouldBeGreaterThan(first.Id);
        again.Message!.Id.ShouldBe(first.Message!.Id);
    }

    [Fact]
    public async Task An_unknown_outcome_is_told()
    {
        await Store.DeadLetters.KeepAsync(wanted: true, Cancel);
        await ReadyAsync(mapped: true);
        await EndAsync(new NextMove.Reconcile("The answer was lost."), "unknown");

        (await Store.DeadLetters.NextAsync(10, Cancel)).ShouldHaveSingleItem().State.ShouldBe(LaneState.Unknown);
    }

    [Fact]
    public async Task A_message_without_bytes_is_told_when_it_comes_to_the_head()
    {
        await Store.DeadLetters.KeepAsync(wanted: true, Cancel);
        await ReadyAsync(mapped: false);

        var letter = (await Store.DeadLetters.NextAsync(10, Cancel)).ShouldHaveSingleItem();
        letter.Reason.ShouldNotBeNull().ShouldStartWith("mapping.missing");
        letter.Message!.Sha256.ShouldBeNull();

        await Store.Lanes.SkipAsync(Lane, new Actor("operator-1"), "not needed", Cancel);
        (await Store.DeadLetters.NextAsync(10, Cancel)).Select(l => l.Message!.Number).ShouldBe([1], "the next one flows");
    }

    [Fact]
    public async Task What_has_stopped_already_is_told_to_whoever_begins_to_listen_and_nothing_is_kept_for_nobody()
    {
        await ReadyAsync(mapped: true);
        await ParkAsync("refused");
        (await Store.DeadLetters.WaitingAsync(Cancel)).ShouldBe(0, "nobody wants to hear of it");

        await Store.DeadLetters.KeepAsync(wanted: true, Cancel);
        await Store.DeadLetters.KeepAsync(wanted: true, Cancel);
        (await Store.DeadLetters.NextAsync(10, Cancel)).ShouldHaveSingleItem().Reason.ShouldBe("refused");

        await Store.DeadLetters.KeepAsync(wanted: false, Cancel);
        (await Store.DeadLetters.WaitingAsync(Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task A_parked_entry_is_told_with_its_position()
    {
        await Store.DeadLetters.KeepAsync(wanted: true, Cancel);
        var position = await AppendAsync();
        await Store.Processing.ParkAsync((await Store.Processing.ClaimAsync(10, Cancel)).ShouldHaveSingleItem(), "a fault", Cancel);

        var letter = (await Store.DeadLetters.NextAsync(10, Cancel)).ShouldHaveSingleItem();
        (letter.State, letter.Entry, letter.Reason, letter.Message).ShouldBe((DeadLetter.OfEntry, position, "a fault", null));
    }

    [Fact]
    public async Task Only_what_was_taken_is_forgotten()
    {
        await Store.DeadLetters.KeepAsync(wanted: true, Cancel);
        await AppendAsync();
        await AppendAsync();
        foreach (var entry in await Store.Processing.ClaimAsync(10, Cancel))
        {
            await Store.Processing.ParkAsync(entry, "a fault", Cancel);
        }

        var letters = await Store.DeadLetters.NextAsync(10, Cancel);
        letters.Count.ShouldBe(2);
        await Store.DeadLetters.TakenAsync([letters[1]], Cancel);

        (await Store.DeadLetters.NextAsync(10, Cancel)).ShouldHaveSingleItem().ShouldBe(letters[0], "one that another commit brings late is not forgotten with it");
    }

    private async Task<long> AppendAsync() =>
        (await Store.Journal.AppendAsync([Batch.Act(Store.Clock.GetUtcNow())], Cancel)).ShouldHaveSingleItem().ShouldBeOfType<AppendResult.Stored>().Position;

    /// <returns>The entry that it comes from.</returns>
    private async Task<long> ReadyAsync(bool mapped)
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        await AppendAsync();
        var entry = (await Store.Processing.ClaimAsync(10, Cancel)).ShouldHaveSingleItem();
        var messages = new[] { Batch.Message(1, entry.Position, mapped: mapped), Batch.Message(2, entry.Position) };
        await Store.Processing.SaveAsync(Batch.Of(entry) with { Subjects = [new MappedSubject(new SubjectState(Batch.Journey), messages)] }, Cancel);
        return entry.Position;
    }

    private Task ParkAsync(string reason) => EndAsync(new NextMove.Park(reason), "rejected");

    private async Task EndAsync(NextMove move, string outcome)
    {
        var head = (await Store.Lanes.DueAsync(Lane.Destination, [], 10, Cancel)).ShouldHaveSingleItem();
        await Store.Lanes.EndAsync(head, new AttemptRecord(null, AttemptPurpose.Send, Store.Clock.GetUtcNow(), outcome, 200, "", default), move, Cancel);
    }
}
