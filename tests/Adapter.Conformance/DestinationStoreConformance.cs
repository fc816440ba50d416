using Adapter.Contracts.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Storage;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What every store of destinations must do.</summary>
public abstract class DestinationStoreConformance : StoreConformance
{
    private static readonly Actor Somebody = new("administrator-1");

    [Fact]
    public async Task A_seed_does_not_undo_what_an_administrator_changed()
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        (await PutAsync(Batch.Receiver("manifest") with { MaxAttempts = 3 }, version: 1)).ShouldBe(2);

        await Store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        await Store.ReopenAsync();

        var kept = (await Store.Destinations.KeptAsync(Cancel)).ShouldHaveSingleItem();
        (kept.Version, kept.Definition.MaxAttempts, kept.Held).ShouldBe((2, 3, null));
    }

    [Fact]
    public async Task Of_two_changes_made_from_the_same_version_one_succeeds()
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);

        (await PutAsync(Batch.Receiver("manifest") with { MaxAttempts = 3 }, version: 1)).ShouldBe(2);
        (await PutAsync(Batch.Receiver("manifest") with { MaxAttempts = 4 }, version: 1)).ShouldBeNull();

        (await Store.Destinations.AllAsync(Cancel)).ShouldHaveSingleItem().MaxAttempts.ShouldBe(3);
        (await Store.RowsAsync("destination_history")).ShouldBe(1);
        (await Store.Principals.AuditAsync(long.MaxValue, 10, Cancel)).ShouldHaveSingleItem().Subject.ShouldBe("manifest@2");
    }

    [Fact]
    public async Task A_new_destination_is_made_once()
    {
        (await PutAsync(Batch.Receiver("border"), version: 0)).ShouldBe(1);
        (await PutAsync(Batch.Receiver("border"), version: 0)).ShouldBeNull();

        (await Store.Destinations.AllAsync(Cancel)).ShouldHaveSingleItem().Name.ShouldBe("border");
    }

    [Fact]
    public async Task A_hold_outlives_a_restart_and_an_edit_and_ends_with_the_release()
    {
        await Store.Destinations.SeedAsync([Batch.Receiver("manifest")], Cancel);
        (await Store.Destinations.HoldAsync("manifest", hold: true, Somebody, "maintenance until noon", Cancel)).ShouldBeTrue();
        await PutAsync(Batch.Receiver("manifest") with { MaxAttempts = 3 }, version: 1);
        await Store.ReopenAsync();

        var held = (await Store.Destinations.KeptAsync(Cancel)).ShouldHaveSingleItem().Held.ShouldNotBeNull();
        held.ShouldBe(new DestinationHold("administrator-1", Store.Clock.GetUtcNow(), "maintenance until noon"));

        (await Store.Destinations.HoldAsync("manifest", hold: false, Somebody, "they are done", Cancel)).ShouldBeTrue();
        (await Store.Destinations.KeptAsync(Cancel)).ShouldHaveSingleItem().Held.ShouldBeNull();
        (await Store.Principals.AuditAsync(long.MaxValue, 10, Cancel)).Select(a => a.Action).ShouldBe(["destination.release", "destination.put", "destination.hold"]);
    }

    [Fact]
    public async Task What_does_not_exist_cannot_be_held()
    {
        (await Store.Destinations.HoldAsync("nobody", hold: true, Somebody, "why not", Cancel)).ShouldBeFalse();
        (await Store.RowsAsync("audit")).ShouldBe(0);
    }

    private Task<int?> PutAsync(Destination destination, int version) => Store.Destinations.PutAsync(destination, version, Somebody, "because", Cancel);
}
