using Adapter.Host.Brokers;
using Amqp.Framing;
using AmqpSource = Amqp.Framing.Source;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>A broker that speaks AMQP 1.0 and nothing on top of it.</summary>
/// <remarks>
/// Asks only for what all of them know: accepted, released and rejected. <c>modified</c> is left out, because RabbitMQ 3 ends the
/// session over it, and so are delivery counts, which it does not keep.
/// </remarks>
internal sealed class PlainBroker(BrokerOptions options, TimeProvider time) : IBroker
{
    private const string RefusalCondition = "customstransit:refused";

    public bool CountsFailures => false;

    public string Where { get; } = BrokerLogin.WhereOf(options);

    public async Task<BrokerLink?> OpenAsync(CancellationToken cancellationToken)
    {
        var login = await BrokerLogin.OpenAsync(options, time, cancellationToken);
        var attach = new Attach
        {
            Source = new AmqpSource { Address = options.Queue },
            Target = new Target(),
            SndSettleMode = SenderSettleMode.Unsettled,
            RcvSettleMode = ReceiverSettleMode.First,
        };
        return await BrokerLink.AttachAsync(login, attach, options.Credit, time, cancellationToken);
    }

    public Refusal Refuse(string reason, string description) =>
        new(reason, description, new Error(new global::Amqp.Types.Symbol(RefusalCondition)) { Description = $"{reason}: {description}" });
}
