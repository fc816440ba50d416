using Adapter.Host.Ingest.Gaps;
using Adapter.Host.Journal;
using Adapter.Host.Observability;
using Microsoft.Extensions.Options;

namespace Adapter.Host.Ingest.Amqp;

/// <summary>Runs one receiver for each broker of the settings.</summary>
internal sealed class BrokerReceivers(
    IOptions<IngestOptions> options, BodyReader bodies, IJournal journal, GapBook gaps, BrokerBoard board, AdapterMetrics metrics, TimeProvider time, ILoggerFactory loggers)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(options.Value.Brokers.Select(broker =>
        // Off the start's thread: the first attempt may take its time.
        Task.Run(() => Receiver(broker.Key, broker.Value).RunAsync(stoppingToken), CancellationToken.None)));

    private BrokerReceiver Receiver(string name, BrokerOptions settings)
    {
        var logger = loggers.CreateLogger<BrokerReceiver>();
        var broker = new PlainBroker(settings, time);
        var intake = new BrokerIntake(name, settings, broker, bodies, journal, gaps, new BrokerRoutes(name, settings), options, metrics, time, logger);
        return new BrokerReceiver(name, settings, broker, intake, board, metrics, new ReconnectPause(Jitter), time, logger);
    }

    private static double Jitter() => System.Security.Cryptography.RandomNumberGenerator.GetInt32(1000) / 1000.0;
}
