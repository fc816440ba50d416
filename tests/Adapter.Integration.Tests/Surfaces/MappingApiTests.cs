using System.Net;
using System.Text.Json.Nodes;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Integration.Tests.EndToEnd;
using Adapter.Mappings.Documents;
using Adapter.Mappings.Model;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>A mapping document from a draft to the receiver, as the people who work with it see it.</summary>
public sealed class MappingApiTests : IAsyncLifetime
{
    private const string Id = "manifest-notification";

    private readonly DemoLoad _load = new();
    private TestHost _host = null!;
    private HttpClient _mapper = null!;
    private HttpClient _approver = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync();
        _mapper = await _host.ClientOfAsync("mapper-1", "mapper");
        _approver = await _host.ClientOfAsync("approver-1", "approver");
    }

    public async ValueTask DisposeAsync()
    {
        _mapper.Dispose();
        _approver.Dispose();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_change_reaches_the_receiver_after_rehearsal_and_approval_by_another_and_can_be_taken_back()
    {
        await _load.RegisterAsync(_host);
        await DemoLoad.PushAsync(_host, _load.Pushes.Take(_load.Happenings[0] + 1));
        await Eventually.HoldsAsync(() => _host.Received(TwinName.Manifest).Count > 0, "the sealing is told");

        // A country that writes its manifest numbers with a prefix.
        var text = BuiltInDocuments.Text(Id).Replace("\"is\": \"journey.manifestNumber\"", "\"is\": \"concat('M-', journey.manifestNumber)\"", StringComparison.Ordinal);
        text.ShouldNotBe(BuiltInDocuments.Text(Id), "otherwise this test proves nothing");
        var draft = await AddAsync(WithoutExamples(text));
        State(draft).ShouldBe("checked");
        (await ActAsync(_mapper, "submit", draft, HttpStatusCode.Conflict))!["detail"]!.GetValue<string>().ShouldContain("Rehearse");

        var report = await RehearseAsync(draft);
        report["messages"]!.GetValue<int>().ShouldBeGreaterThan(0);
        report["changed"]!.GetValue<int>().ShouldBe(report["messages"]!.GetValue<int>());
        var group = report["differences"]!.AsArray().ShouldHaveSingleItem()!;
        (group["element"]!.GetValue<string>(), group["kind"]!.GetValue<string>()).ShouldBe(("ManifestNumber", "changed"));
        group["values"]![0]!["to"]!.GetValue<string>().ShouldBe("M-" + group["values"]![0]!["from"]!.GetValue<string>());
        (await RehearseAsync(await FindAsync(2), masks: ["ManifestNumber"]))["changed"]!.GetValue<int>().ShouldBe(0);

        var submitted = await ActAsync(_mapper, "submit", await FindAsync(2), HttpStatusCode.OK);
        await ActAsync(_mapper, "approve", submitted!, HttpStatusCode.Forbidden);
        var approved = await ActAsync(_approver, "approve", submitted!, HttpStatusCode.OK);
        await ActAsync(_approver, "publish", submitted!, HttpStatusCode.Conflict);
        await ActAsync(_approver, "publish", approved!, HttpStatusCode.OK);

        await DemoLoad.PushAsync(_host, _load.Pushes.Skip(_load.Happenings[0] + 1));
        var explained = await LatestExplanationAsync(version: 2);
        var element = explained["elements"]!.AsArray().Single(e => e!["path"]!.GetValue<string>() == "ManifestNumber")!;
        element["value"]!.GetValue<string>().ShouldStartWith("M-");
        element["sources"]![0]!["path"]!.GetValue<string>().ShouldBe("journey.manifestNumber");
        explained["sameBytes"]!.GetValue<bool>().ShouldBeTrue();

        await ActAsync(_approver, "rollback", await FindAsync(1), HttpStatusCode.OK);
        (await FindAsync(2))["version"]!["state"]!.GetValue<string>().ShouldBe("superseded");
        await _host.RestartAsync();
        (await FindAsync(1, _host.Customs))["version"]!["state"]!.GetValue<string>().ShouldBe("live");
    }

    [Fact]
    public async Task A_message_made_by_a_version_that_is_not_live_any_more_is_explained_by_it()
    {
        await _load.RunAsync(_host);
        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(_host.Received(TwinName.Neighbour)), "the demo's story arrives");

        foreach (var received in _host.Received(TwinName.Neighbour))
        {
            var explained = JsonNode.Parse((await _host.GetAsync($"/api/messages/{received.MessageId}/explanation")).GetRawText())!;
            explained["sameBytes"]!.GetValue<bool>().ShouldBeTrue();
            explained["elements"]!.AsArray().Single(e => e!["path"]!.GetValue<string>() == "Declaration/FunctionalReferenceID")!["value"]!.GetValue<string>().ShouldBe(received.MessageId);
            explained["elements"]!.AsArray().Single(e => e!["path"]!.GetValue<string>() == "Declaration/TypeCode")!["tables"]![0]!["table"]!.GetValue<string>().ShouldBe("documentType");
        }
    }

    [Fact]
    public async Task A_wrong_draft_is_kept_with_all_that_is_wrong_and_goes_nowhere()
    {
        var text = WithoutExamples(BuiltInDocuments.Text(Id)).Replace("journey.manifestNumber", "journey.manifestNumbr", StringComparison.Ordinal);

        var draft = await AddAsync(text);

        State(draft).ShouldBe("draft");
        var problem = draft["problems"]!.AsArray().ShouldHaveSingleItem()!;
        (problem["code"]!.GetValue<string>(), problem["row"]!.GetValue<string>(), problem["suggestion"]!.GetValue<string>())
            .ShouldBe(("mapping.unknown-source", "ManifestNumber", "Did you mean 'manifestNumber'?"));
        text.Split('\n')[problem["line"]!.GetValue<int>() - 1][(problem["column"]!.GetValue<int>() - 1)..].ShouldStartWith("manifestNumbr");
        await ActAsync(_mapper, "submit", draft, HttpStatusCode.Conflict);
        (await SendAsync(_mapper, HttpMethod.Post, $"/api/mappings/{Id}/versions/2/rehearsals", new JsonObject())).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_document_above_the_bound_is_refused_in_the_words_of_the_parser_and_not_kept()
    {
        var text = WithoutExamples(BuiltInDocuments.Text(Id)) + new string(' ', MappingDocumentParser.MostBytes);

        var (status, problem) = await SendAsync(_mapper, HttpMethod.Post, $"/api/mappings/{Id}/drafts", new JsonObject { ["document"] = text, ["reason"] = "test" });

        status.ShouldBe(HttpStatusCode.BadRequest);
        problem!["errors"]!["document"]!.AsArray().ShouldHaveSingleItem()!.GetValue<string>().ShouldBe(MappingDocumentParser.TooLarge(System.Text.Encoding.UTF8.GetByteCount(text)));
        (await SendAsync(_mapper, HttpMethod.Get, $"/api/mappings/{Id}/versions/2", body: null)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Of_two_saves_from_the_same_revision_one_succeeds()
    {
        var draft = await AddAsync(WithoutExamples(BuiltInDocuments.Text(Id)));
        JsonObject Edit(string text) => new() { ["revision"] = 1, ["document"] = text, ["reason"] = "test" };

        (await SendAsync(_mapper, HttpMethod.Put, $"/api/mappings/{Id}/versions/2", Edit(Text(draft) + " "))).Status.ShouldBe(HttpStatusCode.OK);
        var (status, problem) = await SendAsync(_mapper, HttpMethod.Put, $"/api/mappings/{Id}/versions/2", Edit(Text(draft) + "  "));

        status.ShouldBe(HttpStatusCode.Conflict);
        problem!["title"]!.GetValue<string>().ShouldBe("mapping.changed");
    }

    [Fact]
    public async Task Schemas_that_reach_outside_are_refused_and_those_that_ship_cannot_be_replaced()
    {
        JsonObject Target(string name, string location) => new()
        {
            ["name"] = name,
            ["root"] = "r",
            ["reason"] = "test",
            ["files"] = new JsonObject { ["a.xsd"] = $"<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">{location}<xs:element name=\"r\" type=\"xs:string\"/></xs:schema>" },
        };

        var refused = await SendAsync(_mapper, HttpMethod.Post, "/api/mapping-targets", Target("country/seal", "<xs:include schemaLocation=\"http://127.0.0.1:1/b.xsd\"/>"));
        refused.Answer!["kept"]!.GetValue<bool>().ShouldBeFalse();
        refused.Answer["problems"]![0]!["code"]!.GetValue<string>().ShouldBe("schema.import-outside");
        (await SendAsync(_mapper, HttpMethod.Post, "/api/mapping-targets", Target("wco/declaration", ""))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(_mapper, HttpMethod.Post, "/api/mapping-targets", Target("country/seal", ""))).Answer!["kept"]!.GetValue<bool>().ShouldBeTrue();
        (await SendAsync(_mapper, HttpMethod.Post, "/api/mapping-targets", Target("country/seal", "<xs:element name=\"s\"/>"))).Status.ShouldBe(HttpStatusCode.Conflict);
        (await _host.GetAsync("/api/mapping-targets")).EnumerateArray().Select(t => t.GetProperty("name").GetString()).ShouldContain("country/seal");
    }

    [Fact]
    public async Task Who_may_only_read_changes_nothing_and_states_cannot_be_set_from_outside()
    {
        using var viewer = await _host.ClientOfAsync("viewer-1", "viewer");
        var draft = new JsonObject { ["document"] = WithoutExamples(BuiltInDocuments.Text(Id)), ["reason"] = "test" };

        (await SendAsync(viewer, HttpMethod.Post, $"/api/mappings/{Id}/drafts", draft)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(_approver, HttpMethod.Post, $"/api/mappings/{Id}/drafts", draft)).Status.ShouldBe(HttpStatusCode.Forbidden);
        draft["state"] = "live";
        (await SendAsync(_mapper, HttpMethod.Post, $"/api/mappings/{Id}/drafts", draft)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(viewer, HttpMethod.Get, "/api/mappings", null)).Answer!.AsArray().Count.ShouldBe(BuiltInDocuments.Ids.Count);
    }

    /// <summary>Its examples expect what the changed row does not give any more; these tests are about the life of a version.</summary>
    private static string WithoutExamples(string text)
    {
        var document = JsonNode.Parse(text)!.AsObject();
        document.Remove("examples");
        return document.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    private static string State(JsonNode view) => view["version"]!["state"]!.GetValue<string>();

    private static string Text(JsonNode view) => view["document"]!.GetValue<string>();

    private async Task<JsonNode> AddAsync(string text)
    {
        var (status, answer) = await SendAsync(_mapper, HttpMethod.Post, $"/api/mappings/{Id}/drafts", new JsonObject { ["document"] = text, ["reason"] = "test" });
        status.ShouldBe(HttpStatusCode.Created, answer?.ToJsonString());
        return answer!;
    }

    private async Task<JsonNode> FindAsync(int version, HttpClient? client = null) => (await SendAsync(client ?? _mapper, HttpMethod.Get, $"/api/mappings/{Id}/versions/{version}", null)).Answer!;

    private static async Task<JsonNode?> ActAsync(HttpClient client, string step, JsonNode view, HttpStatusCode expected)
    {
        var version = view["version"] as JsonObject ?? view;
        var (status, answer) = await SendAsync(client, HttpMethod.Post, $"/api/mappings/{Id}/versions/{version["version"]}/{step}",
            new JsonObject { ["revision"] = version["revision"]!.DeepClone(), ["reason"] = "test" });
        status.ShouldBe(expected, answer?.ToJsonString());
        return answer;
    }

    private async Task<JsonNode> RehearseAsync(JsonNode view, params string[] masks)
    {
        var (status, started) = await SendAsync(_mapper, HttpMethod.Post, $"/api/mappings/{Id}/versions/{view["version"]!["version"]}/rehearsals",
            new JsonObject { ["masks"] = new JsonArray([.. masks.Select(m => JsonValue.Create(m))]) });
        status.ShouldBe(HttpStatusCode.Accepted, started?.ToJsonString());
        var done = await Eventually.GetAsync(
            async () => (await SendAsync(_mapper, HttpMethod.Get, $"/api/rehearsals/{started!["id"]}", null)).Answer!, r => r["state"]!.GetValue<string>() != "running");
        done["state"]!.GetValue<string>().ShouldBe("done", done.ToJsonString());
        return done["report"]!;
    }

    private async Task<JsonNode> LatestExplanationAsync(int version)
    {
        var id = await Eventually.GetAsync(async () =>
        {
            foreach (var received in _host.Received(TwinName.Manifest).Reverse())
            {
                if ((await _host.GetAsync($"/api/messages/{received.MessageId}")).GetProperty("documentVersion").GetInt32() == version)
                {
                    return received.MessageId;
                }
            }

            return null;
        }, found => found is not null);
        return JsonNode.Parse((await _host.GetAsync($"/api/messages/{id}/explanation")).GetRawText())!;
    }

    private static async Task<(HttpStatusCode Status, JsonNode? Answer)> SendAsync(HttpClient client, HttpMethod method, string path, JsonNode? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), null, "application/json");
        }

        using var response = await client.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        return (response.StatusCode, text.Length > 0 && text[0] is '{' or '[' ? JsonNode.Parse(text) : null);
    }
}
