using Adapter.Host.Brokers;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>What can be wrong with the settings of a broker that is read from, all at once.</summary>
internal static class BrokerOptionsRules
{
    /// <returns>Each error beginning with the setting's name behind a colon.</returns>
    public static IEnumerable<string> Check(BrokerOptions options) => [.. BrokerSettingsRules.Check(options), .. OfReading(options)];

    private static IEnumerable<string> OfReading(BrokerOptions options)
    {
        if (options.Credit is < 1 or > 2000)
        {
            yield return $":Credit: {options.Credit} lies outside 1 to 2000.";
        }

        if (options.MaxAttempts is < 1 or > 100)
        {
            yield return $":MaxAttempts: {options.MaxAttempts} lies outside 1 to 100.";
        }

        if (options.Sessions is < 0 or > 100 || (options.Sessions > 0 && options.Protocol != BrokerProtocol.ServiceBus))
        {
            yield return $":Sessions: {options.Sessions} lies outside 0 to 100, or the broker is no Service Bus.";
        }
    }
}
