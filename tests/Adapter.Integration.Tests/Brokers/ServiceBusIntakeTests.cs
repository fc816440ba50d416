using System.Text;
using System.Text.Json;
using Adapter.Host.Brokers;
using Adapter.TestKit.Brokers;
using Adapter.TestKit.Brokers.ServiceBus;
using Amqp;
using Amqp.Framing;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Adapter.Integration.Tests.Brokers;

/// <summary>The Service Bus dialect against a server that Microsoft's client accepts.</summary>
public sealed class ServiceBusIntakeTests
{
    [Theory]
    [InlineData("telemetry")]
    [InlineData("reports/Subscriptions/customs")]
    public async Task Messages_reach_the_journal_in_order_and_are_completed(string name)
    {
        await using var server = ServiceBusServer.Start();
        var queue = server.Add(name);
        var reports = BrokerBench.Reports(300);
        reports.ToList().ForEach(queue.Enqueue);

        await using var bench = await StartAsync(server, name);
        await bench.JournalHoldsAsync(300);

        bench.Bodies().ShouldBe(reports.Select(Text));
        await Eventually.HoldsAsync(() => queue.Count == 0, "the server has seen all settled");
        server.DeadLetters(name).Count.ShouldBe(0);
    }

    [Fact]
    public async Task Poison_becomes_a_dead_letter_with_reason_and_description()
    {
        await using var server = ServiceBusServer.Start();
        var queue = server.Add("telemetry");
        queue.Enqueue(QueueClient.Of("no json", "bad"));
        BrokerBench.Reports(2).ToList().ForEach(queue.Enqueue);

        await using var bench = await StartAsync(server, "telemetry");
        await bench.JournalHoldsAsync(2);

        await Eventually.HoldsAsync(() => queue.Count == 0, "all are settled");
        var dead = server.DeadLetters("telemetry").Messages.ShouldHaveSingleItem();
        dead.Properties.MessageId.ShouldBe("bad");
        dead.ApplicationProperties["DeadLetterReason"].ShouldBe("intake.not-json");
        dead.ApplicationProperties["DeadLetterErrorDescription"].ShouldBe(bench.Reasons().ShouldHaveSingleItem());
        server.Asked.ShouldContain("com.microsoft:update-disposition", "the server's word is waited for");
    }

    [Fact]
    public async Task Tokens_are_renewed_while_messages_go_on()
    {
        await using var server = ServiceBusServer.Start();
        var queue = server.Add("telemetry");
        await using var bench = await StartAsync(server, "telemetry", ("TokenLifetime", "00:00:04"));
        await bench.ConnectedAsync();
        var first = server.Tokens.Puts;

        // Longer than one token lives.
        for (var i = 0; server.Tokens.Puts < first * 3; i++)
        {
            queue.Enqueue(BrokerBench.Reports(1, from: i)[0]);
            await bench.JournalHoldsAsync(i + 1);
        }

        bench.Host.Log.Lines.ShouldNotContain(line => line.EventId == 1021 || line.EventId == 1022);
        bench.State.Connected.ShouldBeTrue();
    }

    [Fact]
    public async Task A_key_that_is_taken_back_ends_the_reading_with_a_clear_word_and_without_haste()
    {
        await using var server = ServiceBusServer.Start();
        server.Add("telemetry");
        await using var bench = await StartAsync(server, "telemetry", ("TokenLifetime", "00:00:04"));
        await bench.ConnectedAsync();

        server.Tokens.Shut = true;
        var lost = await Eventually.GetAsync(() => Task.FromResult(bench.State), state => !state.Connected, state => state.ToString());
        (lost.Loss!.Reason, lost.Loss.NeedsAPerson).ShouldBe(("unauthorized", true), lost.Loss.Detail);
        bench.Host.Log.Text.ShouldNotContain(ServiceBusServer.Key);
    }

    [Fact]
    public async Task Locks_are_renewed_while_the_store_is_away_so_that_no_delivery_is_used_up()
    {
        await using var server = ServiceBusServer.Start();
        var queue = server.Add("telemetry", lockFor: TimeSpan.FromSeconds(4), maxDeliveries: 1);
        await using var bench = await StartAsync(server, "telemetry");
        await bench.ConnectedAsync();
        await bench.StoreGoesAsync();

        BrokerBench.Reports(20).ToList().ForEach(queue.Enqueue);
        await Eventually.HoldsAsync(() => server.Asked.Count(operation => operation == "com.microsoft:renew-lock") >= 3, "locks were renewed over more than one of their lives");
        bench.StoreComesBack();

        await bench.JournalHoldsAsync(20);
        await Eventually.HoldsAsync(() => queue.Count == 0, "all are settled");
        server.DeadLetters("telemetry").Count.ShouldBe(0);
    }

    /// <remarks>By less than the quarter of a token's life that is left for it; both ways.</remarks>
    [Theory]
    [InlineData(-8)]
    [InlineData(8)]
    public async Task A_clock_that_differs_costs_neither_the_link_nor_a_lock(int minutes)
    {
        await using var server = ServiceBusServer.Start(new SkewedClock(TimeSpan.FromMinutes(minutes)));
        var queue = server.Add("telemetry", lockFor: TimeSpan.FromSeconds(5), maxDeliveries: 1);
        await using var bench = await StartAsync(server, "telemetry");
        await bench.ConnectedAsync();
        await bench.StoreGoesAsync();

        BrokerBench.Reports(20).ToList().ForEach(queue.Enqueue);
        await Eventually.HoldsAsync(() => server.Asked.Count(operation => operation == "com.microsoft:renew-lock") >= 4, "locks were renewed over more than one of their lives");
        bench.StoreComesBack();

        await bench.JournalHoldsAsync(20);
        await Eventually.HoldsAsync(() => queue.Count == 0, "all are settled");
        server.DeadLetters("telemetry").Count.ShouldBe(0);
        bench.Host.Log.Lines.ShouldNotContain(line => line.EventId == 1021 || line.EventId == 1022);
    }

    [Fact]
    public async Task A_clock_that_is_behind_by_more_than_a_tokens_life_is_named()
    {
        await using var server = ServiceBusServer.Start(new SkewedClock(TimeSpan.FromHours(2)));
        server.Add("telemetry");
        await using var bench = await StartAsync(server, "telemetry");

        await Eventually.HoldsAsync(() => bench.State.Loss is not null, "the server refuses");
        (bench.State.Loss!.Reason, bench.State.Loss.NeedsAPerson).ShouldBe(("unauthorized", true));
        bench.State.Loss.Detail.ShouldContain("this machine's clock: it says");
    }

    /// <remarks>The server forgets its locks, as it does when it moves to another machine, and hands over again what we hold.</remarks>
    [Fact]
    public async Task A_lock_that_is_lost_before_the_message_is_settled_costs_nothing_and_doubles_nothing()
    {
        await using var server = ServiceBusServer.Start();
        var queue = server.Add("telemetry");
        await using var bench = await StartAsync(server, "telemetry");
        await bench.ConnectedAsync();
        await bench.StoreGoesAsync();
        BrokerBench.Reports(10).ToList().ForEach(queue.Enqueue);
        queue.Enqueue(QueueClient.Of("no json", "bad"));
        await Eventually.HoldsAsync(() => bench.State.Held() == 11, "all are handed over");

        queue.LoseLocks();
        await Eventually.HoldsAsync(() => bench.State.Held() == 22, "all are handed over again");
        bench.StoreComesBack();

        await Eventually.HoldsAsync(() => queue.Count == 0, "all are settled");
        bench.Bodies().Count.ShouldBe(10);
        server.DeadLetters("telemetry").Messages.ShouldHaveSingleItem().Properties.MessageId.ShouldBe("bad");
        bench.State.Connected.ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_that_drops_everybody_costs_nothing_and_doubles_nothing()
    {
        await using var server = ServiceBusServer.Start();
        var queue = server.Add("telemetry");
        await using var bench = await StartAsync(server, "telemetry", ("Credit", "20"));
        await bench.ConnectedAsync();
        var reports = BrokerBench.Reports(400);
        for (var i = 0; i < 4; i++)
        {
            reports.Skip(i * 100).Take(100).ToList().ForEach(queue.Enqueue);
            await bench.JournalHoldsAsync((i * 100) + 1);
            server.DropConnections();
        }

        await bench.JournalHoldsAsync(400);
        bench.Bodies().Order(StringComparer.Ordinal).ShouldBe(reports.Select(Text).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Sessions_are_read_side_by_side_each_in_its_order()
    {
        await using var server = ServiceBusServer.Start();
        var queue = server.Add("telemetry", sessions: true);
        foreach (var (report, i) in BrokerBench.Reports(60).Select((report, i) => (report, i)))
        {
            report.Properties.GroupId = $"lock-{i % 5}";
            queue.Enqueue(report);
        }

        await using var bench = await StartAsync(server, "telemetry", ("Sessions", "2"));
        await bench.JournalHoldsAsync(60);

        bench.States.Select(state => state.Broker).ShouldBe([$"{BrokerBench.Broker}/1", $"{BrokerBench.Broker}/2"]);
        foreach (var told in bench.Bodies().Select(Report).GroupBy(report => report.Lock, StringComparer.Ordinal))
        {
            told.Select(report => report.Number).ShouldBeInOrder();
        }

        await Eventually.HoldsAsync(() => queue.Count == 0, "all are settled");
    }

    [Fact]
    public async Task A_wrong_key_is_refused_and_named()
    {
        await using var server = ServiceBusServer.Start();
        server.Add("telemetry");
        await using var bench = await BrokerBench.StartAsync(
            server.ConnectionString.Replace(ServiceBusServer.Key, "canary-wrong-key", StringComparison.Ordinal), "telemetry", withTwins: false, ("Protocol", "ServiceBus"), ("Queue", "telemetry"));

        await Eventually.HoldsAsync(() => bench.State.Loss is not null, "the server refuses");
        bench.State.Loss!.Reason.ShouldBe("unauthorized", bench.State.Loss.Detail);
        bench.Host.Log.Text.ShouldNotContain("canary-wrong-key");
    }

    [Fact]
    public async Task An_application_of_Entra_logs_in_with_tokens_of_its_directory()
    {
        await using var server = ServiceBusServer.Start();
        var queue = server.Add("telemetry");
        BrokerBench.Reports(3).ToList().ForEach(queue.Enqueue);
        server.Tokens.FromDirectory["token-1"] = TimeProvider.System.GetUtcNow().AddSeconds(6);
        server.Tokens.FromDirectory["token-2"] = TimeProvider.System.GetUtcNow().AddHours(1);
        using var directory = WireMockServer.Start();
        var path = Request.Create().WithPath("/customs.example/oauth2/v2.0/token").UsingPost();
        // Each connection asks once for the queue and once for its $management.
        directory.Given(path).InScenario("life").WillSetStateTo("renewed", 2).RespondWith(Token("token-1", 6));
        directory.Given(path).InScenario("life").WhenStateIs("renewed").RespondWith(Token("token-2", 3600));
        var secret = Path.Combine(Path.GetTempPath(), $"entra-{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(secret, "the-secret-of-the-application", TestContext.Current.CancellationToken);
        try
        {
            await using var bench = await BrokerBench.StartAsync(
                server.ConnectionStringWithoutKey, "telemetry", withTwins: false, ("Protocol", "ServiceBus"), ("Queue", "telemetry"),
                (Entra("Tenant"), "customs.example"), (Entra("Client"), "the-application"), (Entra("Secret"), $"file:{secret}"), (Entra("Authority"), directory.Url!));
            await bench.JournalHoldsAsync(3);
            await Eventually.HoldsAsync(() => server.Tokens.Puts >= 4, "the token is renewed before its end");

            bench.State.Connected.ShouldBeTrue(bench.State.Loss?.Detail);
            bench.Host.Log.Text.ShouldNotContain("the-secret-of-the-application");
        }
        finally
        {
            File.Delete(secret);
        }

        var asked = System.Web.HttpUtility.ParseQueryString(directory.LogEntries[0].RequestMessage!.Body!);
        (asked["grant_type"], asked["client_id"], asked["client_secret"], asked["scope"])
            .ShouldBe(("client_credentials", "the-application", "the-secret-of-the-application", "https://servicebus.azure.net//.default"));
    }

    [Theory]
    [InlineData(401, """{"error":"invalid_client","error_description":"canary"}""", "unauthorized", true)]
    [InlineData(503, "<html>", "connection", false)]
    public async Task A_directory_that_gives_no_token_is_named(int status, string body, string reason, bool needsAPerson)
    {
        using var directory = WireMockServer.Start();
        directory.Given(Request.Create().UsingPost()).RespondWith(Response.Create().WithStatusCode(status).WithBody(body));
        var variable = $"CT_TEST_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, "the-secret-of-the-application");
        var tokens = new EntraTokens(new EntraSettings { Tenant = "t", Client = "c", Secret = $"env:{variable}", Authority = directory.Url! }, TimeProvider.System);

        var refused = await Should.ThrowAsync<AmqpException>(() => tokens.GetAsync("sb://host/q", TestContext.Current.CancellationToken));

        var loss = BrokerLoss.Of(refused).ShouldNotBeNull();
        (loss.Reason, loss.NeedsAPerson).ShouldBe((reason, needsAPerson), loss.Detail);
        loss.Detail.ShouldContain($"HTTP {status}");
        loss.Detail.ShouldNotContain("canary");
    }

    private static string Entra(string name) => $"Ingest:Brokers:{BrokerBench.Broker}:Entra:{name}";

    private static IResponseBuilder Token(string token, int seconds) =>
        Response.Create().WithBody($$"""{"token_type":"Bearer","expires_in":{{seconds}},"access_token":"{{token}}"}""").WithHeader("Content-Type", "application/json");

    private sealed class SkewedClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    private static Task<BrokerBench> StartAsync(ServiceBusServer server, string queue, params (string Name, string Value)[] settings) =>
        BrokerBench.StartAsync(server.ConnectionString, queue, withTwins: false, [("Protocol", "ServiceBus"), ("Queue", queue), .. settings]);

    private static string Text(Message message) => Encoding.UTF8.GetString(((Data)message.BodySection).Binary);

    private static (string Lock, int Number) Report(string body)
    {
        using var json = JsonDocument.Parse(body);
        return (json.RootElement.GetProperty("assetId").GetString()!, json.RootElement.GetProperty("mileage").GetInt32());
    }
}
