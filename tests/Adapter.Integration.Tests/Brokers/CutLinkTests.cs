using System.Globalization;
using Adapter.Host.Brokers;
using Adapter.TestKit.Brokers;
using Adapter.TestKit.Brokers.ServiceBus;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Brokers;

/// <summary>A connection that ends at any step, from the first byte to the settling, costs nothing and doubles nothing.</summary>
[Collection(BrokerRun.Name)]
public sealed class CutLinkTests : IDisposable
{
    private const int Reports = 3;

    /// <summary>More than it takes to log in, attach, receive and settle.</summary>
    private const int Steps = 24;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cut-");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_to_Service_Bus_may_be_cut_after_any_frame(bool ofTheBroker)
    {
        await using var server = ServiceBusServer.Start();
        var cutters = new List<FrameCutter>();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var frames = 0; frames < Steps; frames++)
        {
            var name = NameOf(frames);
            var queue = server.Add(name);
            BrokerBench.Reports(Reports, from: frames * Reports).ToList().ForEach(queue.Enqueue);
            cutters.Add(new FrameCutter(server.Port, frames, ofTheBroker));
            Describe(settings, name, name, ServiceBusServer.ConnectionStringBy(cutters[frames].Port));
            settings[$"Ingest:Brokers:{name}:Protocol"] = "ServiceBus";
        }

        await HoldsAllOnceAsync(settings, cutters);
        for (var frames = 0; frames < Steps; frames++)
        {
            server.DeadLetters(NameOf(frames)).Count.ShouldBe(0);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("needs", "foreign-stack")]
    public async Task A_link_to_RabbitMQ_may_be_cut_after_any_frame(bool ofTheBroker)
    {
        var rabbit = await BrokerBench.RabbitAsync();
        await using var client = await QueueClient.ConnectAsync(rabbit.Address);
        var cutters = new List<FrameCutter>();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var frames = 0; frames < Steps / 2; frames++)
        {
            var queue = $"/amq/queue/{rabbit.TakeQueue()}";
            await client.SendAsync(queue, BrokerBench.Reports(Reports, from: frames * Reports));
            cutters.Add(new FrameCutter(new Uri(rabbit.Address).Port, frames, ofTheBroker));
            Describe(settings, NameOf(frames), queue, new UriBuilder(rabbit.Address) { Port = cutters[frames].Port }.Uri.ToString());
        }

        await HoldsAllOnceAsync(settings, cutters);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string NameOf(int frames) => string.Create(CultureInfo.InvariantCulture, $"queue-{frames:00}");

    private void Describe(Dictionary<string, string> settings, string name, string queue, string connection)
    {
        var secret = Path.Combine(_folder.FullName, name);
        File.WriteAllText(secret, connection);
        settings[$"Ingest:Brokers:{name}:Connection"] = $"file:{secret}";
        settings[$"Ingest:Brokers:{name}:Queue"] = queue;
        settings[$"Ingest:Brokers:{name}:Source"] = "queues";
    }

    private static async Task HoldsAllOnceAsync(Dictionary<string, string> settings, List<FrameCutter> cutters)
    {
        await using var host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false, Settings = settings });
        var all = cutters.Count * Reports;
        await Eventually.GetAsync(
            () => Task.FromResult(JournalOf(host)), held => held.Count >= all, held => $"{held.Count} of {all}\n{host.Log.Text}", TimeSpan.FromSeconds(90));
        await Eventually.HoldsAsync(
            () => host.Services.GetRequiredService<BrokerBoard>().States.All(state => state is { Connected: true } && state.Held() == 0), "every link is there again and nothing is held");

        JournalOf(host).Distinct(StringComparer.Ordinal).Count().ShouldBe(all);
        JournalOf(host).Count.ShouldBe(all, "nothing is there twice");
        cutters.Count(cutter => cutter.HasCut).ShouldBeGreaterThan(cutters.Count / 2, "the cuts came about");
        foreach (var cutter in cutters)
        {
            await cutter.DisposeAsync();
        }
    }

    private static IReadOnlyList<string> JournalOf(TestHost host) => BrokerBench.BodiesOf(host, "queues");
}
