using System.Text;
using Adapter.Host.Brokers;
using Adapter.Host.Ingest;
using Adapter.Host.Ingest.Amqp;
using Adapter.Host.Ingest.Gaps;
using Adapter.Host.Journal;
using Adapter.Host.Observability;
using Adapter.Host.Storage;
using Adapter.TestKit.Brokers;
using Adapter.TestKit.Brokers.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Adapter.Integration.Tests.Brokers;

/// <summary>A message that fails by a fault of ours, although the store is there: it is tried a few times, stops no other, and is put aside with the reason.</summary>
[Collection(BrokerRun.Name)]
public sealed class FailingMessageTests : IDisposable
{
    private const string Poison = "8099900000";

    private const int MaxAttempts = 3;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("failing-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task On_Service_Bus_it_is_abandoned_so_that_the_service_counts_it_and_becomes_a_dead_letter()
    {
        await using var server = ServiceBusServer.Start();
        var queue = server.Add("telemetry");
        var (before, after) = (BrokerBench.Reports(3), BrokerBench.Reports(3, from: 3));
        before.ToList().ForEach(queue.Enqueue);
        queue.Enqueue(QueueClient.Of($$"""{"assetId":"{{Poison}}"}""", "bad"));
        after.ToList().ForEach(queue.Enqueue);

        await using var host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false });
        var journal = await ReadAsync(host, new BrokerOptions { Protocol = BrokerProtocol.ServiceBus, Connection = Secret(server.ConnectionString), Queue = "telemetry" }, () => queue.Count == 0);

        var dead = server.DeadLetters("telemetry").Messages.ShouldHaveSingleItem();
        dead.Properties.MessageId.ShouldBe("bad");
        dead.ApplicationProperties["DeadLetterReason"].ShouldBe("intake.failed");
        dead.ApplicationProperties["DeadLetterErrorDescription"].ShouldBe("It failed 3 times, the last time with InvalidOperationException.");
        journal.Alone.ShouldBe(MaxAttempts, "tried as often as the settings say");
        queue.FailedDeliveries.ShouldBe(MaxAttempts - 1, "the last time it is refused instead");
        BrokerBench.BodiesOf(host, "queue").Count.ShouldBe(6, "it stops no other");
    }

    /// <remarks>It knows no failed delivery and counts none: we count.</remarks>
    [Fact]
    [Trait("needs", "foreign-stack")]
    public async Task On_RabbitMQ_it_is_released_and_counted_here_and_goes_where_the_queue_has_it()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        var name = rabbit.TakeQueue();
        await using var client = await QueueClient.ConnectAsync(rabbit.Address);
        await client.SendAsync($"/amq/queue/{name}", [.. BrokerBench.Reports(3), QueueClient.Of($$"""{"assetId":"{{Poison}}"}""", "bad"), .. BrokerBench.Reports(3, from: 3)]);

        await using var host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false });
        var board = host.Services.GetRequiredService<BrokerBoard>();
        var journal = await ReadAsync(host, new BrokerOptions { Connection = Secret(rabbit.Address), Queue = $"/amq/queue/{name}" }, () =>
            BrokerBench.BodiesOf(host, "queue").Count == 6 && board.States.All(state => state.Held() == 0) && host.Log.Lines.Any(line => line.EventId == 1025));

        journal.Alone.ShouldBe(MaxAttempts);
        (await client.DrainAsync($"/amq/queue/{name}.dlq")).ShouldHaveSingleItem().Properties.MessageId.ShouldBe("bad");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Reads the queue into the host's journal, which has a fault, until what is waited for has come about.</summary>
    private static async Task<Faulty> ReadAsync(TestHost host, BrokerOptions broker, Func<bool> until)
    {
        broker.MaxAttempts = MaxAttempts;
        var services = host.Services;
        var options = new IngestOptions();
        options.Brokers["queue"] = broker;
        var journal = new Faulty(services.GetRequiredService<IJournal>());
        using var receivers = new BrokerReceivers(
            Options.Create(options), services.GetRequiredService<BodyReader>(), journal, services.GetRequiredService<GapBook>(), services.GetRequiredService<BrokerBoard>(),
            services.GetRequiredService<AdapterMetrics>(), TimeProvider.System, TimeProvider.System, services.GetRequiredService<ILoggerFactory>());
        await receivers.StartAsync(Cancel);
        await Eventually.HoldsAsync(until, "all is settled");
        await receivers.StopAsync(Cancel);
        return journal;
    }

    private string Secret(string value)
    {
        var file = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N"));
        File.WriteAllText(file, value);
        return $"file:{file}";
    }

    /// <summary>A journal with a fault that one record brings out.</summary>
    private sealed class Faulty(IJournal inner) : IJournal
    {
        private int _alone;

        /// <summary>How often the record was tried by itself.</summary>
        public int Alone => Volatile.Read(ref _alone);

        public Task<IReadOnlyList<AppendResult>> AppendAsync(IReadOnlyList<ReceivedRecord> records, CancellationToken cancellationToken)
        {
            if (!records.Any(record => Encoding.UTF8.GetString(record.Body.Span).Contains(Poison, StringComparison.Ordinal)))
            {
                return inner.AppendAsync(records, cancellationToken);
            }

            _ = records.Count == 1 ? Interlocked.Increment(ref _alone) : 0;
            throw new InvalidOperationException("a fault of ours");
        }

        public Task KeepUnreadableAsync(UnreadableBody body, CancellationToken cancellationToken) => inner.KeepUnreadableAsync(body, cancellationToken);

        public Task<EntryStory?> FindAsync(long position, CancellationToken cancellationToken) => inner.FindAsync(position, cancellationToken);

        public Task<bool> RetryAsync(long position, Actor actor, CancellationToken cancellationToken) => inner.RetryAsync(position, actor, cancellationToken);

        public Task<JournalCounts> CountAsync(CancellationToken cancellationToken) => inner.CountAsync(cancellationToken);
    }
}
