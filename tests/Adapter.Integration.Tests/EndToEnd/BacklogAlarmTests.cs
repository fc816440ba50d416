using System.Globalization;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>A receiver is back after a day. What waits for it takes minutes; an alarm does not wait for that, where the receiver wants it.</summary>
public sealed class BacklogAlarmTests
{
    private const int OwnLane = 2000;
    private const int OtherLanes = 500;
    private const int InEach = 20;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_alarm_behind_a_day_long_backlog_goes_before_it_at_a_receiver_that_opted_in(bool optedIn)
    {
        var load = new DemoLoad();
        await using var host = await TestHost.StartAsync(new TestHostOptions
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Destinations:manifest:Concurrency"] = "4",
                ["Destinations:manifest:Overtakes:0"] = optedIn ? "ROPE_CUT" : "OVERDUE",
            },
        });
        (await host.PostAsync("/api/destinations/manifest/hold", """{"reason":"it is away"}""")).Dispose();
        await load.RegisterAsync(host);
        await FillAsync(host, load.Subject);
        (await host.PostAsync("/api/destinations/manifest/release", """{"reason":"it is back"}""")).Dispose();
        await Eventually.HoldsAsync(() => host.Received(TwinName.Manifest).Count > 20, "the backlog goes");

        var alarmed = load.Pushes.TakeWhile(push => push.Path != DemoJourney.AlarmPath).Count();
        await DemoLoad.PushAsync(host, load.Pushes.Take(alarmed));
        var pushed = host.Clock.GetUtcNow();
        await DemoLoad.PushAsync(host, [load.Pushes[alarmed]]);
        if (optedIn)
        {
            await Eventually.HoldsAsync(() => host.Received(TwinName.Manifest).Any(r => r.Kind == "ROPE_CUT"), "the alarm arrives");
            await TellWhereTheTimeWentAsync(host, pushed);
        }
        else
        {
            var sofar = host.Received(TwinName.Manifest).Count;
            await Eventually.HoldsAsync(() => host.Received(TwinName.Manifest).Count > sofar + 200, "the backlog goes on");
        }

        var received = host.Received(TwinName.Manifest);
        var alarm = received.FirstOrDefault(r => r.Kind == "ROPE_CUT");
        (alarm is not null).ShouldBe(optedIn, "without opting in it waits for its turn");
        received.Count(r => r.Kind == "BACKLOG").ShouldBeLessThan(OtherLanes * InEach / 2, "most of the backlog is still waiting");
        foreach (var lane in received.Where(r => r.Kind == "BACKLOG").GroupBy(r => r.Subject))
        {
            lane.Select(r => r.Sequence!.Value).ShouldBe(Enumerable.Range(1, lane.Count()).Select(n => (long)n), "and keeps its order");
        }

        if (alarm is not null)
        {
            alarm.Sequence.ShouldBe(OwnLane + 3, "it kept its number");
            alarm.Xml.ShouldContain("<OutOfSequence>true</OutOfSequence>");
        }
    }

    /// <summary>Measured and not asserted: how fast is the machine's affair.</summary>
    private static async Task TellWhereTheTimeWentAsync(TestHost host, DateTimeOffset pushed)
    {
        var received = host.Received(TwinName.Manifest).First(r => r.Kind == "ROPE_CUT");
        var message = await host.GetAsync($"/api/messages/{received.MessageId}");
        var created = message.GetProperty("createdAt").GetDateTimeOffset();
        var started = message.GetProperty("attempts")[0].GetProperty("startedAt").GetDateTimeOffset();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"From the push: decided after {Since(created)} s, attempted after {Since(started)} s, at the receiver after {Since(received.At)} s."));

        string Since(DateTimeOffset at) => (at - pushed).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
    }

    /// <summary>Messages since yesterday: many in the lane of the alarm's journey, and many lanes beside it.</summary>
    private static Task FillAsync(TestHost host, string subject) => host.Services.GetRequiredService<StoreWriter>().WriteAsync(WriteUrgency.Ordinary, session =>
    {
        var yesterday = (host.Clock.GetUtcNow() - TimeSpan.FromDays(1)).ToStored();
        Fill(subject, OwnLane, "f");
        for (var lane = 0; lane < OtherLanes; lane++)
        {
            Fill("journey:B-" + lane.ToString(CultureInfo.InvariantCulture), InEach, lane.ToString("x4", CultureInfo.InvariantCulture));
        }

        void Fill(string of, int messages, string prefix)
        {
            session.Execute(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
                INSERT INTO messages (id, destination, subject, number, revision, decision_key, kind, occurred_at, created_at, entry, state, document, doc_version, source, soap, action, body)
                SELECT ?3 || printf('%0' || (32 - length(?3)) || 'x', i), 'manifest', ?2, i, 1, 'backlog-' || i, 'BACKLOG', ?4, ?4, 1, 'queued', 'manifest-notification', 1, x'7b7d', 'Soap11', ?5,
                       CAST(replace(replace(?6, '{id}', ?3 || printf('%0' || (32 - length(?3)) || 'x', i)), '{n}', i) AS BLOB)
                FROM n
                """,
                messages, of, prefix, yesterday, "urn:customstransit:manifest:1/NotifySealEvent", Body(of));
            session.Execute(
                "INSERT INTO lanes (destination, subject, last_number, head, state, due_at, attempts, tries, since) VALUES ('manifest', ?1, ?2, 1, 'waiting', ?3, 0, 0, ?3)", of, messages, yesterday);
        }
    }, Cancel);

    private static string Body(string subject) =>
        "<SealNotification xmlns=\"urn:customstransit:manifest:1\"><MessageId>{id}</MessageId><Sequence>{n}</Sequence><Mrn>" + subject
        + "</Mrn><Event><Code>BACKLOG</Code><Alarm>false</Alarm><OccurredAt>2026-03-02T06:15:30Z</OccurredAt><ReportedAt>2026-03-02T06:15:41Z</ReportedAt></Event></SealNotification>";
}
