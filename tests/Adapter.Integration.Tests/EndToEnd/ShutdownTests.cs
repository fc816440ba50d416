using System.Text.Json;
using Adapter.Host.Delivery;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>A host that is stopped in an orderly way ends what it has begun.</summary>
public sealed class ShutdownTests
{
    [Theory]
    [InlineData(TwinName.Transportation)]
    [InlineData(TwinName.Manifest)]
    public async Task A_host_that_stops_waits_for_the_answer_to_a_message_on_its_way(string receiver)
    {
        var load = new DemoLoad();
        await using var host = await TestHost.StartAsync();
        host.Twins.Order(receiver, new TwinOrder { Mode = TwinMode.Slow, Seconds = 5, Count = 1 });
        await load.RunAsync(host);
        // What is in the log is not answered yet: the receiver is slow, by more than a busy machine takes to look.
        await Eventually.HoldsAsync(() => host.Received(receiver).Count == 1, "the receiver holds its first message");

        await host.RestartAsync();

        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(host.Received(receiver)), "the rest follows after the restart");
        host.Received(receiver).Count.ShouldBe(DemoJourney.ExpectedKinds.Count, "nothing is asked about and nothing repeated");
        var message = await Eventually.GetAsync(
            () => host.GetAsync($"/api/messages/{host.Received(receiver)[0].MessageId}"), m => m.GetProperty("state").GetString() == "delivered", m => m.ToString());
        message.GetProperty("attempts").EnumerateArray().Select(Outcome).ShouldBe(["delivered"]);
        await Eventually.GetAsync(host.LanesAsync, lanes => lanes.All(lane => lane.State == LaneState.Idle), lanes => string.Join('\n', lanes));
    }

    private static string? Outcome(JsonElement attempt) => attempt.GetProperty("outcome").GetString();
}
