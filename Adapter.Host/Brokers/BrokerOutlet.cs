using Amqp;
using Amqp.Framing;
using Amqp.Types;
using AmqpSource = Amqp.Framing.Source;

namespace Adapter.Host.Brokers;

/// <summary>One sending link with its connection.</summary>
internal sealed class BrokerOutlet : IAsyncDisposable
{
    private readonly LinkLife _life;
    private readonly SenderLink _link;
    private readonly TimeProvider _time;

    private BrokerOutlet(LinkLife life, SenderLink link, TimeProvider time) => (_life, _link, _time) = (life, link, time);

    /// <inheritdoc cref="LinkLife.Gone"/>
    public CancellationToken Gone => _life.Gone;

    /// <inheritdoc cref="LinkLife.Loss"/>
    public BrokerLoss? Loss => _life.Loss;

    /// <exception cref="Exception">Any that <see cref="BrokerLoss.Of(Exception)"/> knows.</exception>
    public static async Task<BrokerOutlet> OpenAsync(BrokerSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var login = await BrokerLogin.OpenAsync(settings, time, cancellationToken);
        var attach = new Attach { Source = new AmqpSource(), Target = new Target { Address = settings.Queue }, SndSettleMode = SenderSettleMode.Unsettled };
        var (life, link) = await LinkLife.AttachAsync(login, (session, name, attached) => new SenderLink(session, name, attach, attached), time, cancellationToken);
        return new BrokerOutlet(life, link, time);
    }

    /// <summary>Returns when the broker has taken the message.</summary>
    /// <exception cref="AmqpException">It did not take it, or is gone: it may have it all the same.</exception>
    /// <exception cref="TimeoutException">It did not say.</exception>
    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _link.Send(message, (_, _, outcome, _) =>
        {
            if (outcome is Accepted)
            {
                taken.TrySetResult();
            }
            else
            {
                taken.TrySetException(new AmqpException((outcome as Rejected)?.Error ?? new Error(new Symbol("customstransit:not-taken")) { Description = $"the queue answered {outcome}; it may be full" }));
            }
        }, null);
        await taken.Task.WaitAsync(BrokerConnector.Patience, _time, cancellationToken);
    }

    public ValueTask DisposeAsync() => _life.DisposeAsync();
}
