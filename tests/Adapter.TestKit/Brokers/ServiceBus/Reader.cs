using Amqp.Framing;
using Amqp.Listener;

namespace Adapter.TestKit.Brokers.ServiceBus;

/// <summary>One receiving link.</summary>
/// <remarks>Counts its credit itself: the library's count goes wrong when a drain comes in between.</remarks>
internal sealed class Reader(QueueState queue, ListenerLink link, string? sessionId) : LinkEndpoint
{
    public ListenerLink Link { get; } = link;

    public string? SessionId { get; } = sessionId;

    public int Credit { get; set; }

    public bool Drains { get; set; }

    /// <summary>Tells a reader that wanted all there is that there is no more.</summary>
    public void AnswerDrain(Lock gate)
    {
        lock (gate)
        {
            if (!Drains)
            {
                return;
            }

            (Drains, Credit) = (false, 0);
        }

        Link.SetCredit(0, true, false);
    }

    public override void OnFlow(FlowContext flowContext) => queue.Flow(this, flowContext.Messages, flowContext.Link.IsDraining);

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        if (Link.IsClosed || Link.Session.IsClosed || Link.Session.Connection.IsClosed)
        {
            // The library's word and not the receiver's: for what could not be sent any more it says rejected.
            Credit = 0;
            queue.Settle((Delivery)dispositionContext.Message, new Released());
            return;
        }

        var answer = queue.Settle((Delivery)dispositionContext.Message, dispositionContext.DeliveryState);
        if (!dispositionContext.Settled)
        {
            Link.DisposeMessage(dispositionContext.Message, answer, true);
        }
    }

    public override void OnLinkClosed(ListenerLink link, Error error) => queue.End(this);
}
