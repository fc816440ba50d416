using System.Net;
using Adapter.Host.Delivery;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>Sends many journeys to a host at once, in their own time: the clock leaps from one moment of sending to the next.</summary>
/// <remarks>
/// What is sent about one journey keeps its order. Journeys share requests, as they do where a cloud pushes for many locks; requests
/// go out side by side, single or as arrays, and elements that are no records stand between the others.
/// </remarks>
internal static class DirtyLoad
{
    private const int SideBySide = 8;

    private static readonly TimeSpan Slice = TimeSpan.FromMinutes(2);

    private static readonly string[] Rubbish = ["17", "null", "\"hello\"", "{}", """{"speed":1,"gpsTime":"2026-07-06T00:00:00Z"}""", """{"assetId":""}"""];

    public static async Task SendAsync(TestHost host, IReadOnlyList<DirtyJourney> journeys, ulong seed)
    {
        var slices = journeys.SelectMany((journey, i) => journey.Sent.Select(sending => (sending, Sender: i % SideBySide)))
            .GroupBy(s => s.sending.At.Ticks / Slice.Ticks).OrderBy(slice => slice.Key);
        foreach (var slice in slices)
        {
            var end = new DateTimeOffset((slice.Key + 1) * Slice.Ticks, TimeSpan.Zero);
            host.Clock.Advance(end - host.Clock.GetUtcNow());
            await Task.WhenAll(slice.GroupBy(s => s.Sender, s => s.sending)
                .Select(group => SendAsync(host, [.. group.OrderBy(s => s.At)], new SeededRandom(SeededRandom.Derive(seed, HashCode.Combine(slice.Key, group.Key))))));
        }
    }

    /// <summary>Everything is processed and nothing waits in any lane.</summary>
    public static async Task SettledAsync(TestHost host, TimeSpan patience)
    {
        var database = host.Services.GetRequiredService<SqliteDatabase>();
        var lanes = host.Services.GetRequiredService<ILaneStore>();
        await Eventually.GetAsync(
            async () =>
            {
                using var session = database.OpenForReading();
                var waiting = session.Scalar<long>("SELECT (SELECT max(position) FROM journal) - (SELECT position FROM checkpoint)");
                var parked = session.Scalar<long>("SELECT count(*) FROM parked_entries");
                return (Waiting: waiting, Parked: parked, Lanes: await lanes.CountAsync(TestContext.Current.CancellationToken));
            },
            seen => seen.Waiting == 0 && seen.Parked == 0 && seen.Lanes.Keys.All(state => state == LaneState.Idle),
            seen => $"{seen.Waiting} entries wait, {seen.Parked} are parked; lanes: {string.Join(", ", seen.Lanes)}", patience);
    }

    private static async Task SendAsync(TestHost host, List<Sending> sendings, SeededRandom random)
    {
        var at = 0;
        while (at < sendings.Count)
        {
            var path = sendings[at].Path;
            if (path == Sending.Registration)
            {
                using var registered = await host.PostAsync(path, sendings[at].Json);
                var text = await registered.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
                // On a machine that is busy it is taken before it is processed; what is sent after it stands behind it in the journal.
                registered.StatusCode.ShouldBeOneOf([HttpStatusCode.OK, HttpStatusCode.Accepted], text);
                text.ShouldNotContain("contended");
                at++;
                continue;
            }

            var most = random.Pick([1, 1, 5, 30]);
            var bodies = sendings.Skip(at).TakeWhile(s => s.Path == path).Take(most).Select(s => s.Json).ToList();
            at += bodies.Count;
            var rubbish = 0;
            if (most > 1)
            {
                for (; random.Chance(15); rubbish++)
                {
                    bodies.Insert(random.Next(0, bodies.Count + 1), random.Pick(Rubbish));
                }
            }

            using var answer = await host.PushAsync(path, most == 1 ? bodies[0] : $"[{string.Join(',', bodies)}]");
            var said = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, said);
            said.Split("\"index\"").Length.ShouldBe(rubbish + 1, said);
        }
    }
}
