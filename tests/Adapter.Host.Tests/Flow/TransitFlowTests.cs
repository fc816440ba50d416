using Adapter.Host.Journal;
using Adapter.Host.Storage;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

public sealed class TransitFlowTests : IDisposable
{
    private readonly FlowBench _bench = new();

    [Fact]
    public async Task An_entry_that_cannot_be_read_is_parked_alone_and_the_others_take_effect()
    {
        await _bench.RegisterAsync(Journey());
        _bench.Receive(Position(1, locked: false, rope: false));
        var poisoned = _bench.Receive(Position(2));
        _bench.Receive(Position(3));
        _bench.Poisoned[poisoned] = new FormatException("not what it was");

        await _bench.RunAsync();

        _bench.Store.Parked.ShouldBe([(poisoned, "FormatException: not what it was")]);
        _bench.Journey().Episodes.ShouldHaveSingleItem().First.At.ShouldBe(At(3));
        _bench.Told().ShouldBe(["seal/episode-1"]);
    }

    [Fact]
    public async Task An_entry_that_the_store_cannot_take_is_parked_alone()
    {
        var entry = _bench.ReceiveRegistration(Journey());
        _bench.Store.SaveFailure = new InvalidOperationException("first time");

        await _bench.RunAsync();

        // It failed in the batch and not alone, so it is not parked.
        _bench.Store.Parked.ShouldBeEmpty();
        _bench.Store.Results.ShouldHaveSingleItem().Position.ShouldBe(entry);
    }

    [Fact]
    public async Task A_store_that_is_away_parks_nothing_and_the_batch_waits()
    {
        _bench.ReceiveRegistration(Journey());
        _bench.Receive(Position(1));
        _bench.Store.SaveFailure = new StoreUnavailableException("disk full");

        await Should.ThrowAsync<StoreUnavailableException>(_bench.RunAsync);
        _bench.Store.Parked.ShouldBeEmpty();
        _bench.Store.Results.ShouldBeEmpty();

        await _bench.RunAsync();
        _bench.Told().ShouldBe(["seal/episode-1"]);
    }

    [Fact]
    public async Task A_store_that_goes_away_between_the_entries_of_a_failing_batch_parks_only_what_failed_of_itself()
    {
        var poisoned = _bench.Receive(Position(1));
        _bench.Receive(Position(2));
        _bench.Poisoned[poisoned] = new FormatException("bad");
        _bench.Store.LoadFailure = new StoreUnavailableException("disk full");

        await Should.ThrowAsync<StoreUnavailableException>(_bench.RunAsync);

        _bench.Store.Parked.Select(p => p.Position).ShouldBe([poisoned]);
    }

    [Fact]
    public async Task Whoever_waits_for_an_entry_gets_its_result()
    {
        var entry = _bench.ReceiveRegistration(Journey());
        var waiting = _bench.Signal.WaitForResultAsync(
            entry, () => Task.FromResult<EntryResult?>(null), TimeSpan.FromSeconds(2), _bench.Time, TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();

        await _bench.RunAsync();

        (await waiting).ShouldBe(new EntryResult(entry, Accepted: true, "ok", "Journey J-1 is registered."));
    }

    [Fact]
    public async Task Whoever_waits_longer_than_its_patience_is_told_that_the_act_is_pending()
    {
        var waiting = _bench.Signal.WaitForResultAsync(
            1, () => Task.FromResult<EntryResult?>(null), TimeSpan.FromSeconds(2), _bench.Time, TestContext.Current.CancellationToken);

        _bench.Time.Advance(TimeSpan.FromSeconds(2));

        (await waiting).ShouldBeNull();
    }

    [Fact]
    public async Task A_registration_early_in_a_batch_binds_the_reports_behind_it()
    {
        _bench.ReceiveRegistration(Journey());
        _bench.Receive(Position(1));

        await _bench.RunAsync();

        _bench.Journey().Tracks.ShouldHaveSingleItem().Lock.ShouldBe(TheLock);
        _bench.OfLock().Tracks.ShouldHaveSingleItem().Latest.ShouldBeNull("its report is the journey's");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_alarm_told_for_the_lock_is_not_told_again_for_the_journey_however_entries_are_batched(bool together)
    {
        await TakeAllAsync(together, () => _bench.Receive(Position(0)), () => _bench.Receive(Row(5, Contracts.Telemetry.LockEventKind.RopeCut)), () => _bench.ReceiveRegistration(Journey()));

        _bench.Told("transportation").Count(key => key == "rope-cut/episode-1").ShouldBe(1);
        _bench.Told("manifest").Count(key => key == "rope-cut/episode-1").ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lock_whose_goods_were_just_unsealed_is_free_however_entries_are_batched(bool together)
    {
        await _bench.RegisterAsync(Journey("J-1"));
        await TakeAllAsync(together, [
            () => _bench.Receive(Position(1, where: Port)), () => _bench.Receive(Position(60, where: Road)), () => _bench.Receive(Position(600, where: Border)),
            () => _bench.Receive(Position(630, locked: false, rope: false, where: Border)), () => _bench.ReceiveRegistration(Journey("J-2"), At(700))]);

        _bench.Store.Results[^1].Code.ShouldBe("ok");
    }

    public void Dispose() => _bench.Dispose();

    private async Task TakeAllAsync(bool together, params IEnumerable<Func<long>> entries)
    {
        foreach (var entry in entries)
        {
            entry();
            if (!together)
            {
                await _bench.RunAsync();
            }
        }

        await _bench.RunAsync();
    }
}
