using Adapter.Host.Brokers;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using AmqpSource = Amqp.Framing.Source;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>Azure Service Bus by its AMQP 1.0 protocol: tokens over <c>$cbs</c>, peek-lock, locks renewed and dead letters made over <c>$management</c>, sessions.</summary>
/// <remarks>Written from the published protocol guide and proved against a server of our own that Microsoft's JavaScript client accepts; the cloud itself was never reached.</remarks>
internal sealed class ServiceBusBroker(BrokerOptions options, TimeProvider time) : IBroker
{
    private const string DeadLetter = "com.microsoft:dead-letter";
    private const string SessionFilter = "com.microsoft:session-filter";
    private const string ServerTimeout = "com.microsoft:timeout";

    /// <summary>How long the server waits for a session that has messages, in milliseconds; less than we wait for the attach.</summary>
    private const uint SessionWait = 5000;

    private readonly string _entity = options.Queue!;

    public bool CountsFailures => true;

    public string Where { get; } = BrokerLogin.WhereOf(options);

    public async Task<BrokerLink?> OpenAsync(CancellationToken cancellationToken)
    {
        var login = await BrokerLogin.OpenAsync(options, time, cancellationToken);
        try
        {
            return await AttachAsync(login, cancellationToken);
        }
        catch (AmqpException none) when (options.Sessions > 0 && none.Error.Condition?.ToString() == ServerTimeout)
        {
            return null;
        }
    }

    public Refusal Refuse(string reason, string description) => new(reason, description, new Error(new Symbol(DeadLetter))
    {
        Info = new Fields { [new Symbol("DeadLetterReason")] = reason, [new Symbol("DeadLetterErrorDescription")] = description },
    });

    private async Task<BrokerLink> AttachAsync(BrokerSession login, CancellationToken cancellationToken)
    {
        var source = new AmqpSource { Address = _entity };
        var attach = new Attach { Source = source, Target = new Target(), SndSettleMode = SenderSettleMode.Unsettled, RcvSettleMode = ReceiverSettleMode.First };
        if (options.Sessions > 0)
        {
            // Null asks for the next session that has messages and no reader.
            source.FilterSet = new Map { [new Symbol(SessionFilter)] = null };
            attach.Properties = new Fields { [new Symbol(ServerTimeout)] = SessionWait };
        }

        var link = await BrokerLink.AttachAsync(login, attach, options.Credit, time, cancellationToken);
        var management = new ServiceBusManagement(new RequestLink(login.Session, $"{_entity}/$management", time), SessionIdOf(link));
        link.PutsAside = management;
        link.Accompany(new LockKeeper(management, link, time).RunAsync);
        return link;
    }

    /// <summary>The session that the server has locked for this link, or null.</summary>
    private static string? SessionIdOf(BrokerLink link) => (link.Answer.Source as AmqpSource)?.FilterSet?[new Symbol(SessionFilter)] switch
    {
        string id => id,
        DescribedValue { Value: string id } => id,
        _ => null,
    };
}
