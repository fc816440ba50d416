using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Adapter.TestKit.Brokers;
using Amqp;
using Amqp.Framing;

namespace Adapter.Integration.Tests.Brokers;

/// <summary>Brokers that are killed, refuse us, are not there, or show the wrong certificate.</summary>
[Collection(BrokerRun.Name)]
[Trait("needs", "foreign-stack")]
public sealed class RabbitFaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broker_that_is_killed_under_load_costs_nothing_that_it_had_confirmed()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        var queue = rabbit.TakeQueue();
        await using var bench = await BrokerBench.StartAsync(rabbit.Address, queue);
        await bench.ConnectedAsync();
        var confirmed = new ConcurrentBag<string>();

        for (var round = 0; round < 2; round++)
        {
            var reports = BrokerBench.Reports(4000, from: round * 4000);
            var sending = SendAsync(rabbit, queue, reports, confirmed);
            var before = bench.Count("journal");
            await Eventually.HoldsAsync(() => bench.Count("journal") > before + 300, "the load is under way");
            await rabbit.KillAsync();
            await sending;
            await Eventually.HoldsAsync(() => !bench.State.Connected, "the host has noticed");
            await rabbit.StartAgainAsync();
        }

        // The last of the queue, behind everything else.
        await SendAsync(rabbit, queue, BrokerBench.Reports(1, from: 9000), confirmed);
        await Eventually.GetAsync(
            () => Task.FromResult(Lines(bench.Bodies())), lines => confirmed.All(lines.Contains), lines => $"{confirmed.Count(body => !lines.Contains(body))} are lost\n{bench.Host.Log.Text}", TimeSpan.FromSeconds(60));

        var bodies = bench.Bodies();
        bodies.ShouldBeUnique();
        confirmed.Count.ShouldBeGreaterThan(600);
        bench.Host.Log.Lines.Count(line => line.EventId is 1021 or 1022).ShouldBeLessThan(12, "a lost broker is told once for each reason");
        bench.Host.Log.Lines.ShouldContain(line => line.EventId == 1020);
        (await bench.Host.Anonymous.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancel)).ShouldBe("Healthy");

        static HashSet<string> Lines(IReadOnlyList<string> bodies) => new(bodies, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_once_and_tried_rarely()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        var wrong = rabbit.Address.Replace(RabbitBroker.Password, "canary-wrong-password", StringComparison.Ordinal);
        await using var bench = await BrokerBench.StartAsync(wrong, rabbit.TakeQueue());

        await Eventually.HoldsAsync(() => bench.State.Loss is not null, "the broker refuses");
        var loss = bench.State.Loss.ShouldNotBeNull();
        (loss.Reason, loss.NeedsAPerson).ShouldBe(("unauthorized", true), loss.Detail);
        bench.Host.Log.Lines.ShouldContain(line => line.EventId == 1022);
        bench.Host.Log.Text.ShouldNotContain("canary-wrong-password");
        (await bench.Host.Anonymous.GetStringAsync(new Uri("/health/ready", UriKind.Relative), Cancel)).ShouldBe("Degraded");
    }

    [Fact]
    public async Task A_queue_that_does_not_exist_is_named()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        await using var bench = await BrokerBench.StartAsync(rabbit.Address, "no-such-queue");

        await Eventually.HoldsAsync(() => bench.State.Loss is not null, "the broker refuses");
        bench.State.Loss.ShouldNotBeNull().Reason.ShouldBe("not-found", bench.State.Loss?.Detail);
        bench.Host.Log.Lines.Where(line => line.EventId == 1022).ShouldHaveSingleItem().Text.ShouldContain("no-such-queue");
    }

    [Fact]
    public async Task A_broker_that_is_not_there_yet_is_found_when_it_comes()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        var queue = rabbit.TakeQueue();
        await using var client = await QueueClient.ConnectAsync(rabbit.Address);
        await client.SendAsync($"/amq/queue/{queue}", BrokerBench.Reports(3));
        await using var relay = new Relay(rabbit.Port);
        await using var bench = await BrokerBench.StartAsync(rabbit.Address.Replace($":{rabbit.Port}", $":{relay.Port}", StringComparison.Ordinal), queue);

        await Eventually.HoldsAsync(() => bench.State.Loss is not null, "there is nobody");
        bench.State.Loss.ShouldNotBeNull().Reason.ShouldBe("unreachable", bench.State.Loss?.Detail);
        relay.Open();

        await bench.JournalHoldsAsync(3);
    }

    [Fact]
    public async Task A_broker_that_falls_silent_is_noticed_and_left()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        var queue = rabbit.TakeQueue();
        await using var client = await QueueClient.ConnectAsync(rabbit.Address);
        await using var relay = new Relay(rabbit.Port);
        relay.Open();
        await using var bench = await BrokerBench.StartAsync(
            rabbit.Address.Replace($":{rabbit.Port}", $":{relay.Port}", StringComparison.Ordinal), queue, withTwins: false, ("IdleTimeout", "00:00:02"));
        await bench.ConnectedAsync();

        // The connection stays open at both ends, and nothing passes any more.
        relay.Freeze();
        await Eventually.GetAsync(() => Task.FromResult(bench.State), state => !state.Connected, state => state.ToString(), TimeSpan.FromSeconds(60));
        relay.Thaw();
        await client.SendAsync($"/amq/queue/{queue}", BrokerBench.Reports(3));

        await bench.JournalHoldsAsync(3);
    }

    [Fact]
    public async Task Over_TLS_a_password_or_a_certificate_opens_the_queue()
    {
        var rabbit = await BrokerBench.RabbitAsync();
        await using var client = await QueueClient.ConnectAsync(rabbit.Address);
        foreach (var (address, certificate) in new[] { ($"amqps://{RabbitBroker.User}:{RabbitBroker.Password}@localhost:{rabbit.TlsPort}", false), ($"amqps://localhost:{rabbit.TlsPort}", true) })
        {
            var queue = rabbit.TakeQueue();
            await client.SendAsync($"/amq/queue/{queue}", BrokerBench.Reports(3));
            (string, string)[] settings = [("TrustedAuthorities", rabbit.PathOf("authority.pem")), .. certificate ? [("ClientCertificate", rabbit.PathOf("client.pem"))] : Array.Empty<(string, string)>()];
            await using var bench = await BrokerBench.StartAsync(address, queue, withTwins: false, settings);

            await bench.JournalHoldsAsync(3);
        }
    }

    [Theory]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.2", true)]
    public async Task A_broker_that_nobody_vouches_for_gets_no_password(string host, bool trusted)
    {
        var rabbit = await BrokerBench.RabbitAsync();
        (string, string)[] settings = trusted ? [("TrustedAuthorities", rabbit.PathOf("authority.pem"))] : [];
        await using var relay = new Relay(rabbit.TlsPort, IPAddress.Parse(trusted ? host : "127.0.0.1"));
        relay.Open();
        await using var bench = await BrokerBench.StartAsync($"amqps://{RabbitBroker.User}:{RabbitBroker.Password}@{host}:{relay.Port}", rabbit.TakeQueue(), withTwins: false, settings);

        await Eventually.HoldsAsync(() => bench.State.Loss is not null, "the host refuses");
        bench.State.Loss.ShouldNotBeNull().Reason.ShouldBe("tls", bench.State.Loss?.Detail);
    }

    private static async Task SendAsync(RabbitBroker rabbit, string queue, IReadOnlyList<Message> reports, ConcurrentBag<string> confirmed)
    {
        await using var client = await QueueClient.ConnectAsync(rabbit.Address);
        foreach (var index in await client.SendAsync($"/amq/queue/{queue}", reports))
        {
            confirmed.Add(Encoding.UTF8.GetString(((Data)reports[index].BodySection).Binary));
        }
    }
}
