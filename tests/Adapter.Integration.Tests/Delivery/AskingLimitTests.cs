using Adapter.Host.Delivery.Outcomes;
using Adapter.Host.Delivery.Transports;

namespace Adapter.Integration.Tests.Delivery;

/// <summary>Asking and sending again have an end, and each wait is longer than the one before.</summary>
public sealed class AskingLimitTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static AttemptEvidence Lost { get; } = new(null, null, null, null, RequestLeft: true, null, ReadOnlyMemory<byte>.Empty, "The line went dead.", TimeSpan.FromSeconds(1));

    [Fact]
    public void The_last_lost_message_of_a_receiver_that_can_be_asked_parks_as_unknown()
    {
        var destination = Samples.Destination(inquiry: true, maxAttempts: 3);

        OutcomePolicy.After(Lost, null, destination, attempt: 2, Now).ShouldBeOfType<NextMove.Ask>();
        OutcomePolicy.After(Lost, null, destination, attempt: 3, Now).ShouldBeOfType<NextMove.Park>().OutcomeUnknown.ShouldBeTrue();
    }

    [Fact]
    public void A_message_that_never_arrives_is_sent_again_after_waits_that_grow()
    {
        var waits = Enumerable.Range(1, 6).Select(attempts => OutcomePolicy.AfterInquiry(Lost, known: false, Samples.Destination(inquiry: true), asked: 1, attempts, Now))
            .Select(move => move.ShouldBeOfType<NextMove.RetryAt>().At - Now).ToList();

        waits.ShouldBeInOrder();
        waits[^1].ShouldBeGreaterThan(TimeSpan.FromMinutes(30));
    }

    [Fact]
    public void A_receiver_that_does_not_tell_is_asked_again_after_waits_that_grow()
    {
        var waits = Enumerable.Range(1, 6).Select(asked => OutcomePolicy.AfterInquiry(Lost, known: null, Samples.Destination(inquiry: true, maxAttempts: 100), asked, attempts: 1, Now))
            .Select(move => move.ShouldBeOfType<NextMove.Ask>().At - Now).ToList();

        waits.ShouldBeInOrder();
        waits[^1].ShouldBeGreaterThan(TimeSpan.FromMinutes(30));
    }
}
