using System.Text;
using Adapter.TestKit.Brokers;
using Amqp;
using Amqp.Framing;

namespace Adapter.Integration.Tests.Brokers;

/// <summary>Reports through RabbitMQ's queues: what is settled, what is put aside, and what a killed broker costs.</summary>
[Collection(BrokerRun.Name)]
[Trait("needs", "foreign-stack")]
public sealed class RabbitIntakeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_reach_the_journal_in_order_and_leave_the_queue(bool quorum)
    {
        var rabbit = await BrokerBench.RabbitAsync();
        var queue = rabbit.TakeQueue(quorum);
        await using var client = await QueueClient.ConnectAsync(rabbit.Address);
        var reports = BrokerBench.Reports(500);
        (await client.SendAsync($"/amq/queue/{queue}", reports)).Count.ShouldBe(500);

        await using (var bench = await BrokerBench.StartAsync(rabbit.Address, queue))
        {
            await bench.JournalHoldsAsync(500);
            bench.Bodies().ShouldBe(reports.Select(Text));
            await Eventually.HoldsAsync(() => bench.State.Held() == 0, "everything is settled");
        }

        (await client.DrainAsync($"/amq/queue/{queue}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Poison_is_put_aside_with_its_reason_and_stops_nothing()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        var queue = rabbit.TakeQueue();
        await using var client = await QueueClient.ConnectAsync(rabbit.Address);
        var reports = BrokerBench.Reports(3);
        await client.SendAsync($"/amq/queue/{queue}",
        [
            reports[0], QueueClient.Of("no json", "bad-1"), reports[1],
            new Message { Properties = new Properties { MessageId = "bad-2" }, BodySection = new AmqpValue { Value = 7 } },
            QueueClient.Of($"[{string.Join(',', Enumerable.Repeat("{}", 6))}]", "bad-3"), reports[2],
        ]);

        await using var bench = await BrokerBench.StartAsync(rabbit.Address, queue, withTwins: false, ("Ingest:MaxRecords", "5"));
        await bench.JournalHoldsAsync(3);

        bench.Bodies().ShouldBe(reports.Select(Text));
        await Eventually.HoldsAsync(() => bench.State.Held() == 0, "everything is settled");
        bench.Reasons().Count.ShouldBe(3);
        bench.Host.Log.Lines.Where(line => line.EventId == 1025).Select(line => line.Text).ShouldContain(line => line.Contains("bad-1", StringComparison.Ordinal) && line.Contains("intake.not-json", StringComparison.Ordinal));
        (await client.DrainAsync($"/amq/queue/{queue}.dlq")).Select(message => message.Properties.MessageId).ShouldBe(["bad-1", "bad-2", "bad-3"]);
    }

    [Fact]
    public async Task Nothing_is_settled_while_the_store_is_away_and_no_more_is_taken_than_the_credit()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        var queue = rabbit.TakeQueue();
        await using var client = await QueueClient.ConnectAsync(rabbit.Address);
        await using var bench = await BrokerBench.StartAsync(rabbit.Address, queue, withTwins: false, ("Credit", "50"));
        await bench.ConnectedAsync();
        await bench.StoreGoesAsync();

        await client.SendAsync($"/amq/queue/{queue}", BrokerBench.Reports(400));
        await Eventually.HoldsAsync(() => bench.Host.Log.Lines.Any(line => line.EventId == 1024), "the log tells that the store is away");
        await Eventually.HoldsAsync(() => bench.State.Held() == 50, "as many are held as there is credit");
        bench.Count("journal").ShouldBe(0);

        bench.StoreComesBack();
        await bench.JournalHoldsAsync(400);
        bench.Host.Log.Lines.Count(line => line.EventId == 1024).ShouldBe(1);
        bench.Count("journal").ShouldBe(400);
    }

    [Fact]
    public async Task A_host_that_stops_gives_back_what_it_holds()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        var queue = rabbit.TakeQueue();
        await using var client = await QueueClient.ConnectAsync(rabbit.Address);
        await using (var bench = await BrokerBench.StartAsync(rabbit.Address, queue))
        {
            await bench.ConnectedAsync();
            await bench.StoreGoesAsync();
            await client.SendAsync($"/amq/queue/{queue}", BrokerBench.Reports(20));
            await Eventually.HoldsAsync(() => bench.State.Held() == 20, "all are held");
        }

        (await client.DrainAsync($"/amq/queue/{queue}")).Count.ShouldBe(20);
    }

    private static string Text(Message message) => Encoding.UTF8.GetString(((Data)message.BodySection).Binary);
}
