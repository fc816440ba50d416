using System.Globalization;
using System.Net;
using System.Text.Json;
using Adapter.Contracts.Telemetry;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Traccar forwards to us, as its JSON forwarding does, and a gateway with Jointech's SDK posts its envelopes.</summary>
public sealed class TraccarIntakeTests : IAsyncLifetime
{
    private const string Positions = "/intake/traccar/positions";
    private const string Events = "/intake/traccar/events";
    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Positions_and_events_are_taken_alone_and_in_arrays_and_a_retried_position_is_a_copy()
    {
        var at = Now;

        (await PushAsync(Positions, Position(at))).ShouldBe((1, 0, 0));
        (await PushAsync(Positions, Position(at))).ShouldBe((0, 1, 0));
        (await PushAsync(Positions, $"[{Position(at)},{Position(at.AddMinutes(-1))},{{\"position\":null}}]")).ShouldBe((1, 1, 1));
        (await PushAsync(Events, Event(at, 1))).ShouldBe((1, 0, 0));
        (await PushAsync(Events, $"[{Event(at.AddMinutes(-2), 2)}]")).ShouldBe((1, 0, 0));
    }

    [Fact]
    public async Task What_was_forwarded_is_journalled_with_its_dialect_and_processed()
    {
        (await PushAsync(Positions, Position(Now))).ShouldBe((1, 0, 0));
        (await PushAsync(Events, Event(Now, 1))).ShouldBe((1, 0, 0));
        await Eventually.GetAsync(() => _host.Services.GetRequiredService<IJournal>().CountAsync(Cancel), counts => counts is { Waiting: 0, Parked: 0 }, counts => $"both are processed: {counts}");

        var position = await ReportAsync(1, "location@traccar");
        (position.Lock.Value, position.Route, position.State).ShouldBe(("0000620011", ReportRoute.Location, new SealState(true, true, true)));
        var alarm = await ReportAsync(2, "event@traccar/web-event");
        (alarm.Lock.Value, alarm.Route, alarm.SourceMessageId).ShouldBe(("0000620011", ReportRoute.Event, "1"));
        alarm.Events.ShouldHaveSingleItem().Kind.ShouldBe(LockEventKind.RopeCut);
    }

    [Fact]
    public async Task A_gateway_posts_all_its_envelopes_to_one_address()
    {
        var time = Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

        (await PushAsync(JointReports.Location, $$"""
            [ { "DeviceID":"8000620011", "MsgType":"Location", "DataBody":{ "GpsTime":"{{time}}", "Alarm":-1, "LockStatus":0, "LockRope":0, "Awaken":1 } },
              { "DeviceID":"8000620011", "MsgType":"P45", "DataBody":{ "DateTime":"{{time}}", "Event":5, "Status":0 } },
              { "DeviceID":"8000620011", "MsgType":"P52", "DataBody":"(8000620011,P52,2,482913)", "ReplyMsg":"(P52,2,482913)" } ]
            """)).ShouldBe((3, 0, 0));

        (await ReportAsync(1, "location")).Route.ShouldBe(ReportRoute.Location);
        (await ReportAsync(2, "location")).Events.ShouldBe([new ReportedEvent(LockEventKind.Seal, new SourceCode("p45", "5"), Level: false)]);
        var secret = await _host.GetAsync("/api/journal/3");
        secret.GetRawText().ShouldNotContain("482913");
        secret.GetRawText().ShouldContain("P52,2,***");
    }

    private async Task<LockReport> ReportAsync(long position, string route)
    {
        var story = (await _host.Services.GetRequiredService<IJournal>().FindAsync(position, Cancel)).ShouldNotBeNull();
        story.Entry.Route.ShouldBe(route);
        return _host.Services.GetRequiredService<IReportDecoder>().Decode(story.Entry);
    }

    private async Task<(int Accepted, int Duplicate, int Quarantined)> PushAsync(string path, string json)
    {
        using var answer = await _host.PushAsync(path, json);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        return (body.RootElement.GetProperty("accepted").GetInt32(), body.RootElement.GetProperty("duplicate").GetInt32(), body.RootElement.GetProperty("quarantined").GetArrayLength());
    }

    /// <summary>From a lock whose number begins with zeros, which Traccar's binary decoder loses.</summary>
    private static string Position(DateTimeOffset at, int status = 0x20E0) => $$"""
        {"position":{"id":7,"attributes":{"status":{{status}},"blocked":true,"batteryLevel":80},"deviceId":10,"protocol":"jt600","serverTime":"{{Time(at)}}",
          "deviceTime":"{{Time(at)}}","fixTime":"{{Time(at)}}","outdated":false,"valid":true,"latitude":-4.037,"longitude":39.631,"speed":0.0,"course":0.0},
         "device":{"id":10,"name":"truck","uniqueId":"620011","status":"online"} }
        """;

    private static string Event(DateTimeOffset at, int id) => $$"""
        {"event":{"id":{{id}},"attributes":{"alarm":"powerCut"},"deviceId":10,"type":"alarm","eventTime":"{{Time(at)}}","positionId":7},{{Position(at, 0x20A8).Trim()[1..]}}
        """;

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'+00:00'", CultureInfo.InvariantCulture);
}
