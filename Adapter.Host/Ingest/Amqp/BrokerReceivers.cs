using Adapter.Host.Brokers;
using Adapter.Host.Ingest.Gaps;
using Adapter.Host.Journal;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>Runs one receiver for each broker of the settings.</summary>
/// <param name="time">This machine's, by which tokens are made and links are timed.</param>
/// <param name="received">By which messages are received.</param>
internal sealed class BrokerReceivers(
    IOptions<IngestOptions> options, BodyReader bodies, IJournal journal, GapBook gaps, BrokerBoard board, AdapterMetrics metrics, TimeProvider time,
    [FromKeyedServices(StoreClock.Key)] TimeProvider received, ILoggerFactory loggers) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(options.Value.Brokers.SelectMany(Receivers).Select(receiver =>
        // Off the start's thread: the first attempt may take its time.
        Task.Run(() => receiver.RunAsync(stoppingToken), CancellationToken.None)));

    /// <summary>One; or one for each session that is read at the same time.</summary>
    private IEnumerable<BrokerReceiver> Receivers(KeyValuePair<string, BrokerOptions> broker) => broker.Value.Sessions == 0
        ? [Receiver(broker.Key, broker.Key, broker.Value)]
        : Enumerable.Range(1, broker.Value.Sessions).Select(number => Receiver($"{broker.Key}/{number}", broker.Key, broker.Value));

    private BrokerReceiver Receiver(string name, string source, BrokerOptions settings)
    {
        var logger = loggers.CreateLogger<BrokerReceiver>();
        IBroker broker = settings.Protocol == BrokerProtocol.ServiceBus ? new ServiceBusBroker(settings, time) : new PlainBroker(settings, time);
        var intake = new BrokerIntake(name, settings, broker, bodies, journal, gaps, new BrokerRoutes(source, settings), options, metrics, received, logger);
        return new BrokerReceiver(name, settings, broker, intake, board, metrics, new ReconnectPause(Jitter), time, logger);
    }

    private static double Jitter() => System.Security.Cryptography.RandomNumberGenerator.GetInt32(1000) / 1000.0;
}
