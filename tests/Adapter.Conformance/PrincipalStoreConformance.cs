using Adapter.Host.Admin;
using Adapter.Host.Storage;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What the doors rely on: who holds a key, and what was done with it.</summary>
public abstract class PrincipalStoreConformance : StoreConformance
{
    private static readonly Actor Root = new("command line");

    [Fact]
    public async Task A_key_opens_as_its_principal_also_after_a_restart()
    {
        var key = await AddAsync("anna", Roles.Operator, Roles.Mapper);
        await Store.ReopenAsync();

        var principal = (await Store.Principals.AuthenticateAsync(key, Cancel)).ShouldNotBeNull();

        (principal.Name, principal.CreatedAt, principal.DisabledAt).ShouldBe(("anna", Store.Clock.GetUtcNow(), null));
        principal.Roles.ShouldBe([Roles.Operator, Roles.Mapper]);
    }

    [Fact]
    public async Task A_key_is_told_once_and_no_name_has_two()
    {
        var first = await AddAsync("anna", Roles.Operator);

        (await Store.Principals.AddAsync("anna", [Roles.Administrator], Root, Cancel)).ShouldBeNull();

        (await Store.Principals.AuthenticateAsync(first, Cancel)).ShouldNotBeNull().Roles.ShouldBe([Roles.Operator]);
        (await Store.Principals.ListAsync(Cancel)).ShouldHaveSingleItem().ToString().ShouldNotContain(first.Split('_')[2]);
        (await Store.Principals.AuditAsync(long.MaxValue, 10, Cancel)).ShouldHaveSingleItem().Detail.ShouldBe(Roles.Operator);
    }

    [Fact]
    public async Task A_key_that_differs_in_its_last_digit_opens_nothing()
    {
        var key = await AddAsync("anna", Roles.Operator);
        var other = key[..^1] + (key[^1] == '0' ? '1' : '0');

        (await Store.Principals.AuthenticateAsync(other, Cancel)).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("ct")]
    [InlineData("ct__")]
    [InlineData("ct_000000000000_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ct_' OR 1=1 --_0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Text_that_is_no_known_key_opens_nothing(string text)
    {
        await AddAsync("anna", Roles.Operator);

        (await Store.Principals.AuthenticateAsync(text, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_disabled_key_opens_nothing_and_its_name_stays_taken()
    {
        var key = await AddAsync("anna", Roles.Operator);

        (await Store.Principals.DisableAsync("anna", Root, Cancel)).ShouldBeTrue();

        (await Store.Principals.AuthenticateAsync(key, Cancel)).ShouldBeNull();
        (await Store.Principals.DisableAsync("anna", Root, Cancel)).ShouldBeFalse();
        (await Store.Principals.DisableAsync("nobody", Root, Cancel)).ShouldBeFalse();
        (await Store.Principals.AddAsync("anna", [Roles.Viewer], Root, Cancel)).ShouldBeNull();
        (await Store.Principals.ListAsync(Cancel)).ShouldHaveSingleItem().DisabledAt.ShouldBe(Store.Clock.GetUtcNow());
    }

    [Fact]
    public async Task The_audit_trail_is_read_newest_first_in_pages()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            await AddAsync(name, Roles.Viewer);
        }

        var page = await Store.Principals.AuditAsync(long.MaxValue, 2, Cancel);

        page.Select(line => (line.Actor, line.Action, line.Subject)).ShouldBe([("command line", "principal.add", "c"), ("command line", "principal.add", "b")]);
        (await Store.Principals.AuditAsync(page[^1].Id, 2, Cancel)).ShouldHaveSingleItem().Subject.ShouldBe("a");
    }

    [Fact]
    public async Task The_audit_trail_cannot_be_changed_or_removed_by_anybody()
    {
        await AddAsync("anna", Roles.Operator);

        await Should.ThrowAsync<Exception>(Store.OverwriteAuditAsync);
        await Should.ThrowAsync<Exception>(Store.DeleteAuditAsync);

        (await Store.Principals.AuditAsync(long.MaxValue, 10, Cancel)).ShouldHaveSingleItem().Subject.ShouldBe("anna");
    }

    private async Task<string> AddAsync(string name, params string[] roles) => (await Store.Principals.AddAsync(name, roles, Root, Cancel)).ShouldNotBeNull();
}
