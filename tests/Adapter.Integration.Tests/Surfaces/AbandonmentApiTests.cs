using System.Net;
using System.Net.Http.Json;
using Adapter.Host.Admin;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Integration.Tests.EndToEnd;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>A closed journey's stuck lane, given up by two operators over the API, with all of it in their hands.</summary>
public sealed class AbandonmentApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_closed_journeys_lane_is_given_up_by_two_operators_and_exported()
    {
        var load = new DemoLoad();
        await using var host = await TestHost.StartAsync();
        host.Twins.Order(TwinName.Neighbour, new TwinOrder { Mode = TwinMode.Refuse, Count = 1 });
        await load.RunAsync(host);
        await Eventually.GetAsync(() => host.GetAsync("/api/lanes?state=parked&destination=neighbour"), lanes => lanes.GetArrayLength() == 1);
        using var anna = await host.ClientOfAsync("anna", Roles.Operator);
        using var ben = await host.ClientOfAsync("ben", Roles.Operator);
        using var vera = await host.ClientOfAsync("vera", Roles.Viewer);
        var ask = new { destination = "neighbour", subject = load.Subject, reason = "the neighbour takes no more" };

        (await StatusAsync(anna, "/api/abandonments", ask)).ShouldBe(HttpStatusCode.Conflict, "the journey is open");
        using (var closed = await host.PostAsync($"/api/journeys/{load.Registration.JourneyId}/close", """{"reason":"arrived"}"""))
        {
            closed.StatusCode.ShouldBe(HttpStatusCode.OK, await closed.Content.ReadAsStringAsync(Cancel));
        }

        (await StatusAsync(vera, "/api/abandonments", ask)).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(anna, "/api/abandonments", ask with { reason = " " })).ShouldBe(HttpStatusCode.BadRequest);
        (await StatusAsync(anna, "/api/abandonments", ask)).ShouldBe(HttpStatusCode.OK);
        var id = (await host.GetAsync("/api/abandonments"))[0].GetProperty("id").GetInt64();
        (await StatusAsync(anna, $"/api/abandonments/{id}/do", new { reason = "mine" })).ShouldBe(HttpStatusCode.Conflict, "it takes a second person");
        (await StatusAsync(ben, $"/api/abandonments/{id}/do", new { reason = "agreed" })).ShouldBe(HttpStatusCode.OK);

        var export = await host.GetAsync($"/api/abandonments/{id}");
        export.GetProperty("abandonment").GetProperty("doneBy").GetString().ShouldBe("ben");
        var messages = export.GetProperty("messages").EnumerateArray().ToList();
        messages.Select(m => m.GetProperty("number").GetInt64()).ShouldBe(Enumerable.Range(1, messages.Count).Select(n => (long)n));
        messages.ShouldAllBe(m => m.GetProperty("state").GetString() == "abandoned" && m.GetProperty("body").GetString()!.Contains("Declaration", StringComparison.Ordinal));
        messages[0].GetProperty("attempts").GetArrayLength().ShouldBe(1);
        (await host.GetAsync("/api/lanes?state=parked")).GetArrayLength().ShouldBe(0);
        host.Received(TwinName.Neighbour).ShouldAllBe(r => r.Effect == 0, "nothing of it goes out");
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, Cancel);
        return answer.StatusCode;
    }
}
