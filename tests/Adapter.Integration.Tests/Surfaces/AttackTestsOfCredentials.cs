using System.Net;
using Adapter.Host.Admin;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Attacks 1 to 10: who may report.</summary>
public sealed class AttackTestsOfCredentials : IAsyncLifetime
{
    private readonly TestClock _clock = TestClock.StandingAt(new DateTimeOffset(2026, 7, 9, 12, 0, 0, TimeSpan.Zero));
    private DoorBench _doors = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _doors = await DoorBench.StartAsync(_clock, withTwins: false, ($"Ingest:Sources:{DoorBench.Other}:Addresses:0", "10.9.0.0/16"));

    public async ValueTask DisposeAsync()
    {
        await _doors.AllIsWellAsync();
        await _doors.DisposeAsync();
    }

    [Fact]
    public async Task Attack_01_without_valid_credentials_nothing_is_read_or_kept_and_all_failures_read_alike()
    {
        const string body = DoorBench.Canary;
        var key = await _doors.KeyOfAsync("somebody-else");
        var administrator = await _doors.KeyOfAsync("anna", Roles.Administrator);
        Answer[] answers =
        [
            await _doors.SendAsync(_doors.Request(body)),
            await _doors.SendAsync(_doors.Request(body, (TestHost.SecretHeader, "the-first-secret-of-the-clouD"))),
            await _doors.SendAsync(_doors.Request(body, ("Authorization", "Bearer ct_000000000000_0000000000000000000000000000000000000000000000000000000000000000"))),
            await _doors.SendAsync(_doors.Request(body, ("Authorization", $"Bearer {key}"))),
            await _doors.SendAsync(_doors.Request(body, ("Authorization", $"Bearer {administrator}"))),
            await _doors.SendAsync(_doors.Request(body, ("Authorization", $"Basic {key}"))),
            await _doors.SendAsync(_doors.Request(body, _doors.Signed(body)[..2])),
            await _doors.SendAsync(_doors.Request(body, _doors.Signed(body, signature: "v1,"))),
            await _doors.SendAsync(_doors.Request(body, _doors.Signed(body, signature: "v2,AAAA"))),
        ];

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Unauthorized && answer.Code == "intake.unauthenticated");
        answers.Select(answer => answer.Detail).Distinct().ShouldHaveSingleItem();
        (_doors.Rows("journal"), _doors.Rows("unreadable_bodies"), _doors.Rows("gaps")).ShouldBe((0, 0, 0));
        _doors.Host.Log.Lines.Count(line => line.EventId == 1010).ShouldBe(answers.Length);

        using var unread = await _doors.ConnectAsync(_doors.Head("Content-Length: 60000", TestHost.SecretHeader, "a-wrong-secret-of-the-cloud"));
        (await unread.ReadLineAsync()).ShouldBe("HTTP/1.1 401 Unauthorized");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public async Task Attack_02_a_signature_with_one_bit_turned_is_refused(int at)
    {
        var body = _doors.Report();
        var headers = _doors.Signed(body);
        var signature = Convert.FromBase64String(headers[2].Value["v1,".Length..]);
        signature[at] ^= 1;
        headers[2].Value = "v1," + Convert.ToBase64String(signature);

        (await _doors.SendAsync(_doors.Request(body, headers))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _doors.PushSignedAsync(body)).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
    }

    [Fact]
    public async Task Attack_03_a_signature_over_the_same_JSON_written_otherwise_is_refused()
    {
        var body = _doors.Report();

        (await _doors.SendAsync(_doors.Request(body + " ", _doors.Signed(body)))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _doors.SendAsync(_doors.Request(body.Replace("\"speed\":0", "\"speed\" : 0", StringComparison.Ordinal), _doors.Signed(body)))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (_doors.Rows("journal"), _doors.Rows("unreadable_bodies")).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData(-301, HttpStatusCode.Unauthorized)]
    [InlineData(-299, HttpStatusCode.OK)]
    [InlineData(299, HttpStatusCode.OK)]
    [InlineData(301, HttpStatusCode.Unauthorized)]
    public async Task Attack_04_a_time_stamp_counts_for_five_minutes_either_way(int seconds, HttpStatusCode expected)
    {
        var body = _doors.Report();

        (await _doors.SendAsync(_doors.Request(body, _doors.Signed(body, at: _clock.GetUtcNow().AddSeconds(seconds))))).Status.ShouldBe(expected);
    }

    [Fact]
    public async Task Attack_05_a_signed_repeat_is_a_duplicate_inside_the_window_and_refused_outside()
    {
        var body = $$"""[{{_doors.Report()}}, {"speed":1}]""";
        var headers = _doors.Signed(body);

        (await _doors.SendAsync(_doors.Request(body, headers))).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
        (await _doors.SendAsync(_doors.Request(body, headers))).Counts.ShouldBe((HttpStatusCode.OK, 0, 2));
        _doors.Rows("journal").ShouldBe(2);

        _clock.Advance(TimeSpan.FromSeconds(301));
        (await _doors.SendAsync(_doors.Request(body, headers))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Attack_05_after_a_restart_the_journal_itself_knows_the_repeat()
    {
        var body = _doors.Report();
        var headers = _doors.Signed(body);
        (await _doors.SendAsync(_doors.Request(body, headers))).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));

        await _doors.Host.RestartAsync();

        (await _doors.SendAsync(_doors.Request(body, headers))).Counts.ShouldBe((HttpStatusCode.OK, 0, 1));
    }

    [Fact]
    public async Task Attack_06_an_id_with_another_body_is_refused_and_told_to_whoever_watches()
    {
        using var refused = new MeterWatch<long>(_doors.Host.Services, "customstransit.intake.refused");
        (await _doors.PushSignedAsync(_doors.Report(), "msg-6")).Status.ShouldBe(HttpStatusCode.OK);

        var second = await _doors.PushSignedAsync(_doors.Report(secondsAgo: 60), "msg-6");

        (second.Status, second.Code).ShouldBe((HttpStatusCode.Conflict, "intake.id-reused"));
        _doors.Rows("journal").ShouldBe(1);
        _doors.Host.Log.Lines.ShouldContain(line => line.EventId == 1012 && line.Text.Contains("msg-6", StringComparison.Ordinal));
        refused.Measured.ShouldBe([(1, "reason=id-reused")]);
        (await _doors.PushSignedAsync(_doors.Report(secondsAgo: 60), "msg-7")).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
    }

    [Fact]
    public async Task Attack_07_two_API_keys_overlap_and_a_disabled_one_is_dead_at_once()
    {
        var (old, next) = (await _doors.KeyOfAsync("keyed-a"), await _doors.KeyOfAsync("keyed-b"));
        (await PushAsync(old, 0)).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
        (await PushAsync(next, 30)).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));

        using var disabled = await _doors.Host.PostAsync("/api/principals/keyed-a/disable", "");
        disabled.EnsureSuccessStatusCode();

        (await PushAsync(old, 60)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await PushAsync(next, 90)).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
        (await _doors.Host.GetAsync("/api/journal/1")).GetProperty("source").GetString().ShouldBe(DoorBench.Keyed);

        Task<Answer> PushAsync(string key, int secondsAgo) => _doors.SendAsync(_doors.Request(_doors.Report(secondsAgo), ("Authorization", $"Bearer {key}")));
    }

    [Fact]
    public async Task Attack_07_a_key_of_a_source_opens_nothing_of_the_admin_API()
    {
        var key = await _doors.KeyOfAsync("keyed-a");
        foreach (var path in new[] { "/api/journeys", "/api/journal/1", "/api/lanes", "/api/gaps", "/api/principals", "/api/openapi.json" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new("Bearer", key);
            using var answer = await _doors.Host.Anonymous.SendAsync(request, Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
        }
    }

    [Fact]
    public async Task Attack_07_a_key_of_the_admin_API_reports_for_nobody_even_where_its_principal_is_named()
    {
        var key = await _doors.KeyOfAsync("keyed-b", Roles.Administrator);

        (await _doors.SendAsync(_doors.Request(_doors.Report(), ("Authorization", $"Bearer {key}")))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Attack_07_two_signing_keys_overlap()
    {
        foreach (var (key, n) in new[] { (DoorBench.FirstKey, 1), (DoorBench.SecondKey, 2) })
        {
            var body = _doors.Report(n * 30);
            (await _doors.SendAsync(_doors.Request(body, _doors.Signed(body, $"msg-{n}", key: key)))).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
        }

        var forged = _doors.Report(90);
        (await _doors.SendAsync(_doors.Request(forged, _doors.Signed(forged, "msg-3", key: "a-key-that-was-taken-out-of-use")))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Attack_08_one_valid_signature_among_several_is_enough()
    {
        var body = _doors.Report();
        var headers = _doors.Signed(body);
        var foreign = DoorBench.Signature(body, "msg-1", headers[1].Value, "a-key-that-nobody-here-knows");
        headers[2].Value = $"{foreign} v1a,YWJj {headers[2].Value}";

        (await _doors.SendAsync(_doors.Request(body, headers))).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
    }

    [Fact]
    public async Task Attack_09_from_an_address_off_the_list_the_right_secret_opens_nothing_and_the_body_stays_unread()
    {
        (await _doors.PushAsync(_doors.Report())).ShouldSatisfyAllConditions(
            answer => answer.Status.ShouldBe(HttpStatusCode.Forbidden), answer => answer.Code.ShouldBe("intake.address"));

        using var unread = await _doors.ConnectAsync(_doors.Head("Content-Length: 60000"));
        (await unread.ReadLineAsync()).ShouldBe("HTTP/1.1 403 Forbidden");
        (_doors.Rows("journal"), _doors.Rows("unreadable_bodies")).ShouldBe((0, 0));
        _doors.Host.Log.Lines.Count(line => line.EventId == 1011).ShouldBe(2);
    }

    [Fact]
    public async Task Attack_09_a_signed_request_from_an_address_off_the_list_is_refused_unread()
    {
        await using var fenced = await DoorBench.StartAsync(($"Ingest:Sources:{DoorBench.Signer}:Addresses:0", "2001:db8::/32"));
        var signed = string.Join("\r\n", fenced.Signed("").Select(h => $"{h.Name}: {h.Value}"));

        using var unread = await fenced.ConnectAsync($"POST {JointReports.Location} HTTP/1.1\r\nHost: x\r\n{signed}\r\nContent-Length: 60000\r\n\r\n");

        (await unread.ReadLineAsync()).ShouldBe("HTTP/1.1 403 Forbidden");
    }

    [Fact]
    public async Task Attack_10_what_X_Forwarded_For_says_counts_neither_for_nor_against()
    {
        await using var local = await DoorBench.StartAsync(($"Ingest:Sources:{DoorBench.Other}:Addresses:0", "127.0.0.0/8"));
        (string, string)[] forged = [("X-Forwarded-For", "10.9.1.1"), ("Forwarded", "for=10.9.1.1"), ("X-Real-IP", "10.9.1.1")];

        (await _doors.SendAsync(_doors.Request(_doors.Report(), [(DoorBench.OtherHeader, DoorBench.OtherSecret), .. forged]))).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await local.SendAsync(local.Request(local.Report(), [(DoorBench.OtherHeader, DoorBench.OtherSecret), .. forged]))).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
    }
}
