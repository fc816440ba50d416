using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Adapter.Host.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>What a cloud that never repeats is answered.</summary>
public sealed class WebhookTests : IAsyncLifetime
{
    private const string Lock = "8022300001";
    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(new TestHostOptions
    {
        WithTwins = false,
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Ingest:MaxRecords"] = "50", ["Ingest:MaxBodyBytes"] = "65536" },
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_documented_push_is_taken_as_one_object_and_as_an_array()
    {
        var at = Now;

        (await PushAsync(JointReports.Position(Lock, at))).ShouldBe((HttpStatusCode.OK, 1, 0, 0));
        (await PushAsync($"[{JointReports.Position(Lock, at.AddSeconds(-60))},{JointReports.Position(Lock, at.AddSeconds(-30))}]")).ShouldBe((HttpStatusCode.OK, 2, 0, 0));
        (await PushAsync("[]")).ShouldBe((HttpStatusCode.OK, 0, 0, 0));

        Rows("journal").ShouldBe(3);
    }

    [Fact]
    public async Task Copies_are_counted_and_not_stored()
    {
        var report = JointReports.Position(Lock, Now);

        (await PushAsync(report)).ShouldBe((HttpStatusCode.OK, 1, 0, 0));
        (await PushAsync($"[{report},{report}]")).ShouldBe((HttpStatusCode.OK, 0, 2, 0));

        Rows("journal").ShouldBe(1);
    }

    [Fact]
    public async Task A_bad_element_is_kept_with_its_reason_and_the_others_are_taken()
    {
        using var answer = await _host.PushAsync(JointReports.Location, $$"""[{{JointReports.Position(Lock, Now)}}, {"speed":1}, 17, {{JointReports.Position(Lock, Now.AddMinutes(-1))}}]""");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var body = await JsonAsync(answer);
        body.GetProperty("accepted").GetInt32().ShouldBe(2);
        body.GetProperty("quarantined").EnumerateArray().Select(q => q.GetProperty("index").GetInt32()).ShouldBe([1, 2]);
        body.GetProperty("quarantined")[0].GetProperty("reason").GetString().ShouldNotBeNull().ShouldContain("no lock");
        var entry = await _host.GetAsync("/api/journal/2");
        (entry.GetProperty("state").GetString(), entry.GetProperty("body").GetString()).ShouldBe(("quarantined", """{"speed":1}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{\"assetId\":\"8022300001\"")]
    [InlineData("{} {}")]
    [InlineData("[{},]")]
    public async Task What_is_no_json_is_refused_and_kept(string body)
    {
        using var answer = await _host.PushAsync(JointReports.Location, body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await JsonAsync(answer)).GetProperty("title").GetString().ShouldBe("intake.not-json");
        (Rows("unreadable_bodies"), Rows("journal")).ShouldBe((1, 0));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("the-first-secret-of-the-clouds")]
    [InlineData("The-first-secret-of-the-cloud")]
    public async Task Without_the_secret_nothing_is_taken_or_kept(string? secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, JointReports.Location) { Content = new StringContent("no json either", Encoding.UTF8, "application/json") };
        if (secret is not null)
        {
            request.Headers.Add(TestHost.SecretHeader, secret);
        }

        using var answer = await _host.Anonymous.SendAsync(request, Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await JsonAsync(answer)).GetProperty("title").GetString().ShouldBe("intake.unauthenticated");
        (Rows("unreadable_bodies"), Rows("journal")).ShouldBe((0, 0));
    }

    [Fact]
    public async Task The_body_of_a_stranger_is_not_waited_for()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, _host.Address.Port, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {JointReports.Location} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n"), Cancel);

        using var reader = new StreamReader(stream, Encoding.ASCII);
        (await reader.ReadLineAsync(Cancel)).ShouldBe("HTTP/1.1 401 Unauthorized");
    }

    [Fact]
    public async Task Two_secrets_open_while_one_is_being_replaced_and_two_at_once_do_not()
    {
        (await PushAsync(JointReports.Position(Lock, Now))).Status.ShouldBe(HttpStatusCode.OK);
        _host.Cloud.DefaultRequestHeaders.Remove(TestHost.SecretHeader);
        _host.Cloud.DefaultRequestHeaders.Add(TestHost.SecretHeader, TestHost.NextSecret);
        (await PushAsync(JointReports.Position(Lock, Now.AddMinutes(-1)))).Status.ShouldBe(HttpStatusCode.OK);

        _host.Cloud.DefaultRequestHeaders.Add(TestHost.SecretHeader, TestHost.Secret);
        using var both = await _host.PushAsync(JointReports.Location, "{}");
        both.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_bound_is_refused_whether_it_says_its_length_or_not(bool chunked)
    {
        using var content = new StringContent($"[{new string(' ', 70_000)}]", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, JointReports.Location) { Content = content };
        request.Headers.TransferEncodingChunked = chunked;

        using var answer = await _host.Cloud.SendAsync(request, Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await JsonAsync(answer)).GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("65536");
        (Rows("unreadable_bodies"), Rows("journal")).ShouldBe((0, 0));
        (await PushAsync(JointReports.Position(Lock, Now))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_body_that_grows_while_it_comes_is_read_whole()
    {
        var reports = string.Join(',', Enumerable.Range(0, 50).Select(n => JointReports.Position(Lock, Now.AddSeconds(-n * 20), mileage: n)));
        using var content = new StringContent($"[{reports}]", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, JointReports.Location) { Content = content };
        request.Headers.TransferEncodingChunked = true;

        using var answer = await _host.Cloud.SendAsync(request, Cancel);

        (await JsonAsync(answer)).GetProperty("accepted").GetInt32().ShouldBe(50);
    }

    [Fact]
    public async Task An_array_with_too_many_records_is_refused_and_kept()
    {
        using var answer = await _host.PushAsync(JointReports.Location, $"[{string.Join(',', Enumerable.Repeat("{}", 51))}]");

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        var problem = await JsonAsync(answer);
        problem.GetProperty("title").GetString().ShouldBe("intake.too-many-records");
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("50");
        (Rows("unreadable_bodies"), Rows("journal")).ShouldBe((1, 0));
    }

    [Theory]
    [InlineData("/intake/jointech/weather", HttpStatusCode.NotFound)]
    [InlineData("/intake/jointech", HttpStatusCode.NotFound)]
    [InlineData("/intake/other/location", HttpStatusCode.NotFound)]
    public async Task A_route_that_nobody_serves_is_not_found(string path, HttpStatusCode expected)
    {
        using var answer = await _host.PushAsync(path, "{}");

        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task A_code_that_no_table_knows_is_kept_counted_and_in_nobodys_way()
    {
        using var unknown = new MeterWatch<long>(_host.Services, "customstransit.telemetry.unknown_codes");
        (await PushAsync(JointReports.AlarmRow(Lock, 4711, Now.AddMinutes(-2)), JointReports.Alarm)).ShouldBe((HttpStatusCode.OK, 1, 0, 0));
        (await PushAsync(JointReports.AlarmRow(Lock, 10, Now.AddMinutes(-1)), JointReports.Alarm)).ShouldBe((HttpStatusCode.OK, 1, 0, 0));

        foreach (var position in new[] { 1, 2 })
        {
            await Eventually.GetAsync(() => _host.GetAsync($"/api/journal/{position}"), entry => entry.GetProperty("state").GetString() == "processed");
        }

        (await _host.GetAsync("/api/journal/1")).GetProperty("body").GetString().ShouldNotBeNull().ShouldContain("4711");
        await Eventually.HoldsAsync(() => unknown.Measured is [(1, "space=web-alarm")], "the unknown code is counted");
    }

    [Fact]
    public async Task A_secret_in_a_report_is_elided_before_it_is_stored()
    {
        var report = JointReports.Position(Lock, Now).Replace("\"voltage\"", "\"password\":\"hunter-2\", \"voltage\"", StringComparison.Ordinal);

        (await PushAsync(report)).ShouldBe((HttpStatusCode.OK, 1, 0, 0));

        var entry = await _host.GetAsync("/api/journal/1");
        entry.GetProperty("body").GetString().ShouldNotBeNull().ShouldNotContain("hunter-2");
        entry.GetProperty("elided").GetString().ShouldBe("password");
    }

    [Fact]
    public async Task A_store_that_cannot_commit_keeps_nothing_and_says_when_to_come_back()
    {
        var writer = _host.Services.GetRequiredService<StoreWriter>();
        var report = JointReports.Position(Lock, Now).Replace("\"voltage\":\"0.0\"", $"\"voltage\":\"0.0\", \"note\":\"{new string('x', 50_000)}\"", StringComparison.Ordinal);
        await writer.WriteAsync(WriteUrgency.Ordinary, session => session.Execute("PRAGMA max_page_count = 1"), Cancel);

        using (var away = await _host.PushAsync(JointReports.Location, report))
        {
            away.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            away.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldBe(TimeSpan.FromSeconds(5));
        }

        Rows("journal").ShouldBe(0);
        await writer.WriteAsync(WriteUrgency.Ordinary, session => session.Execute("PRAGMA max_page_count = 1073741823"), Cancel);
        (await PushAsync(report)).ShouldBe((HttpStatusCode.OK, 1, 0, 0));
    }

    [Fact]
    public async Task Requests_of_many_connections_share_commits()
    {
        const int connections = 64;
        using var commits = new MeterWatch<int>(_host.Services, "customstransit.store.commit_writes");
        using var active = new MeterWatch<long>(_host.Services, "http.server.active_requests");
        using var gate = new ManualResetEventSlim();
        var held = _host.Services.GetRequiredService<StoreWriter>().WriteAsync(WriteUrgency.Ordinary, _ => gate.Wait(Cancel), Cancel);
        var pushes = Enumerable.Range(0, connections).Select(async n =>
        {
            using var client = new HttpClient { BaseAddress = _host.Address };
            client.DefaultRequestHeaders.Add(TestHost.SecretHeader, TestHost.Secret);
            using var content = new StringContent(JointReports.Position(Lock, Now.AddSeconds(-n), mileage: n), Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync(new Uri(JointReports.Location, UriKind.Relative), content, Cancel);
            return answer.StatusCode;
        }).ToList();
        await Eventually.HoldsAsync(() => active.Measured.Sum(m => m.Value) == connections, "all requests are with the host");

        gate.Set();
        await held;
        (await Task.WhenAll(pushes)).ShouldAllBe(status => status == HttpStatusCode.OK);

        Rows("journal").ShouldBe(connections);
        commits.Measured.Count.ShouldBeLessThan(connections, $"commits of {string.Join(", ", commits.Measured.Select(m => m.Value))}");
    }

    private async Task<(HttpStatusCode Status, int Accepted, int Duplicate, int Quarantined)> PushAsync(string json, string path = JointReports.Location)
    {
        using var answer = await _host.PushAsync(path, json);
        var body = await JsonAsync(answer);
        return answer.IsSuccessStatusCode
            ? (answer.StatusCode, body.GetProperty("accepted").GetInt32(), body.GetProperty("duplicate").GetInt32(), body.GetProperty("quarantined").GetArrayLength())
            : (answer.StatusCode, 0, 0, 0);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        return json.RootElement.Clone();
    }

    private long Rows(string table)
    {
        using var connection = new SqliteConnection($"Data Source={_host.PathOf("store.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written by tests.
        command.CommandText = $"SELECT count(*) FROM {table}";
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }
}
