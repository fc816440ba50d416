using System.Net.Sockets;
using Adapter.Conformance;
using Adapter.Host.Delivery;
using Adapter.Host.Delivery.Transports;
using Microsoft.Extensions.Time.Testing;

namespace Adapter.Integration.Tests.Delivery;

public sealed class BreakerTests
{
    private static readonly Contracts.Admin.Destination Destination = Batch.Receiver("manifest") with { Concurrency = 8 };
    private static readonly AttemptEvidence Unreached = Of(null, left: false);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Breakers _breakers;

    public BreakerTests() => _breakers = new Breakers(_time);

    [Fact]
    public void Failures_in_a_row_stop_the_destination_and_an_answer_between_them_does_not()
    {
        Fail(4);
        _breakers.Observe("manifest", Of(200, left: true));
        Fail(4);
        _breakers.Places(Destination).ShouldBe(8);

        Fail(1);

        _breakers.Places(Destination).ShouldBe(0);
        _breakers.View("manifest").State.ShouldBe("open");
        _breakers.Places(Batch.Receiver("transportation")).ShouldBe(8, "others go on");
    }

    [Fact]
    public void After_its_rest_one_probe_is_made_and_its_success_lets_one_message_go()
    {
        Fail(5);
        _breakers.TryBeginProbe("manifest").ShouldBeFalse("the rest has not passed");
        _time.Advance(_breakers.NextProbe()!.Value - _time.GetUtcNow());

        _breakers.TryBeginProbe("manifest").ShouldBeTrue();
        _breakers.TryBeginProbe("manifest").ShouldBeFalse("one at a time");
        _breakers.Places(Destination).ShouldBe(0);
        _breakers.EndProbe("manifest", problem: null);

        _breakers.Places(Destination).ShouldBe(1);
        _breakers.Observe("manifest", Of(200, left: true));
        _breakers.Places(Destination).ShouldBe(8);
        _breakers.View("manifest").ShouldBe(new BreakerView("closed", null, null, null));
    }

    [Fact]
    public void Probes_that_fail_go_on_twice_a_minute_and_trials_that_fail_become_rare()
    {
        Fail(5);
        for (var i = 0; i < 10; i++)
        {
            var rest = Probe("still away");
            rest.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(36));
        }

        var rests = new List<TimeSpan>();
        for (var i = 0; i < 5; i++)
        {
            rests.Add(Probe(problem: null));
            Fail(1);
        }

        (_breakers.NextProbe()!.Value - _time.GetUtcNow()).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMinutes(10));
        _breakers.View("manifest").Since.ShouldBe(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), "it is one outage");
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(400, true)]
    [InlineData(500, true)]
    [InlineData(401, true)]
    [InlineData(429, false)]
    [InlineData(502, false)]
    [InlineData(503, false)]
    [InlineData(504, false)]
    [InlineData(null, false)]
    public void A_refusal_is_an_answer_and_a_busy_server_or_a_gateway_is_none(int? status, bool answered) =>
        Breakers.HasAnswered(Of(status, left: true)).ShouldBe(answered);

    /// <returns>The rest before this probe.</returns>
    private TimeSpan Probe(string? problem)
    {
        var rest = _breakers.NextProbe()!.Value - _time.GetUtcNow();
        _time.Advance(rest);
        _breakers.TryBeginProbe("manifest").ShouldBeTrue();
        _breakers.EndProbe("manifest", problem);
        return rest;
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _breakers.Observe("manifest", Unreached);
        }
    }

    private static AttemptEvidence Of(int? status, bool left) =>
        new(status, left ? null : SocketError.ConnectionRefused, null, null, left, null, ReadOnlyMemory<byte>.Empty, "as it was", TimeSpan.Zero);
}
