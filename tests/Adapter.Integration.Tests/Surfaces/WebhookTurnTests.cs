using System.Net;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Whose body is read when, and what becomes of those who wait.</summary>
public sealed class WebhookTurnTests
{
    private const string Source = $"Ingest:Sources:{DoorBench.Other}";

    [Fact]
    public async Task A_source_that_never_repeats_waits_for_its_rate_and_is_never_told_429()
    {
        await using var doors = await DoorBench.StartAsync(($"{Source}:RatePerSecond", "20"), ($"{Source}:Burst", "1"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => doors.PushAsync(doors.Report(n * 30))));

        answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.OK && answer.Accepted == 1);
        doors.Rows("gaps").ShouldBe(0);
    }

    [Fact]
    public async Task A_turn_that_does_not_come_in_time_is_a_503_and_a_gap()
    {
        await using var doors = await DoorBench.StartAsync(($"{Source}:RatePerSecond", "0.01"), ($"{Source}:Burst", "1"), ("Ingest:Patience", "00:00:00.300"));
        (await doors.PushAsync(doors.Report())).Status.ShouldBe(HttpStatusCode.OK);

        var refused = await doors.PushAsync(doors.Report(30));

        (refused.Status, refused.Code, refused.RetryAfter).ShouldBe((HttpStatusCode.ServiceUnavailable, "intake.busy", TimeSpan.FromSeconds(5)));
        (await doors.ReasonsAsync(DoorBench.Other, 1)).ShouldBe(["busy"]);
        await doors.AllIsWellAsync();
    }

    [Fact]
    public async Task The_body_of_one_who_waits_is_not_read()
    {
        await using var doors = await DoorBench.StartAsync(($"{Source}:RatePerSecond", "0.01"), ($"{Source}:Burst", "1"), ("Ingest:Patience", "00:00:00.300"));
        using (var first = await doors.ConnectAsync(doors.Head("Content-Length: 2\r\nExpect: 100-continue")))
        {
            (await first.ReadLineAsync()).ShouldBe("HTTP/1.1 100 Continue");
            await first.SendAsync("[]");
            await first.ReadLineAsync();
            (await first.ReadLineAsync()).ShouldBe("HTTP/1.1 200 OK");
        }

        using var second = await doors.ConnectAsync(doors.Head("Content-Length: 2\r\nExpect: 100-continue"));

        (await second.ReadLineAsync()).ShouldBe("HTTP/1.1 503 Service Unavailable");
    }

    [Fact]
    public async Task Only_so_many_may_wait()
    {
        await using var doors = await DoorBench.StartAsync(($"{Source}:RatePerSecond", "0.01"), ($"{Source}:Burst", "1"), ("Ingest:MaxWaiting", "1"), ("Ingest:Patience", "00:00:20"));
        using var active = new MeterWatch<long>(doors.Host.Services, "http.server.active_requests");
        (await doors.PushAsync(doors.Report())).Status.ShouldBe(HttpStatusCode.OK);
        await Eventually.HoldsAsync(() => active.Measured.Sum(m => m.Value) == 0, "the first request is over");
        using var waiting = await doors.ConnectAsync(doors.Head("Content-Length: 2\r\nExpect: 100-continue"));
        await Eventually.HoldsAsync(() => active.Measured.Sum(m => m.Value) == 1, "the second request waits");

        // Whichever of these is first may take the place that the other connection has not reached yet; one of them is turned away while it waits.
        var refused = await await Task.WhenAny(doors.PushAsync(doors.Report(30)), doors.PushAsync(doors.Report(60)));

        refused.Code.ShouldBe("intake.busy");
    }

    [Fact]
    public async Task A_source_that_holds_all_it_may_hold_keeps_no_other_waiting()
    {
        await using var doors = await DoorBench.StartAsync(("Ingest:MaxBodyBytes", "65536"), ("Ingest:MaxBytesInFlight", "262144"), ("Ingest:Patience", "00:00:00.500"));
        var stuck = new List<RawConnection>();
        try
        {
            // 64 KiB each: two fill the source's half of what there is.
            for (var i = 0; i < 6; i++)
            {
                stuck.Add(await doors.ConnectAsync(doors.Head("Content-Length: 60000\r\nExpect: 100-continue")));
            }

            var lines = await Task.WhenAll(stuck.Select(raw => raw.ReadLineAsync()));
            lines.Count(line => line == "HTTP/1.1 100 Continue").ShouldBe(2);
            lines.Count(line => line == "HTTP/1.1 503 Service Unavailable").ShouldBe(4);
            using var push = await doors.Host.PushAsync(JointReports.Location, doors.Report());
            push.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            stuck.ForEach(raw => raw.Dispose());
        }
    }

    [Fact]
    public async Task Strangers_that_claim_to_sign_hold_no_more_than_their_address_may()
    {
        await using var doors = await DoorBench.StartAsync(("Ingest:MaxBodyBytes", "65536"), ("Ingest:MaxBytesInFlight", "1048576"), ("Ingest:Patience", "00:00:00.500"));
        var signed = string.Join("\r\n", doors.Signed("", key: "not-the-key-of-anybody-here").Select(h => $"{h.Name}: {h.Value}"));
        var stuck = new List<RawConnection>();
        try
        {
            for (var i = 0; i < 6; i++)
            {
                stuck.Add(await doors.ConnectAsync($"POST {JointReports.Location} HTTP/1.1\r\nHost: x\r\n{signed}\r\nContent-Length: 60000\r\nExpect: 100-continue\r\n\r\n"));
            }

            var lines = await Task.WhenAll(stuck.Select(raw => raw.ReadLineAsync()));
            lines.Count(line => line == "HTTP/1.1 100 Continue").ShouldBe(4);
            await doors.AllIsWellAsync();
            doors.Rows("gaps").ShouldBe(0);
        }
        finally
        {
            stuck.ForEach(raw => raw.Dispose());
        }
    }

    [Fact]
    public async Task A_signed_source_that_repeats_is_told_429()
    {
        await using var doors = await DoorBench.StartAsync(
            ($"Ingest:Sources:{DoorBench.Signer}:RatePerSecond", "0.01"), ($"Ingest:Sources:{DoorBench.Signer}:Burst", "1"), ($"Ingest:Sources:{DoorBench.Signer}:Repeats", "true"));
        var forged = doors.Report(90);
        (await doors.SendAsync(doors.Request(forged, doors.Signed(forged, key: "not-the-key-of-anybody-here")))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await doors.PushSignedAsync(doors.Report(), "msg-1")).Status.ShouldBe(HttpStatusCode.OK);

        var second = await doors.PushSignedAsync(doors.Report(30), "msg-2");

        second.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        second.RetryAfter.ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.FromSeconds(10));
    }
}
