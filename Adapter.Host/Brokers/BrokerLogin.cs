using System.Text;
using Adapter.Host.Storage;
using Amqp;
using Amqp.Sasl;

namespace Adapter.Host.Brokers;

/// <summary>Connects and logs in, in the way that a broker's protocol has for it.</summary>
internal static class BrokerLogin
{
    /// <summary>Where the broker is, for logs.</summary>
    public static string WhereOf(BrokerSettings settings) => (settings.Protocol == BrokerProtocol.ServiceBus ? ServiceBusOf(settings).Address : AddressOf(settings)).ToString();

    /// <summary>Everything is made anew, and what the settings refer to is read anew, so a changed password is used.</summary>
    /// <exception cref="Exception">Any that <see cref="BrokerLoss.Of(Exception)"/> knows.</exception>
    public static async Task<BrokerSession> OpenAsync(BrokerSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        using var certificates = new BrokerCertificates(settings);
        if (settings.Protocol == BrokerProtocol.ServiceBus)
        {
            var bus = ServiceBusOf(settings);
            return await WithTokensAsync(
                await BrokerConnector.ConnectAsync(bus.Address, SaslProfile.Anonymous, settings, certificates, time, cancellationToken), bus, settings, time, cancellationToken);
        }

        var address = AddressOf(settings);
        var connection = await BrokerConnector.ConnectAsync(address, SaslFor(address, certificates), settings, certificates, time, cancellationToken);
        return new BrokerSession(connection, new Session(connection), Renewal: null);
    }

    /// <summary>Service Bus is told who we are by signed tokens, after the connection is made.</summary>
    private static async Task<BrokerSession> WithTokensAsync(
        Connection connection, ServiceBusConnection bus, BrokerSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            var session = new Session(connection);
            var entity = $"sb://{bus.Address.Host}/{settings.Queue}";
            var tokens = new TokenKeeper(new RequestLink(session, "$cbs", time), TokensOf(bus, settings, time), [entity, $"{entity}/$management"], time);
            var expires = await tokens.PutAsync(cancellationToken);
            return new BrokerSession(connection, session, gone => tokens.RunAsync(expires, gone));
        }
        catch
        {
            connection.Close(TimeSpan.Zero, null);
            throw;
        }
    }

    private static ITokenSource TokensOf(ServiceBusConnection bus, BrokerSettings settings, TimeProvider time) => (settings.Entra, bus) switch
    {
        ({ } entra, _) => new EntraTokens(entra, time),
        (_, { Signature: { } signature }) => new ReadyToken(signature),
        (_, { KeyName: { } name, Key: { } key }) => new SharedAccessTokens(name, key, settings.TokenLifetime, time),
        _ => throw new FormatException(ServiceBusConnection.NoLogin),
    };

    /// <summary>PLAIN comes about by user and password in the address.</summary>
    private static SaslProfile? SaslFor(BrokerAddress address, BrokerCertificates certificates) => address.User is not null
        ? null
        : certificates.Own is not null ? SaslProfile.External : SaslProfile.Anonymous;

    private static BrokerAddress AddressOf(BrokerSettings settings) => BrokerAddress.Parse(Secret(settings));

    private static ServiceBusConnection ServiceBusOf(BrokerSettings settings) => ServiceBusConnection.Parse(Secret(settings));

    private static string Secret(BrokerSettings settings) => Encoding.UTF8.GetString(SecretReference.Resolve(settings.Connection!));
}
