using System.Text.Json;
using Adapter.Host.Brokers;
using Adapter.Host.Delivery.DeadLetters;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Integration.Tests.EndToEnd;
using Adapter.TestKit.Brokers;
using Adapter.TestKit.Brokers.ServiceBus;
using Amqp;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Brokers;

/// <summary>Dead letters are told to a queue: what stopped, why, and where to find it, over every loss of the broker.</summary>
[Collection(BrokerRun.Name)]
[Trait("needs", "foreign-stack")]
public sealed class DeadLetterQueueTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dead-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_refused_message_is_told_as_a_CloudEvent_that_names_it()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        var queue = rabbit.TakeQueue();
        await using var host = await StartAsync(rabbit.Address, $"/amq/queue/{queue}");
        await RefuseOneAsync(host);
        await using var client = await QueueClient.ConnectAsync(rabbit.Address);

        var told = await ToldAsync(client, queue, 1);

        var message = told.ShouldHaveSingleItem();
        var lane = (await host.GetAsync("/api/lanes?state=parked"))[0];
        var data = Data(message);
        (data.GetProperty("destination").GetString(), data.GetProperty("subject").GetString(), data.GetProperty("number").GetInt64())
            .ShouldBe((TwinName.Manifest, lane.GetProperty("subject").GetString(), lane.GetProperty("head").GetInt64()));
        data.GetProperty("reason").GetString().ShouldBe(lane.GetProperty("reason").GetString());
        var story = await host.GetAsync(data.GetProperty("see").GetString()!);
        story.GetProperty("id").GetString().ShouldBe(data.GetProperty("messageId").GetString());
        data.GetProperty("attempts").GetInt64().ShouldBe(story.GetProperty("attempts").GetArrayLength());
        message.ApplicationProperties["cloudEvents_specversion"].ShouldBe("1.0");
        message.ApplicationProperties["cloudEvents_type"].ShouldBe("customstransit.dead-letter.parked");
        message.ApplicationProperties["cloudEvents_source"].ShouldBe("/customstransit/test");
        message.ApplicationProperties["cloudEvents_id"].ShouldBe(message.Properties.MessageId);
        message.Properties.ContentType.ToString().ShouldBe("application/json");
        Text(message).ShouldNotContain(new DemoLoad().Registration.Mrn!, Case.Sensitive, "nothing of what customs are told");
    }

    [Fact]
    public async Task What_stops_while_the_broker_is_dead_is_told_when_it_is_back()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        var queue = rabbit.TakeQueue();
        await using var host = await StartAsync(rabbit.Address, $"/amq/queue/{queue}");
        await Eventually.HoldsAsync(() => StateOf(host).Connected, "the queue is attached to");
        await rabbit.KillAsync();
        await Eventually.HoldsAsync(() => !StateOf(host).Connected, "the loss is noticed");
        (await host.Anonymous.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancel)).ShouldBe("Degraded");

        await RefuseOneAsync(host);
        host.Log.Lines.Count(line => line.EventId == 6021).ShouldBeInRange(1, 3, "told once for each reason");
        await rabbit.StartAgainAsync();

        await using var client = await QueueClient.ConnectAsync(rabbit.Address);
        (await ToldAsync(client, queue, 1)).ShouldHaveSingleItem();
        await Eventually.HoldsAsync(() => host.Log.Lines.Any(line => line.EventId == 6020), "its return is told");
        (await host.Services.GetRequiredService<IDeadLetterOutbox>().WaitingAsync(Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task A_queue_that_is_full_costs_no_letter()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        await using var client = await QueueClient.ConnectAsync(rabbit.Address);
        await client.SendAsync($"/amq/queue/{RabbitBroker.FullQueue}", [.. Enumerable.Range(0, 5).Select(_ => QueueClient.Of("{}"))]);
        await using var host = await StartAsync(rabbit.Address, $"/amq/queue/{RabbitBroker.FullQueue}");
        await RefuseOneAsync(host);

        await Eventually.HoldsAsync(() => host.Log.Lines.Any(line => line.EventId == 6021), "it is told that the queue takes nothing");
        (await host.Services.GetRequiredService<IDeadLetterOutbox>().WaitingAsync(Cancel)).ShouldBe(1);

        var letter = (await ToldAsync(client, RabbitBroker.FullQueue, 6)).Where(message => message.ApplicationProperties is not null).ShouldHaveSingleItem();

        Data(letter).GetProperty("destination").GetString().ShouldBe(TwinName.Manifest);
    }

    [Fact]
    public async Task Service_Bus_is_told_too()
    {
        await using var server = ServiceBusServer.Start();
        var queue = server.Add("dead-letters");
        await using var host = await StartAsync(server.ConnectionString, "dead-letters", ("Protocol", "ServiceBus"));
        await RefuseOneAsync(host);

        var told = await Eventually.GetAsync(() => Task.FromResult(queue.Messages), messages => messages.Count > 0, _ => host.Log.Text);

        told.ShouldHaveSingleItem().ApplicationProperties["cloudEvents_type"].ShouldBe("customstransit.dead-letter.parked");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<TestHost> StartAsync(string connection, string queue, params (string Name, string Value)[] settings)
    {
        var file = Path.Combine(_folder.FullName, "broker.secret");
        await File.WriteAllTextAsync(file, connection, Cancel);
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DeadLetters:Connection"] = $"file:{file}",
            ["DeadLetters:Queue"] = queue,
            ["DeadLetters:Source"] = "/customstransit/test",
        };
        foreach (var (name, value) in settings)
        {
            all[$"DeadLetters:{name}"] = value;
        }

        return await TestHost.StartAsync(new TestHostOptions { Settings = all });
    }

    /// <summary>Customs refuse the first message about a journey, so its lane parks.</summary>
    private static async Task RefuseOneAsync(TestHost host)
    {
        host.Twins.Order(TwinName.Manifest, new TwinOrder { Mode = TwinMode.Refuse, Count = 1 });
        await new DemoLoad().RunAsync(host);
        await Eventually.GetAsync(() => host.GetAsync("/api/lanes?state=parked"), lanes => lanes.GetArrayLength() == 1, lanes => lanes.ToString());
    }

    private static BrokerState StateOf(TestHost host) =>
        host.Services.GetRequiredService<BrokerBoard>().States.Single(state => state.Broker == DeadLetterPublisher.Name);

    private static async Task<IReadOnlyList<Message>> ToldAsync(QueueClient client, string queue, int least)
    {
        var told = new List<Message>();
        await Eventually.GetAsync(
            async () =>
            {
                told.AddRange(await client.DrainAsync($"/amq/queue/{queue}"));
                return told.Count;
            },
            count => count >= least, count => $"{count} told", TimeSpan.FromSeconds(60));
        return told;
    }

    private static string Text(Message message) => System.Text.Encoding.UTF8.GetString((byte[])message.Body);

    private static JsonElement Data(Message message)
    {
        using var json = JsonDocument.Parse(Text(message));
        return json.RootElement.Clone();
    }
}
