using Adapter.Host.SoapServices;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Host.Tests.SoapServices;

public class IdleCallsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly IdleCalls _idle;

    public IdleCallsTests() => _idle = new IdleCalls(_time);

    [Fact]
    public void The_first_call_that_finds_nothing_has_a_line_and_those_of_an_hour_share_the_next()
    {
        Poll().ShouldBe("answered");
        Poll().ShouldBeNull();
        _time.Advance(IdleCalls.Span - TimeSpan.FromSeconds(1));
        Poll().ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));

        Poll().ShouldBe("answered; found nothing 2 times before");
        Poll().ShouldBeNull();
    }

    [Fact]
    public void A_call_that_found_something_always_has_a_line_and_tells_of_the_others()
    {
        Found().ShouldBe("answered");
        Found().ShouldBe("answered");
        Poll();
        Poll();
        Poll();

        Found().ShouldBe("answered; found nothing 2 times before");
        Found().ShouldBe("answered");
    }

    [Fact]
    public void Callers_and_operations_are_counted_by_themselves()
    {
        Poll();
        Poll();

        _idle.Line("notifications", "another", "GetPending", "answered", foundNothing: true).ShouldBe("answered");
        _idle.Line("notifications", "gate", "Acknowledge", "answered", foundNothing: false).ShouldBe("answered");
    }

    private string? Poll() => _idle.Line("notifications", "gate", "GetPending", "answered", foundNothing: true);

    private string? Found() => _idle.Line("notifications", "gate", "GetPending", "answered", foundNothing: false);
}
