using System.Net;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>An alarm does not wait for what is stuck in front of it, where its receiver wants that.</summary>
public sealed class OvertakingTests
{
    [Theory]
    [InlineData(TwinName.Manifest, "<OutOfSequence>true</OutOfSequence>")]
    [InlineData(TwinName.Transportation, "outOfSequence=\"true\"")]
    [InlineData(TwinName.Neighbour, "<StatementCode>OUT_OF_SEQUENCE</StatementCode>")]
    public async Task A_rope_cut_reaches_a_receiver_that_opted_in_past_a_parked_message_and_says_so(string twin, string says)
    {
        var load = new DemoLoad();
        await using var host = await TestHost.StartAsync(new TestHostOptions
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { [$"Destinations:{twin}:Overtakes:0"] = "ROPE_CUT" },
        });
        foreach (var each in TwinName.All)
        {
            host.Twins.Order(each, new TwinOrder { Mode = TwinMode.Refuse, Count = 1 });
        }

        await load.RunAsync(host);
        await Eventually.HoldsAsync(() => host.Received(twin).Any(r => r.Effect > 0), "the alarm gets through");

        var alarm = host.Received(twin).Where(r => r.Effect > 0).ShouldHaveSingleItem();
        (alarm.Kind, alarm.Sequence).ShouldBe(("ROPE_CUT", 3));
        alarm.Xml.ShouldContain(says);
        TwinName.All.Where(other => other != twin).ShouldAllBe(other => host.Received(other).All(r => r.Effect == 0), "the others did not opt in");

        foreach (var each in TwinName.All)
        {
            using var answer = await host.PostAsync("/api/lanes/replay", $$"""{"destination":"{{each}}","subject":"{{load.Subject}}","reason":"again"}""");
            answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        await Eventually.HoldsAsync(() => host.Received(twin).Count(r => r.Effect > 0) == 5, "the lane catches up");
        host.Received(twin).Where(r => r.Effect > 0).Select(r => r.Sequence).ShouldBe([3, 1, 2, 4, 5]);
        host.Received(twin).Where(r => r.Sequence != 3).ShouldAllBe(r => !r.Xml.Contains(says, StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => TwinName.All.Where(other => other != twin).All(other => DemoRun.IsTheStory(host.Received(other))), "elsewhere nothing was overtaken");
    }

    [Fact]
    public async Task A_milestone_cannot_be_told_before_its_turn()
    {
        var refused = await Should.ThrowAsync<Exception>(() => TestHost.StartAsync(new TestHostOptions
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["Destinations:manifest:Overtakes:0"] = "DEPARTURE" },
        }));

        refused.Message.ShouldContain("DEPARTURE says where a journey stands");
    }
}
