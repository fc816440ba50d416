using Adapter.Host.SoapServices;
using Xunit;

namespace Adapter.Conformance;

/// <summary>What callers rely on who send a message twice: an id is bound to one content, its answer is remembered, and every call leaves a line.</summary>
public abstract class SoapCallStoreConformance : StoreConformance
{
    private static readonly MessageKey Key = new("transit-registration", "legacy", "m-1");

    [Fact]
    public async Task An_id_is_bound_to_its_content_and_stays_open_until_it_is_answered()
    {
        (await BindAsync("one")).ShouldBeOfType<MessageBinding.Open>();
        (await BindAsync("one")).ShouldBeOfType<MessageBinding.Open>("whoever sent it may have died before the answer");
        (await BindAsync("two")).ShouldBeOfType<MessageBinding.OtherContent>();
        await Store.ReopenAsync();

        (await BindAsync("two")).ShouldBeOfType<MessageBinding.OtherContent>();
        (await BindAsync("one")).ShouldBeOfType<MessageBinding.Open>();
    }

    [Fact]
    public async Task The_first_answer_is_remembered_also_after_a_restart()
    {
        await BindAsync("one");
        await EndAsync("answered", "<first/>"u8.ToArray());
        await EndAsync("answered", "<second/>"u8.ToArray());
        await Store.ReopenAsync();

        (await BindAsync("one")).ShouldBeOfType<MessageBinding.Answered>().Answer.ShouldBe("<first/>"u8.ToArray());
        (await BindAsync("two")).ShouldBeOfType<MessageBinding.OtherContent>();
    }

    [Fact]
    public async Task Ids_of_two_callers_and_of_two_services_do_not_meet()
    {
        await BindAsync("one");

        (await BindAsync("two", Key with { Caller = "another" })).ShouldBeOfType<MessageBinding.Open>();
        (await BindAsync("two", Key with { Service = "another" })).ShouldBeOfType<MessageBinding.Open>();
        (await BindAsync("two", Key with { Id = "M-1" })).ShouldBeOfType<MessageBinding.Open>("an id is compared as it is written");
    }

    [Fact]
    public async Task An_id_whose_message_had_no_effect_is_free_and_one_that_was_answered_is_not()
    {
        await BindAsync("one");
        await EndAsync("fault: wrong", release: true);
        (await BindAsync("two")).ShouldBeOfType<MessageBinding.Open>();

        await EndAsync("answered", "<yes/>"u8.ToArray());
        await EndAsync("fault: wrong", release: true);
        (await BindAsync("two")).ShouldBeOfType<MessageBinding.Answered>("a copy that failed takes nothing from the one that was answered");
    }

    [Fact]
    public async Task A_provisional_answer_leaves_the_id_open()
    {
        await BindAsync("one");
        await EndAsync("answered");

        (await BindAsync("one")).ShouldBeOfType<MessageBinding.Open>();
        (await Store.RowsAsync("soap_messages")).ShouldBe(1);
    }

    [Fact]
    public async Task Every_end_leaves_an_audit_line_with_or_without_an_id()
    {
        await BindAsync("one");
        await EndAsync("answered", "<yes/>"u8.ToArray());
        await Store.SoapCalls.EndAsync("notifications", "gate", "GetPending", "soap.forbidden", key: null, answer: null, release: false, Cancel);
        await Store.ReopenAsync();

        (await Store.Principals.AuditAsync(long.MaxValue, 10, Cancel)).Select(line => (line.At, line.Actor, line.Action, line.Subject, line.Detail)).ShouldBe(
        [
            (Store.Clock.GetUtcNow(), "gate", "soap.GetPending", "notifications", "soap.forbidden"),
            (Store.Clock.GetUtcNow(), "legacy", "soap.RegisterMovement", "transit-registration m-1", "answered"),
        ]);
    }

    [Fact]
    public async Task Of_many_copies_at_once_none_is_bound_to_another_content()
    {
        var bound = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => BindAsync(i % 2 == 0 ? "one" : "two")));

        var open = bound.Select((binding, i) => (binding, i)).Where(b => b.binding is MessageBinding.Open).Select(b => b.i % 2).Distinct().ToList();
        open.ShouldHaveSingleItem("one content has the id, the other never");
        bound.Count(binding => binding is MessageBinding.OtherContent).ShouldBe(20);
    }

    private Task<MessageBinding> BindAsync(string content, MessageKey? key = null) => Store.SoapCalls.BindAsync(key ?? Key, "RegisterMovement", content, Cancel);

    private Task EndAsync(string outcome, byte[]? answer = null, bool release = false) =>
        Store.SoapCalls.EndAsync(Key.Service, Key.Caller, "RegisterMovement", outcome, Key, answer, release, Cancel);
}
