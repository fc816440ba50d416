using System.Text;
using Adapter.Host.Storage;

namespace Adapter.Host.Brokers;

/// <summary>What can be wrong with the settings of a broker, all at once.</summary>
internal static class BrokerSettingsRules
{
    private static readonly TimeSpan ShortestIdle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestToken = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LongestToken = TimeSpan.FromDays(1);

    /// <returns>Each error beginning with the setting's name behind a colon.</returns>
    public static IEnumerable<string> Check(BrokerSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings.Queue))
        {
            yield return ":Queue: name the queue, such as /amq/queue/telemetry.";
        }

        if (settings.IdleTimeout < ShortestIdle || settings.IdleTimeout > LongestIdle)
        {
            yield return $":IdleTimeout: {settings.IdleTimeout} lies outside {ShortestIdle} to {LongestIdle}.";
        }

        foreach (var (setting, file) in new[] { (nameof(settings.TrustedAuthorities), settings.TrustedAuthorities), (nameof(settings.ClientCertificate), settings.ClientCertificate) })
        {
            if (file is not null && !File.Exists(file))
            {
                yield return $":{setting}: there is no file {file}.";
            }
        }

        if (settings.TokenLifetime < ShortestToken || settings.TokenLifetime > LongestToken)
        {
            yield return $":TokenLifetime: {settings.TokenLifetime} lies outside {ShortestToken} to {LongestToken}.";
        }

        foreach (var error in settings.Entra?.Check() ?? [])
        {
            yield return error;
        }

        if (CheckConnection(settings) is { } wrong)
        {
            yield return $":Connection: {wrong}";
        }
    }

    private static string? CheckConnection(BrokerSettings settings)
    {
        if (settings.Connection is not { } reference)
        {
            return "give env:NAME or file:/path; what it names holds the broker's address.";
        }

        try
        {
            var text = Encoding.UTF8.GetString(SecretReference.Resolve(reference));
            if (settings.Protocol == BrokerProtocol.ServiceBus)
            {
                return CheckServiceBus(ServiceBusConnection.Parse(text), settings);
            }

            var address = BrokerAddress.Parse(text);
            return address switch
            {
                _ when settings.Entra is not null => "Entra is for Service Bus. Set Protocol to ServiceBus, or leave Entra out.",
                { Tls: false, User: not null, IsLoopback: false } => $"a password would go to {address} in the clear. Use amqps://.",
                { User: null } when settings.ClientCertificate is null && !address.IsLoopback => $"nothing says who we are at {address}. Give user and password, or ClientCertificate.",
                { Tls: false } when settings.ClientCertificate is not null => "a client certificate needs amqps://.",
                _ => null,
            };
        }
        catch (Exception unusable) when (unusable is InvalidOperationException or FormatException)
        {
            return unusable.Message;
        }
    }

    private static string? CheckServiceBus(ServiceBusConnection bus, BrokerSettings settings) => (bus.EntityPath, bus.HasLogin, settings.Entra) switch
    {
        ({ } path, _, _) when !string.Equals(path, settings.Queue, StringComparison.OrdinalIgnoreCase) => $"the connection string is for {path}, and Queue says {settings.Queue}.",
        (_, false, null) => ServiceBusConnection.NoLogin,
        (_, true, not null) => "the connection string holds a key, and Entra says who we are too. Leave one of them out.",
        _ => null,
    };
}
