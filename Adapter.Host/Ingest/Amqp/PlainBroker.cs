using System.Text;
using Adapter.Host.Storage;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
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

    // Only sets the reference at rest; what it names was checked at start and is read for each connection, so a changed password is used.
    private readonly string _connection = options.Connection!;

    public bool CountsFailures => false;

    public string Where { get; } = AddressOf(options.Connection!).ToString();

    public async Task<BrokerLink?> OpenAsync(CancellationToken cancellationToken)
    {
        var address = AddressOf(_connection);
        using var certificates = new BrokerCertificates(options);
        var connection = await BrokerConnector.ConnectAsync(address, SaslFor(address, certificates), options, certificates, time, cancellationToken);
        var attach = new Attach
        {
            Source = new AmqpSource { Address = options.Queue },
            Target = new Target(),
            SndSettleMode = SenderSettleMode.Unsettled,
            RcvSettleMode = ReceiverSettleMode.First,
        };
        return await BrokerLink.AttachAsync(connection, new Session(connection), attach, options.Credit, time, cancellationToken);
    }

    public Error Refusal(string reason, string description) => new(new global::Amqp.Types.Symbol(RefusalCondition)) { Description = $"{reason}: {description}" };

    /// <summary>PLAIN comes about by user and password in the address.</summary>
    private static SaslProfile? SaslFor(BrokerAddress address, BrokerCertificates certificates) => address.User is not null
        ? null
        : certificates.Own is not null ? SaslProfile.External : SaslProfile.Anonymous;

    private static BrokerAddress AddressOf(string reference) => BrokerAddress.Parse(Encoding.UTF8.GetString(SecretReference.Resolve(reference)));
}
