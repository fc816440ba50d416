using System.Text;
using Adapter.Host.Storage;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>What can be wrong with a broker's settings, all at once.</summary>
internal static class BrokerOptionsRules
{
    private static readonly TimeSpan ShortestIdle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortestToken = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan LongestToken = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(5);

    /// <returns>Each error beginning with the setting's name behind a colon.</returns>
    public static IEnumerable<string> Check(BrokerOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Queue))
        {
            yield return ":Queue: name the queue to read from, such as /amq/queue/telemetry.";
        }

        if (options.Credit is < 1 or > 2000)
        {
            yield return $":Credit: {options.Credit} lies outside 1 to 2000.";
        }

        if (options.MaxAttempts is < 1 or > 100)
        {
            yield return $":MaxAttempts: {options.MaxAttempts} lies outside 1 to 100.";
        }

        if (options.IdleTimeout < ShortestIdle || options.IdleTimeout > LongestIdle)
        {
            yield return $":IdleTimeout: {options.IdleTimeout} lies outside {ShortestIdle} to {LongestIdle}.";
        }

        foreach (var (setting, file) in new[] { (nameof(options.TrustedAuthorities), options.TrustedAuthorities), (nameof(options.ClientCertificate), options.ClientCertificate) })
        {
            if (file is not null && !File.Exists(file))
            {
                yield return $":{setting}: there is no file {file}.";
            }
        }

        if (options.Sessions is < 0 or > 100 || (options.Sessions > 0 && options.Protocol != BrokerProtocol.ServiceBus))
        {
            yield return $":Sessions: {options.Sessions} lies outside 0 to 100, or the broker is no Service Bus.";
        }

        if (options.TokenLifetime < ShortestToken || options.TokenLifetime > LongestToken)
        {
            yield return $":TokenLifetime: {options.TokenLifetime} lies outside {ShortestToken} to {LongestToken}.";
        }

        if (CheckConnection(options) is { } error)
        {
            yield return $":Connection: {error}";
        }
    }

    private static string? CheckConnection(BrokerOptions options)
    {
        if (options.Connection is not { } reference)
        {
            return "give env:NAME or file:/path; what it names holds the broker's address.";
        }

        try
        {
            var text = Encoding.UTF8.GetString(SecretReference.Resolve(reference));
            if (options.Protocol == BrokerProtocol.ServiceBus)
            {
                return ServiceBusConnection.Parse(text).EntityPath is { } path && !string.Equals(path, options.Queue, StringComparison.OrdinalIgnoreCase)
                    ? $"the connection string is for {path}, and Queue says {options.Queue}."
                    : null;
            }

            var address = BrokerAddress.Parse(text);
            return address switch
            {
                { Tls: false, User: not null, IsLoopback: false } => $"a password would go to {address} in the clear. Use amqps://.",
                { User: null } when options.ClientCertificate is null && !address.IsLoopback => $"nothing says who we are at {address}. Give user and password, or ClientCertificate.",
                { Tls: false } when options.ClientCertificate is not null => "a client certificate needs amqps://.",
                _ => null,
            };
        }
        catch (Exception unusable) when (unusable is InvalidOperationException or FormatException)
        {
            return unusable.Message;
        }
    }
}
