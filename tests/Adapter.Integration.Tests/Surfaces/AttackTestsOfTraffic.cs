using System.Net;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Attacks 21, 22, 24, 25: how much, how, and where to.</summary>
public sealed class AttackTestsOfTraffic
{
    [Fact]
    public async Task Attack_21_twenty_thousand_buffered_reports_shuffled_and_half_of_them_copies_are_all_there_once()
    {
        const int distinct = 10_000;
        const int perRequest = 1_000;
        await using var doors = await DoorBench.StartAsync();
        var now = doors.Host.Clock.GetUtcNow();
        var reports = Enumerable.Range(0, distinct).Select(n => JointReports.Position(DoorBench.Lock, now.AddSeconds(-10 * n), mileage: n)).ToList();
        var all = reports.Concat(reports).ToArray();
        var random = new SeededRandom(21);
        for (var i = all.Length - 1; i > 0; i--)
        {
            var j = random.Next(0, i + 1);
            (all[i], all[j]) = (all[j], all[i]);
        }

        var requests = all.Chunk(perRequest).Select(chunk => $"[{string.Join(',', chunk)}]").ToList();
        var answers = new List<Answer>();
        foreach (var four in requests.Chunk(4))
        {
            answers.AddRange(await Task.WhenAll(four.Select(body => doors.PushAsync(body))));
        }

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK && answer.Quarantined.Count == 0);
        (answers.Sum(a => a.Accepted), answers.Sum(a => a.Duplicate)).ShouldBe((distinct, distinct));
        (doors.Rows("journal"), doors.Rows("record_keys")).ShouldBe((distinct, distinct));
        await Eventually.GetAsync(() => Task.FromResult(doors.Rows("checkpoint", $"position >= {distinct}")), done => done == 1, patience: TimeSpan.FromMinutes(2));
        doors.Rows("parked_entries").ShouldBe(0);
        await doors.AllIsWellAsync();
    }

    [Fact]
    public async Task Attack_22_a_flood_of_one_source_is_told_to_slow_down_and_others_are_served()
    {
        const int rate = 10;
        await using var doors = await DoorBench.StartAsync(
            ($"Ingest:Sources:{DoorBench.Other}:Repeats", "true"), ($"Ingest:Sources:{DoorBench.Other}:RatePerSecond", $"{rate}"), ($"Ingest:Sources:{DoorBench.Other}:Burst", $"{rate}"));

        var flood = Enumerable.Range(0, 50 * rate).Select(n => doors.PushAsync("[]")).ToList();
        var others = Enumerable.Range(0, 20).Select(async n =>
        {
            using var push = await doors.Host.PushAsync(JointReports.Location, doors.Report(n * 30));
            return push.StatusCode;
        }).ToList();

        (await Task.WhenAll(others)).ShouldAllBe(status => status == HttpStatusCode.OK);
        var answers = await Task.WhenAll(flood);
        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBeGreaterThanOrEqualTo(rate);
        var refused = answers.Where(a => a.Status != HttpStatusCode.OK).ToList();
        refused.Count.ShouldBeGreaterThan(0);
        refused.ShouldAllBe(a => a.Status == HttpStatusCode.TooManyRequests && a.Code == "intake.too-fast" && a.RetryAfter >= TimeSpan.FromSeconds(1));
        doors.Rows("gaps").ShouldBe(0);
        await doors.AllIsWellAsync();
    }

    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 4")]
    [InlineData("Content-Length: 4\r\nContent-Length: 5")]
    [InlineData("Transfer-Encoding: chunked, identity")]
    [InlineData("Transfer-Encoding: xchunked")]
    public async Task Attack_24_a_request_that_gives_its_length_in_two_ways_is_refused_and_its_connection_closed(string lengths)
    {
        await using var doors = await DoorBench.StartAsync();
        using var raw = await doors.ConnectAsync(doors.Head(lengths) + "0\r\n\r\n" + doors.Head("Content-Length: 2") + "[]");

        var all = await raw.ReadToEndAsync();

        all.ShouldStartWith("HTTP/1.1 400 Bad Request");
        all.Split("HTTP/1.1 ").Length.ShouldBe(2, all);
        (doors.Rows("journal"), doors.Rows("unreadable_bodies")).ShouldBe((0, 0));
        await doors.AllIsWellAsync();
    }

    [Fact]
    public async Task Attack_25_an_address_that_is_ours_only_in_disguise_is_not_found()
    {
        await using var doors = await DoorBench.StartAsync();
        foreach (var target in new[]
        {
            "//intake/jointech/location", "/intake//jointech/location", "/intake/jointech/x/%2e%2e/location", "/intake/jointech/x/../location", "/intake/./jointech/location",
            "/intake/jointech/location;v=1", "/intake;/jointech/location", "/intake/jointech%2flocation", "/intake/jointech/%6cocation", "/intake/jointech/location%00",
            "/health/%2e%2e/intake/jointech/location", "/intake\\jointech\\location",
        })
        {
            using var raw = await doors.ConnectAsync($"POST {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{DoorBench.OtherHeader}: {DoorBench.OtherSecret}\r\nContent-Length: 2\r\n\r\n[]");
            (await raw.ReadLineAsync()).ShouldBeOneOf("HTTP/1.1 404 Not Found", "HTTP/1.1 400 Bad Request");
        }

        (doors.Rows("journal"), doors.Rows("unreadable_bodies")).ShouldBe((0, 0));
        foreach (var target in new[] { "/intake/jointech/location", "/intake/jointech/location?from=cloud", $"http://{doors.Host.Address.Authority}/intake/jointech/location" })
        {
            using var raw = await doors.ConnectAsync($"POST {target} HTTP/1.1\r\nHost: {doors.Host.Address.Authority}\r\nConnection: close\r\n{DoorBench.OtherHeader}: {DoorBench.OtherSecret}\r\nContent-Length: 2\r\n\r\n[]");
            (await raw.ReadLineAsync()).ShouldBe("HTTP/1.1 200 OK", target);
        }

        await doors.AllIsWellAsync();
    }
}
