using System.Text;
using Adapter.Host.Storage;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using Amqp.Types;
using AmqpSource = Amqp.Framing.Source;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>Azure Service Bus by its AMQP 1.0 protocol: tokens over <c>$cbs</c>, peek-lock, locks renewed over <c>$management</c>, dead letters with a reason, sessions.</summary>
/// <remarks>Written from the published protocol guide and proved against a server of our own that Microsoft's JavaScript client accepts; the cloud itself was never reached.</remarks>
internal sealed class ServiceBusBroker(BrokerOptions options, TimeProvider time) : IBroker
{
    private const string DeadLetter = "com.microsoft:dead-letter";
    private const string SessionFilter = "com.microsoft:session-filter";
    private const string ServerTimeout = "com.microsoft:timeout";

    /// <summary>How long the server waits for a session that has messages, in milliseconds; less than we wait for the attach.</summary>
    private const uint SessionWait = 5000;

    private readonly string _connection = options.Connection!;
    private readonly string _entity = options.Queue!;

    public bool CountsFailures => true;

    public string Where { get; } = ConnectionOf(options.Connection!).Address.ToString();

    public async Task<BrokerLink?> OpenAsync(CancellationToken cancellationToken)
    {
        var settings = ConnectionOf(_connection);
        using var certificates = new BrokerCertificates(options);
        var connection = await BrokerConnector.ConnectAsync(settings.Address, SaslProfile.Anonymous, options, certificates, time, cancellationToken);
        try
        {
            return await AttachAsync(connection, settings, cancellationToken);
        }
        catch (AmqpException none) when (options.Sessions > 0 && none.Error.Condition?.ToString() == ServerTimeout)
        {
            connection.Close(TimeSpan.Zero, null);
            return null;
        }
        catch
        {
            connection.Close(TimeSpan.Zero, null);
            throw;
        }
    }

    public Error Refusal(string reason, string description) => new(new Symbol(DeadLetter))
    {
        Info = new Fields { [new Symbol("DeadLetterReason")] = reason, [new Symbol("DeadLetterErrorDescription")] = description },
    };

    private async Task<BrokerLink> AttachAsync(Connection connection, ServiceBusConnection settings, CancellationToken cancellationToken)
    {
        var session = new Session(connection);
        var entity = $"sb://{settings.Address.Host}/{_entity}";
        var tokens = new TokenKeeper(new RequestLink(session, "$cbs", time), settings, [entity, $"{entity}/$management"], options.TokenLifetime, time);
        var expires = await tokens.PutAsync(cancellationToken);

        var source = new AmqpSource { Address = _entity };
        var attach = new Attach { Source = source, Target = new Target(), SndSettleMode = SenderSettleMode.Unsettled, RcvSettleMode = ReceiverSettleMode.First };
        if (options.Sessions > 0)
        {
            // Null asks for the next session that has messages and no reader.
            source.FilterSet = new Map { [new Symbol(SessionFilter)] = null };
            attach.Properties = new Fields { [new Symbol(ServerTimeout)] = SessionWait };
        }

        var link = await BrokerLink.AttachAsync(connection, session, attach, options.Credit, time, cancellationToken);
        var locks = new LockKeeper(new RequestLink(session, $"{_entity}/$management", time), link, SessionIdOf(link), time);
        link.Accompany(gone => tokens.RunAsync(expires, gone));
        link.Accompany(locks.RunAsync);
        return link;
    }

    /// <summary>The session that the server has locked for this link, or null.</summary>
    private static string? SessionIdOf(BrokerLink link) => (link.Answer.Source as AmqpSource)?.FilterSet?[new Symbol(SessionFilter)] switch
    {
        string id => id,
        DescribedValue { Value: string id } => id,
        _ => null,
    };

    private static ServiceBusConnection ConnectionOf(string reference) => ServiceBusConnection.Parse(Encoding.UTF8.GetString(SecretReference.Resolve(reference)));
}
