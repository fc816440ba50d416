using System.Net;
using Adapter.Host.Delivery;
using Adapter.Host.Processing;
using Microsoft.Extensions.DependencyInjection;
using static Adapter.Host.Rehearsal.Twins.TwinName;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>What is waited for outlives the host that waits.</summary>
public sealed class DeadlineTests
{
    private const string Lock = "8022300066";

    [Fact]
    public async Task What_passes_while_the_host_is_away_is_told_once_after_its_restart_and_not_after_the_next()
    {
        await using var host = await TestHost.StartAsync();
        var now = host.Clock.GetUtcNow();
        using var registered = await host.PostAsync("/api/movements/register-movement", $$$"""
            {"movementId":"T-1","mrn":"26KE0MBA00482917J1","locks":[{"number":"{{{Lock}}}","from":"{{{now.AddHours(-1):O}}}"}],"timeLimit":"{{{now.AddMinutes(90):O}}}",
             "departure":{"code":"KEMBA001","latitude":-4.037,"longitude":39.631},"destination":{"code":"UGMLB001","latitude":0.64,"longitude":34.26}}
            """);
        registered.StatusCode.ShouldBe(HttpStatusCode.OK);
        await PushAsync(host, now.AddMinutes(-30), -4.037);
        await PushAsync(host, now.AddMinutes(-10), -3.8);
        await ToldAsync(host, "SEAL", "DEPARTURE");

        await host.RestartAsync(down: TimeSpan.FromHours(3));
        await ToldAsync(host, "SEAL", "DEPARTURE", "OVERDUE", "SIGNAL_LOST");

        await host.RestartAsync(down: TimeSpan.FromHours(3));
        (await host.Services.GetRequiredService<IDeadlineStore>().FireAsync(host.Clock.GetUtcNow(), 100, TestContext.Current.CancellationToken)).ShouldBe(0);
        // What is heard of the time before tells that the lock was there; that the goods are late stays true.
        await PushAsync(host, now.AddMinutes(30), -3.5);
        await ToldAsync(host, "SEAL", "DEPARTURE", "OVERDUE", "SIGNAL_LOST", "SIGNAL_LOST");
        host.Received(Manifest)[^1].Xml.ShouldContain("<Withdrawn>true</Withdrawn>");
    }

    private static async Task PushAsync(TestHost host, DateTimeOffset at, double latitude)
    {
        using var answer = await host.PushAsync(JointReports.Location, JointReports.Position(Lock, at, latitude));
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>All of it, in this order, and nothing waits to be told.</summary>
    private static async Task ToldAsync(TestHost host, params string[] kinds) => await Eventually.GetAsync(
        async () => (Kinds: string.Join(' ', host.Received(Manifest).Select(r => r.Kind)), Lanes: await host.LanesAsync()),
        seen => seen.Kinds == string.Join(' ', kinds) && seen.Lanes.All(lane => lane.State == LaneState.Idle), seen => $"told: {seen.Kinds}");
}
