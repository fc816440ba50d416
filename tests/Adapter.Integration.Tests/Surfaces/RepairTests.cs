using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Integration.Tests.EndToEnd;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Stuck messages as an operator repairs them over the API, and what the receivers get by that.</summary>
public sealed class RepairTests : IAsyncLifetime
{
    private readonly DemoLoad _load = new();
    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_refused_message_is_edited_and_goes_as_a_revision_that_names_what_it_supersedes()
    {
        _host.Twins.Order(TwinName.Neighbour, new TwinOrder { Mode = TwinMode.Refuse, Count = 1 });
        await _load.RunAsync(_host);
        var lane = await StuckAsync(TwinName.Neighbour);
        var old = lane.GetProperty("headMessage").GetString()!;

        var (status, answer) = await RepairAsync(TwinName.Neighbour, old, """{"journey":{"mrn":"26JO99999999999999"}}""");

        status.ShouldBe(HttpStatusCode.OK, answer.ToString());
        var revised = answer.GetProperty("messageId").GetString()!;
        (revised, answer.GetProperty("revision").GetInt32()).ShouldNotBe((old, 1));
        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(_host.Received(TwinName.Neighbour)), "the lane goes on in order behind the revision");
        var first = _host.Received(TwinName.Neighbour).First(r => r.Effect > 0);
        (first.MessageId, first.Sequence).ShouldBe((revised, 1));
        first.Xml.ShouldContain("26JO99999999999999");
        first.Xml.ShouldContain($"<StatementCode>SUPERSEDES</StatementCode><StatementDescription>{old}</StatementDescription>");
        _host.Received(TwinName.Neighbour)[^1].Xml.ShouldNotContain("26JO99999999999999", customMessage: "the edit is of one message");

        var before = await _host.GetAsync($"/api/messages/{old}");
        (before.GetProperty("state").GetString(), before.GetProperty("supersededBy").GetString()).ShouldBe(("superseded", revised));
        before.GetProperty("attempts").EnumerateArray().ShouldHaveSingleItem().GetProperty("outcome").GetString().ShouldBe("rejected");
        var after = await _host.GetAsync($"/api/messages/{revised}");
        (after.GetProperty("state").GetString(), after.GetProperty("supersedes").GetString(), after.GetProperty("revision").GetInt32()).ShouldBe(("delivered", old, 2));
        (await _host.GetAsync("/api/audit")).EnumerateArray().ShouldContain(line => line.GetProperty("action").GetString() == "lane.revise" && line.GetProperty("detail").GetString() == "mended");
    }

    [Fact]
    public async Task A_message_that_could_not_be_made_keeps_its_place_and_its_id_when_the_data_are_mended()
    {
        var registration = JsonNode.Parse(_load.RegistrationJson)!.AsObject();
        registration["mrn"] = null;
        (await _host.PostAsync("/api/journeys", registration.ToJsonString())).StatusCode.ShouldBe(HttpStatusCode.OK);
        await DemoLoad.PushAsync(_host, _load.Pushes);
        var lane = await StuckAsync(TwinName.Neighbour);
        var id = lane.GetProperty("headMessage").GetString()!;

        var (same, problem) = await RepairAsync(TwinName.Neighbour, id, edits: null);
        same.ShouldBe(HttpStatusCode.Conflict);
        problem.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("still cannot be made");
        _host.Received(TwinName.Neighbour).ShouldBeEmpty();

        var (status, answer) = await RepairAsync(TwinName.Neighbour, id, """{"journey":{"mrn":"26JO99999999999999"}}""");

        status.ShouldBe(HttpStatusCode.OK, answer.ToString());
        answer.GetProperty("messageId").GetString().ShouldBe(id);
        await Eventually.HoldsAsync(() => _host.Received(TwinName.Neighbour).Any(r => r.Effect > 0), "the head goes out");
        _host.Received(TwinName.Neighbour)[0].ShouldSatisfyAllConditions(r => r.MessageId.ShouldBe(id), r => r.Sequence.ShouldBe(1));
    }

    [Theory]
    [InlineData("""{"message":{"id":"00000000000000000000000000000000"}}""", "'message' cannot be edited")]
    [InlineData("""{"event":{"kind":"UNSEAL"}}""", "'event.kind' cannot be edited")]
    [InlineData("""{"journey":{"mnr":"26JO99999999999999"}}""", "mnr")]
    [InlineData("""{"journey":{"containers":"MSKU1234565"}}""", "containers")]
    [InlineData("""{"event":null}""", "event")]
    [InlineData("""{"journey":{"mrn":"not a reference number and far longer than any of them may be, wherever it comes from"}}""", "still cannot be made")]
    public async Task An_edit_that_cannot_be_is_refused_and_changes_nothing(string edits, string says)
    {
        _host.Twins.Order(TwinName.Neighbour, new TwinOrder { Mode = TwinMode.Refuse, Count = 1 });
        await _load.RunAsync(_host);
        var id = (await StuckAsync(TwinName.Neighbour)).GetProperty("headMessage").GetString()!;

        var (status, answer) = await RepairAsync(TwinName.Neighbour, id, edits);

        status.ShouldBe(HttpStatusCode.Conflict, answer.ToString());
        answer.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain(says);
        (await StuckAsync(TwinName.Neighbour)).GetProperty("headMessage").GetString().ShouldBe(id);
    }

    [Fact]
    public async Task An_edit_and_an_act_on_a_group_need_a_reason()
    {
        _host.Twins.Order(TwinName.Manifest, new TwinOrder { Mode = TwinMode.Refuse, Count = 1 });
        await _load.RunAsync(_host);
        var id = (await StuckAsync(TwinName.Manifest)).GetProperty("headMessage").GetString()!;
        var cause = (await _host.GetAsync("/api/dead-letters"))[0].GetProperty("cause").GetString();

        foreach (var (path, rest) in new[]
        {
            ("/api/lanes/repair", $"\"subject\":\"{_load.Subject}\",\"message\":\"{id}\""), ("/api/dead-letters/replay", $"\"cause\":\"{cause}\""), ("/api/dead-letters/repair", $"\"cause\":\"{cause}\""),
        })
        {
            (await PostAsync(path, $$"""{"destination":"manifest",{{rest}},"reason":" "}""")).Status.ShouldBe(HttpStatusCode.BadRequest, path);
        }

        (await StuckAsync(TwinName.Manifest)).GetProperty("headMessage").GetString().ShouldBe(id);
        _host.Received(TwinName.Manifest).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Another_head_than_the_one_looked_at_is_not_touched()
    {
        _host.Twins.Order(TwinName.Neighbour, new TwinOrder { Mode = TwinMode.Refuse, Count = 1 });
        await _load.RunAsync(_host);
        await StuckAsync(TwinName.Neighbour);

        var (status, answer) = await RepairAsync(TwinName.Neighbour, "0123456789abcdef0123456789abcdef", edits: null);

        status.ShouldBe(HttpStatusCode.Conflict);
        answer.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("Look at the lane again");
    }

    [Fact]
    public async Task All_lanes_of_one_cause_are_mapped_again_in_one_act()
    {
        _host.Twins.Order(TwinName.Manifest, new TwinOrder { Mode = TwinMode.Refuse, Count = 1 });
        await _load.RunAsync(_host);
        await StuckAsync(TwinName.Manifest);
        var cause = (await _host.GetAsync("/api/dead-letters"))[0].GetProperty("cause").GetString();

        var (status, answer) = await PostAsync("/api/dead-letters/repair", $$"""{"destination":"manifest","cause":"{{cause}}","reason":"mended"}""");

        status.ShouldBe(HttpStatusCode.OK, answer.ToString());
        answer.GetProperty("done").GetInt32().ShouldBe(1);
        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(_host.Received(TwinName.Manifest)), "the lane goes on");
    }

    private async Task<JsonElement> StuckAsync(string destination)
    {
        await Eventually.GetAsync(() => _host.GetAsync($"/api/lanes?state=parked&destination={destination}"), lanes => lanes.GetArrayLength() == 1);
        return (await _host.GetAsync($"/api/lanes?state=parked&destination={destination}"))[0];
    }

    private Task<(HttpStatusCode Status, JsonElement Answer)> RepairAsync(string destination, string message, string? edits) => PostAsync(
        "/api/lanes/repair",
        $$"""{"destination":"{{destination}}","subject":"{{_load.Subject}}","message":"{{message}}","reason":"mended"{{(edits is null ? "" : $",\"edits\":{edits}")}}}""");

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await _host.Customs.PostAsync(new Uri(path, UriKind.Relative), content, Cancel);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        return (answer.StatusCode, body.RootElement.Clone());
    }
}
