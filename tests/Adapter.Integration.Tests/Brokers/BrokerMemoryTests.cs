using Adapter.TestKit.Brokers;

namespace Adapter.Integration.Tests.Brokers;

/// <summary>However much waits in the broker while the store is slow or away: as much is held as there is credit.</summary>
[Collection(AloneRun.Name)]
[Trait("needs", "alone")]
public sealed class BrokerMemoryTests
{
    private const int Messages = 20_000;

    private const int Credit = 200;

    private const int MessageBytes = 8 * 1024;

    /// <summary>A quarter of what waits; the host itself is in it.</summary>
    private const long MostKept = 40L * 1024 * 1024;

    [Fact]
    public async Task A_queue_of_160_MB_before_a_store_that_is_away_takes_no_more_memory_than_its_credit()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        var queue = rabbit.TakeQueue();
        var filler = new string('x', MessageBytes);
        await using (var client = await QueueClient.ConnectAsync(rabbit.Address))
        {
            for (var sent = 0; sent < Messages; sent += 1000)
            {
                await client.SendAsync($"/amq/queue/{queue}", [.. Enumerable.Range(sent, 1000).Select(i => QueueClient.Of($$"""{"assetId":"{{8_022_300_000 + i}}","filler":"{{filler}}"}""", $"m-{i}"))]);
            }
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var bench = await BrokerBench.StartAsync(rabbit.Address, queue);
        await bench.ConnectedAsync();
        await bench.StoreGoesAsync();
        await Eventually.HoldsAsync(() => bench.Host.Log.Lines.Any(line => line.EventId == 1024), "the log tells that the store is away");
        // Credit is given by the 200, when the last of it is settled.
        var held = Credit - (int)(bench.Count("journal") % Credit);
        await Eventually.HoldsAsync(() => bench.State.Held() >= held, "the rest of the credit is handed over");
        bench.Count("journal").ShouldBeLessThan(Messages / 2, "most of it waits in the broker");

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MostKept);
        bench.State.Held().ShouldBe(held, "no more is taken than the credit");
    }
}
