using System.IO.Compression;
using System.Net;
using System.Text;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Attacks 11 to 20, 23: what a body may be.</summary>
public sealed class AttackTestsOfBodies : IAsyncLifetime
{
    private DoorBench _doors = null!;

    public async ValueTask InitializeAsync() => _doors = await DoorBench.StartAsync(("Ingest:MaxBodyBytes", "65536"), ("Ingest:MaxRecords", "1000"), ("Ingest:BodyGrace", "00:00:01.100"));

    public async ValueTask DisposeAsync()
    {
        await _doors.AllIsWellAsync();
        await _doors.DisposeAsync();
    }

    [Fact]
    public async Task Attack_11_a_body_that_says_it_is_too_long_is_refused_unread()
    {
        using var unread = await _doors.ConnectAsync(_doors.Head("Content-Length: 65537"));

        (await unread.ReadLineAsync()).ShouldBe("HTTP/1.1 413 Payload Too Large");
        (await _doors.ReasonsAsync(DoorBench.Other, 1)).ShouldBe(["too-large"]);
    }

    [Fact]
    public async Task Attack_11_a_body_without_end_is_refused_at_the_bound()
    {
        using var endless = await _doors.ConnectAsync(_doors.Head("Transfer-Encoding: chunked"));
        var chunk = $"1000\r\n{new string(' ', 0x1000)}\r\n";
        for (var sent = 0; sent < 17 && await endless.SendAsync(chunk); sent++)
        {
        }

        (await endless.ReadLineAsync()).ShouldBe("HTTP/1.1 413 Payload Too Large");
        (_doors.Rows("journal"), _doors.Rows("unreadable_bodies")).ShouldBe((0, 0));
        (await _doors.ReasonsAsync(DoorBench.Other, 1)).ShouldBe(["too-large"]);
    }

    [Fact]
    public async Task Attack_12_a_compressed_body_is_refused_whatever_it_would_become()
    {
        using var bomb = new MemoryStream();
        await using (var gzip = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[10_000_000], TestContext.Current.CancellationToken);
        }

        var answer = await _doors.SendAsync(_doors.Request(bomb.ToArray(), "application/json", (DoorBench.OtherHeader, DoorBench.OtherSecret), ("Content-Encoding", "gzip")));

        (answer.Status, answer.Code).ShouldBe((HttpStatusCode.UnsupportedMediaType, "intake.content-encoding"));
        (await _doors.ReasonsAsync(DoorBench.Other, 1)).ShouldBe(["content-encoding"]);
        (await _doors.SendAsync(_doors.Request(Encoding.UTF8.GetBytes(_doors.Report()), null, (DoorBench.OtherHeader, DoorBench.OtherSecret), ("Content-Encoding", "identity"))))
            .Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
    }

    [Fact]
    public async Task Attack_13_a_body_that_drips_is_given_up()
    {
        using var dripping = await _doors.ConnectAsync(_doors.Head("Content-Length: 1000"));
        await dripping.SendAsync("{");

        (await dripping.ReadLineAsync()).ShouldBe("HTTP/1.1 408 Request Timeout");
        (await _doors.ReasonsAsync(DoorBench.Other, 1)).ShouldBe(["too-slow"]);
    }

    [Fact]
    public async Task Attack_14_depth_without_reason_is_kept_in_quarantine_and_its_neighbour_is_taken()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 5_000)) + "[]" + new string('}', 5_000);

        var answer = await _doors.PushAsync($"[{deep},{_doors.Report()}]");

        answer.Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
        answer.Quarantined.ShouldHaveSingleItem().ShouldContain("nested at most");
        _doors.Rows("journal", "relation = 'quarantined' AND length(body) > 25000").ShouldBe(1);
        (await _doors.PushAsync(new string('[', 10_000))).Code.ShouldBe("intake.not-json");
    }

    [Fact]
    public async Task Attack_15_of_a_key_written_twice_the_last_counts_and_the_record_is_taken()
    {
        var twice = _doors.Report().Replace($"\"assetId\":\"{DoorBench.Lock}\"", $"\"assetId\":\"8022300666\", \"assetId\":\"{DoorBench.Lock}\"", StringComparison.Ordinal);

        (await _doors.PushAsync(twice)).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));

        (_doors.Rows("record_keys", $"lock = '{DoorBench.Lock}'"), _doors.Rows("record_keys")).ShouldBe((1, 1));
    }

    [Theory]
    [InlineData("\"latitude\":-4.037", "\"latitude\":\"NaN\"")]
    [InlineData("\"latitude\":-4.037", "\"latitude\":1e999")]
    [InlineData("\"latitude\":-4.037", "\"latitude\":91")]
    [InlineData("\"longitude\":39.631", "\"longitude\":181")]
    [InlineData("\"longitude\":39.631, \"latitude\":-4.037", "\"longitude\":0, \"latitude\":0")]
    [InlineData("\"gpsTime\":\"20", "\"gpsTime\":\"2000-01-01T00:00:00Z\",\"x\":\"20")]
    [InlineData("\"gpsTime\":\"20", "\"gpsTime\":\"2126-01-01T00:00:00Z\",\"x\":\"20")]
    public async Task Attack_16_values_that_cannot_be_are_stored_as_they_came_and_stop_nothing(string from, string to)
    {
        var report = _doors.Report().Replace(from, to, StringComparison.Ordinal);
        report.ShouldContain(to);

        (await _doors.PushAsync(report)).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));

        var entry = await Eventually.GetAsync(() => _doors.Host.GetAsync("/api/journal/1"), e => e.GetProperty("state").GetString() != "waiting");
        entry.GetProperty("state").GetString().ShouldBe("processed");
        entry.GetProperty("body").GetString().ShouldNotBeNull().ShouldContain(to);
    }

    [Fact]
    public async Task Attack_16_a_bare_NaN_is_not_JSON_and_is_kept()
    {
        (await _doors.PushAsync(_doors.Report().Replace("\"latitude\":-4.037", "\"latitude\":NaN", StringComparison.Ordinal))).Code.ShouldBe("intake.not-json");
        (_doors.Rows("unreadable_bodies"), _doors.Rows("gaps")).ShouldBe((1, 0));
    }

    [Theory]
    [InlineData("utf-8", true, null)]
    [InlineData("utf-16", true, null)]
    [InlineData("utf-16", false, "application/json; charset=utf-16")]
    [InlineData("utf-16BE", true, "application/json")]
    [InlineData("utf-16BE", false, "application/json; charset=\"UTF-16BE\"")]
    [InlineData("utf-16BE", false, "application/json; charset=utf-8")]
    [InlineData("utf-32", true, "application/json")]
    [InlineData("iso-8859-1", false, "application/json; charset=ISO-8859-1")]
    [InlineData("gb2312", false, "application/json;charset=GB2312")]
    public async Task Attack_17_text_in_another_charset_is_decoded_as_it_says(string charset, bool withMark, string? contentType)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        var plate = charset == "gb2312" ? "粤B12345" : "Ü-12345";
        var report = _doors.Report().Replace(DoorBench.Canary, plate, StringComparison.Ordinal);
        byte[] body = [.. withMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(report)];

        (await _doors.SendAsync(_doors.Request(body, contentType, (DoorBench.OtherHeader, DoorBench.OtherSecret)))).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));

        (await _doors.Host.GetAsync("/api/journal/1")).GetProperty("body").GetString().ShouldNotBeNull().ShouldContain($"\"note\":\"{plate}\"");
    }

    [Theory]
    [InlineData("application/json; charset=klingon")]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=us-ascii")]
    public async Task Attack_17_what_cannot_be_decoded_for_certain_is_refused_and_kept(string contentType)
    {
        byte[] body = [.. "{\"assetId\":\"1\",\"note\":\""u8, 0xFF, 0x80, .. "\"}"u8];

        var answer = await _doors.SendAsync(_doors.Request(body, contentType, (DoorBench.OtherHeader, DoorBench.OtherSecret)));

        (answer.Status, answer.Code).ShouldBe((HttpStatusCode.BadRequest, "intake.not-text"));
        (_doors.Rows("journal"), _doors.Rows("unreadable_bodies"), _doors.Rows("gaps")).ShouldBe((0, 1, 0));
    }

    [Fact]
    public async Task Attack_17_broken_UTF8_in_a_field_says_nothing_and_the_record_is_kept_byte_for_byte()
    {
        byte[] body = [.. Encoding.UTF8.GetBytes(_doors.Report().TrimEnd()[..^1]), .. ",\"plate\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        (await _doors.SendAsync(_doors.Request(body, "application/json", (DoorBench.OtherHeader, DoorBench.OtherSecret)))).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));

        _doors.Rows("journal", "instr(body, x'C328') > 0").ShouldBe(1);
        await ProcessedAsync(1);
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\u0000\\u0001\\u001f")]
    [InlineData("\\u202eCBA")]
    [InlineData("\u202eCBA")]
    public async Task Attack_18_text_that_cheats_the_eye_is_kept_as_it_came(string text)
    {
        var report = _doors.Report().Replace(DoorBench.Canary, text, StringComparison.Ordinal);

        (await _doors.PushAsync(report)).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));

        (await ProcessedAsync(1)).ShouldContain($"\"note\":\"{text}\"");
        _doors.Host.Log.Text.ShouldNotContain("CBA");
    }

    [Fact]
    public async Task Attack_19_a_lock_number_without_end_is_refused_and_a_long_one_is_kept_in_quarantine()
    {
        (await _doors.PushWhenAskedAsync(_doors.Report().Replace(DoorBench.Lock, new string('9', 10_000_000), StringComparison.Ordinal))).Code.ShouldBe("intake.too-large");

        var answer = await _doors.PushAsync(_doors.Report().Replace(DoorBench.Lock, new string('9', 60_000), StringComparison.Ordinal));

        answer.Counts.ShouldBe((HttpStatusCode.OK, 0, 0));
        answer.Quarantined.ShouldHaveSingleItem().ShouldContain("60000 characters");
    }

    [Fact]
    public async Task Attack_20_a_code_that_nobody_knows_is_kept_counted_and_blocks_nothing()
    {
        using var unknown = new MeterWatch<long>(_doors.Host.Services, "customstransit.telemetry.unknown_codes");
        var row = JointReports.AlarmRow(DoorBench.Lock, 987_654, _doors.Host.Clock.GetUtcNow());

        using var push = await _doors.Host.PushAsync(JointReports.Alarm, row);

        (await Answer.OfAsync(push)).Counts.ShouldBe((HttpStatusCode.OK, 1, 0));
        (await ProcessedAsync(1)).ShouldContain("987654");
        await Eventually.HoldsAsync(() => unknown.Measured is [(1, "space=web-alarm")], "the unknown code is counted");
    }

    [Fact]
    public async Task Attack_23_a_million_elements_are_refused_kept_and_leave_a_gap()
    {
        await using var roomy = await DoorBench.StartAsync(("Ingest:MaxBodyBytes", "4194304"));
        var million = $"[{string.Join(',', Enumerable.Repeat('1', 1_000_000))}]";

        (await _doors.PushWhenAskedAsync(million)).Code.ShouldBe("intake.too-large");
        var answer = await roomy.PushAsync(million);

        (answer.Status, answer.Code).ShouldBe((HttpStatusCode.RequestEntityTooLarge, "intake.too-many-records"));
        (roomy.Rows("journal"), roomy.Rows("unreadable_bodies", "length(body) = 2000001")).ShouldBe((0, 1));
        (await roomy.ReasonsAsync(DoorBench.Other, 1)).ShouldBe(["too-many-records"]);
        await roomy.AllIsWellAsync();
    }

    private async Task<string> ProcessedAsync(long position)
    {
        var entry = await Eventually.GetAsync(() => _doors.Host.GetAsync($"/api/journal/{position}"), e => e.GetProperty("state").GetString() != "waiting");
        entry.GetProperty("state").GetString().ShouldBe("processed");
        return entry.GetProperty("body").GetString()!;
    }
}
