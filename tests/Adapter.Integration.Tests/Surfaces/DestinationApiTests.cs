using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Integration.Tests.EndToEnd;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Destinations as an administrator and an operator work with them.</summary>
public sealed class DestinationApiTests : IAsyncLifetime
{
    private readonly DemoLoad _load = new();
    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_held_destination_gets_nothing_until_it_is_released_and_others_go_on()
    {
        (await SendAsync(HttpMethod.Post, "/api/destinations/manifest/hold", """{"reason":"maintenance"}""")).Status.ShouldBe(HttpStatusCode.NoContent);
        await _load.RunAsync(_host);
        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(_host.Received(TwinName.Transportation)) && DemoRun.IsTheStory(_host.Received(TwinName.Neighbour)), "the others go on");

        _host.Received(TwinName.Manifest).ShouldBeEmpty();
        (await DestinationAsync("manifest"))["held"]!["reason"]!.GetValue<string>().ShouldBe("maintenance");
        await _host.RestartAsync();
        _host.Received(TwinName.Manifest).ShouldBeEmpty();

        (await SendAsync(HttpMethod.Post, "/api/destinations/manifest/release", """{"reason":"done"}""")).Status.ShouldBe(HttpStatusCode.NoContent);
        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(_host.Received(TwinName.Manifest)), "the released lane catches up, in order");
    }

    [Fact]
    public async Task A_changed_destination_counts_from_the_next_attempt()
    {
        await ChangeAsync("manifest", d => d["transport"] = "Raw", HttpStatusCode.OK);
        await ChangeAsync("neighbour", d => (d["transport"], d["addressing"]) = ("Raw", true), HttpStatusCode.OK);

        await _load.RunAsync(_host);

        foreach (var twin in TwinName.All)
        {
            await Eventually.HoldsAsync(() => DemoRun.IsTheStory(_host.Received(twin)), twin);
        }

        (await DestinationAsync("manifest"))["version"]!.GetValue<int>().ShouldBe(2);
    }

    [Fact]
    public async Task A_change_that_cannot_work_is_refused_with_all_that_is_wrong()
    {
        var problem = await ChangeAsync("manifest", d =>
        {
            d["name"] = "renamed";
            d["document"] = "no-such-document";
            d["endpoint"] = "http://customs.example/soap";
            d["credentials"] = new JsonObject { ["scheme"] = "Basic", ["user"] = "adapter", ["password"] = "hunter2hunter2" };
            d["headers"] = new JsonObject { ["Host"] = "elsewhere", ["X-Split"] = "a\r\nb" };
            d["perMinute"] = 0;
        }, HttpStatusCode.BadRequest);

        var wrong = string.Join('\n', problem!["errors"]!["definition"]!.AsArray().Select(e => e!.GetValue<string>()));
        foreach (var part in new[] { "never renamed", "no-such-document", "as a reference", "Use https", "Headers:Host", "Headers:X-Split", "PerMinute" })
        {
            wrong.ShouldContain(part);
        }

        wrong.ShouldNotContain("hunter2");
        (await DestinationAsync("manifest"))["version"]!.GetValue<int>().ShouldBe(1);
    }

    /// <summary>Attack 72: whatever way an address is written, it is refused when it is saved, and says why.</summary>
    [Theory]
    [InlineData("http://127.0.0.1:5080/soap", "this machine")]
    [InlineData("http://[::1]:5080/soap", "this machine")]
    [InlineData("http://0.0.0.0/soap", "never connects to")]
    [InlineData("http://2130706433/soap", "this machine")]
    [InlineData("http://0x7f.1/soap", "this machine")]
    [InlineData("http://0177.0.0.1/soap", "this machine")]
    [InlineData("http://[::ffff:127.0.0.1]/soap", "this machine")]
    [InlineData("http://localhost/soap", "this machine")]
    [InlineData("http://localhost./soap", "this machine")]
    [InlineData("http://customs.localhost/soap", "this machine")]
    [InlineData("http://169.254.169.254/latest/meta-data", "never connects to")]
    [InlineData("http://[fe80::1]/soap", "never connects to")]
    [InlineData("http://100.100.100.200/latest", "never connects to")]
    [InlineData("https://customs.example:444/soap", "does not list it")]
    [InlineData("https://сustoms.example/soap", "does not list it")]
    [InlineData("https://customs.example@evil.example/soap", "with a user in it")]
    [InlineData("file:///etc/passwd", "http or https")]
    [InlineData("gopher://customs.example/1", "http or https")]
    [InlineData("//customs.example/share", "http or https")]
    public async Task An_endpoint_that_must_not_be_reached_is_refused_when_it_is_saved(string endpoint, string because)
    {
        await using var host = await TestHost.StartAsync(new TestHostOptions
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Outbound:AllowLoopback"] = "false", ["Outbound:Allow:0"] = "customs.example:443" },
        });

        var refused = await PutAsync(endpoint);

        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Text.ShouldContain(because);
        (await PutAsync("https://customs.example/soap")).Status.ShouldBe(HttpStatusCode.OK);
        (await PutAsync("https://CUSTOMS.example.:443/soap", version: 2)).Status.ShouldBe(HttpStatusCode.OK, "the same name");

        async Task<(HttpStatusCode Status, string Text)> PutAsync(string address, int version = 1)
        {
            var definition = JsonNode.Parse((await host.GetAsync("/api/destinations")).EnumerateArray().First(d => d.GetProperty("name").GetString() == "manifest").GetProperty("definition").GetRawText())!;
            definition["endpoint"] = address;
            using var content = new StringContent(
                new JsonObject { ["version"] = version, ["reason"] = "test", ["definition"] = definition }.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
            using var answer = await host.Customs.PutAsync(new Uri("/api/destinations/manifest", UriKind.Relative), content, Cancel);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        }
    }

    /// <summary>There is no call on trial, so nobody can look for open ports through us.</summary>
    [Fact]
    public async Task Attack_75_an_address_that_is_saved_is_not_called_and_the_answer_is_the_same_for_every_port()
    {
        using var open = new TcpListener(IPAddress.Loopback, 0);
        open.Start();
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var nobody = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();

        var answers = new List<string?>();
        foreach (var (destination, port) in new[] { (TwinName.Manifest, ((IPEndPoint)open.LocalEndpoint).Port), (TwinName.Transportation, nobody) })
        {
            answers.Add((await ChangeAsync(destination, d => d["endpoint"] = $"http://127.0.0.1:{port}/soap", HttpStatusCode.OK))?.ToJsonString().Replace(destination, "it", StringComparison.Ordinal));
        }

        answers[0].ShouldBe(answers[1]);
        open.Pending().ShouldBeFalse("nobody was called");
        (await _host.GetAsync("/api/openapi.json")).GetProperty("paths").EnumerateObject().Select(path => path.Name)
            .Where(path => path.StartsWith("/api/destinations", StringComparison.Ordinal)).ShouldAllBe(path => !path.Contains("test") && !path.Contains("probe"));
    }

    [Fact]
    public async Task A_change_from_an_old_version_is_refused()
    {
        var old = (await DestinationAsync("manifest")).DeepClone().AsObject();
        await ChangeAsync("manifest", d => d["maxAttempts"] = 3, HttpStatusCode.OK);

        var (status, problem) = await SendAsync(HttpMethod.Put, "/api/destinations/manifest", Edit(old).ToJsonString());

        status.ShouldBe(HttpStatusCode.Conflict);
        problem!["title"]!.GetValue<string>().ShouldBe("destination.changed");
    }

    [Fact]
    public async Task A_misspelt_setting_is_refused()
    {
        await ChangeAsync("manifest", d => d["maxAtempts"] = 3, HttpStatusCode.BadRequest);
        (await DestinationAsync("manifest"))["version"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task An_operator_may_hold_and_may_not_change()
    {
        using var operating = await _host.ClientOfAsync("operator-1", "operator");

        using var put = await operating.PutAsync(new Uri("/api/destinations/manifest", UriKind.Relative), new StringContent(Edit(await DestinationAsync("manifest")).ToJsonString(), null, "application/json"), Cancel);
        put.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var hold = await operating.PostAsync(new Uri("/api/destinations/manifest/hold", UriKind.Relative), new StringContent("""{"reason":"they asked"}""", null, "application/json"), Cancel);
        hold.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var unknown = await operating.PostAsync(new Uri("/api/destinations/nobody/hold", UriKind.Relative), new StringContent("""{"reason":"they asked"}""", null, "application/json"), Cancel);
        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var silent = await operating.PostAsync(new Uri("/api/destinations/manifest/hold", UriKind.Relative), new StringContent("""{"reason":" "}""", null, "application/json"), Cancel);
        silent.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_destination_that_is_away_rests_costs_no_lane_an_attempt_and_catches_up_when_it_is_back()
    {
        // A port at which nothing listens: every attempt ends before anything is sent.
        await ChangeAsync("neighbour", d => (d["endpoint"], d["concurrency"]) = ("http://127.0.0.1:1/wco", 1), HttpStatusCode.OK);
        await _load.RunAsync(_host);
        await Eventually.GetAsync(async () =>
        {
            _host.Later(TimeSpan.FromMinutes(3));
            return (await DestinationAsync("neighbour"))["breaker"]!["state"]!.GetValue<string>();
        }, state => state == "open");

        var lane = (await _host.LanesAsync()).Single(l => l.Destination == "neighbour");
        lane.Attempts.ShouldBe(0);
        (await DestinationAsync("manifest"))["breaker"]!["state"]!.GetValue<string>().ShouldBe("closed");

        await ChangeAsync("neighbour", d => d["endpoint"] = _host.Twins.Endpoint(TwinName.Neighbour).ToString(), HttpStatusCode.OK);
        await Eventually.GetAsync(() =>
        {
            _host.Later(TimeSpan.FromMinutes(3));
            return Task.FromResult(DemoRun.IsTheStory(_host.Received(TwinName.Neighbour)));
        }, arrived => arrived);
        (await DestinationAsync("neighbour"))["breaker"]!["state"]!.GetValue<string>().ShouldBe("closed");
    }

    private async Task<JsonNode> DestinationAsync(string name) =>
        JsonNode.Parse((await _host.GetAsync("/api/destinations")).GetRawText())!.AsArray().Single(d => d!["name"]!.GetValue<string>() == name)!;

    private static JsonObject Edit(JsonNode view) => new()
    {
        ["version"] = view["version"]!.DeepClone(),
        ["reason"] = "as agreed",
        ["definition"] = view["definition"]!.DeepClone(),
    };

    private async Task<JsonNode?> ChangeAsync(string name, Action<JsonObject> change, HttpStatusCode expected)
    {
        var edit = Edit(await DestinationAsync(name));
        change(edit["definition"]!.AsObject());
        var (status, answer) = await SendAsync(HttpMethod.Put, $"/api/destinations/{name}", edit.ToJsonString());
        status.ShouldBe(expected, answer?.ToJsonString());
        return answer;
    }

    private async Task<(HttpStatusCode Status, JsonNode? Answer)> SendAsync(HttpMethod method, string path, string json)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json, null, "application/json") };
        using var response = await _host.Customs.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        return (response.StatusCode, text.Length > 0 && text[0] is '{' or '[' ? JsonNode.Parse(text) : null);
    }
}
