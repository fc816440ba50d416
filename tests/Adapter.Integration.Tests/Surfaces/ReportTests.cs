using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Adapter.Host.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Integration.Tests.EndToEnd;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>The file of a journey that went all the way, as JSON and as a page.</summary>
public sealed class ReportTests : IAsyncLifetime
{
    private readonly DemoLoad _load = new();
    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_report_has_route_timeline_seals_and_every_message_with_its_receipt_and_hash()
    {
        await TellAsync();

        var report = await _host.GetAsync($"/api/journeys/{_load.Registration.JourneyId}/report");

        report.GetProperty("routes").EnumerateArray().ShouldContain(r => r.GetProperty("points").GetArrayLength() > 1);
        report.GetProperty("timeline").EnumerateArray().Select(m => m.GetProperty("at").GetDateTimeOffset()).ShouldBeInOrder();
        report.GetProperty("seals").EnumerateArray().ShouldContain(s => s.GetProperty("isLock").GetBoolean());
        var messages = report.GetProperty("messages").EnumerateArray().ToList();
        messages.Count.ShouldBe(TwinName.All.Count * DemoJourney.ExpectedKinds.Count);
        messages.ShouldAllBe(m => m.GetProperty("state").GetString() == "delivered" && m.GetProperty("receipts").GetArrayLength() >= 1);
        foreach (var received in TwinName.All.SelectMany(_host.Received))
        {
            messages.Single(m => m.GetProperty("id").GetString() == received.MessageId).GetProperty("destination").GetString().ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task Hashes_of_the_evidence_are_those_of_the_bytes_in_the_journal()
    {
        await TellAsync();

        var evidence = (await _host.GetAsync($"/api/journeys/{_load.Registration.JourneyId}/report")).GetProperty("evidence").EnumerateArray().ToList();

        evidence.Count.ShouldBeGreaterThan(4);
        var journal = (Adapter.Host.Journal.IJournal)_host.Services.GetService(typeof(Adapter.Host.Journal.IJournal))!;
        foreach (var line in evidence)
        {
            var entry = (await journal.FindAsync(line.GetProperty("position").GetInt64(), Cancel)).ShouldNotBeNull().Entry;
            line.GetProperty("sha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData(entry.Body.ToArray())));
        }
    }

    [Theory]
    [InlineData("report.html", "*/*", "text/html")]
    [InlineData("report", "text/html", "text/html")]
    [InlineData("report", "text/html;q=0.5, application/json", "application/json")]
    [InlineData("report", "application/json", "application/json")]
    public async Task Who_asks_for_a_page_gets_one(string path, string accept, string expected)
    {
        await _load.RegisterAsync(_host);

        using var answer = await AskAsync($"/api/journeys/{_load.Registration.JourneyId}/{path}", accept);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe(expected);
        if (expected == "text/html")
        {
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'");
            answer.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
            (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain(_load.Registration.JourneyId);
        }
    }

    [Fact]
    public async Task A_report_is_for_those_who_may_read_and_of_a_journey_that_exists()
    {
        await _load.RegisterAsync(_host);
        using var viewer = await _host.ClientOfAsync("victor", Roles.Viewer);

        (await _host.Anonymous.GetAsync($"/api/journeys/{_load.Registration.JourneyId}/report.html", Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await viewer.GetAsync($"/api/journeys/{_load.Registration.JourneyId}/report.html?dir=rtl", Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await viewer.GetAsync($"/api/journeys/{_load.Registration.JourneyId}/report.html?dir=up", Cancel)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await viewer.GetAsync("/api/journeys/none/report.html", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await viewer.GetAsync("/api/journeys/none/report", Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_impossible_corridor_is_refused_with_its_field()
    {
        using var answer = await _host.PostAsync("/api/journeys", """
            {"journeyId":"J-9","mrn":"26KE","departure":{"code":"A","radiusMetres":1000},"destination":{"code":"B","radiusMetres":1000},
             "route":{"corridor":{"type":"LineString","coordinates":[[36,1],[22.5,113.9]]}}}
            """);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldContain("route.corridor.coordinates[1]");
    }

    private async Task TellAsync()
    {
        await _load.RunAsync(_host);
        await Eventually.HoldsAsync(() => TwinName.All.All(twin => DemoRun.IsTheStory(_host.Received(twin))), "the story is told");
        await Eventually.GetAsync(_host.LanesAsync, lanes => lanes.All(l => l.State == LaneState.Idle), lanes => string.Join('\n', lanes));
    }

    private async Task<HttpResponseMessage> AskAsync(string path, string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var type in accept.Split(", "))
        {
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(type));
        }

        return await _host.Customs.SendAsync(request, Cancel);
    }
}
