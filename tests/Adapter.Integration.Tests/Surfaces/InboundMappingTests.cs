using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Adapter.Host.Journeys;
using Adapter.Mappings.Documents;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>What a neighbour means is said by a mapping document, which lives as all others do.</summary>
public sealed class InboundMappingTests : IAsyncLifetime
{
    private const string Id = "neighbour-declaration";

    private ExchangeStage _stage = null!;
    private HttpClient _mapper = null!;
    private HttpClient _approver = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stage = await ExchangeStage.StartAsync([ExchangeStage.Kenya], [("Neighbours:kenya:Sends", "kenya"), .. ExchangeStage.Fetched("kenya", "wco-declaration", ExchangeStage.Kenya)]);
        _mapper = await _stage.Host.ClientOfAsync("mapper-1", "mapper");
        _approver = await _stage.Host.ClientOfAsync("approver-1", "approver");
    }

    public async ValueTask DisposeAsync()
    {
        _mapper.Dispose();
        _approver.Dispose();
        await _stage.DisposeAsync();
    }

    [Fact]
    public async Task A_changed_document_changes_what_is_understood_and_what_is_found()
    {
        ExchangeStage.Code(await _stage.SubmitAsync(ExchangeStage.Declaration("a1", "525", "DEPARTURE", 1))).ShouldBe("01");
        // Seen at a weighbridge of theirs, with another seal than the departure declared: so far it is kept with its words.
        ExchangeStage.Code(await _stage.SubmitAsync(Examined("a2", 2))).ShouldBe("01");
        var before = await StateAsync();
        before.Observations.ShouldHaveSingleItem().Remark.ShouldNotBeNull().ShouldContain("EXAMINED");
        before.Findings.ShouldNotContain(f => f.Code == "seal.numbers-differ");

        var report = await PublishAsync(WithSealsSeen(), changed: 1);
        var group = report["differences"]!.AsArray().First(d => d!["element"]!.GetValue<string>() == "ReportObservation/Seen/Container/Seal/Number")!;
        group["values"]![0]!["to"]!.GetValue<string>().ShouldBe("SL-9");
        group["examples"]![0]!.GetValue<string>().ShouldBe("kenya/a2");
        ExchangeStage.Code(await _stage.SubmitAsync(Examined("a3", 3))).ShouldBe("01");

        var finding = (await StateAsync()).Findings.Single(f => f.Code == "seal.numbers-differ");
        finding.Text.ShouldContain("SL-9");
        finding.Text.ShouldContain("SL-1");
    }

    [Fact]
    public async Task What_was_understood_is_explained_by_the_version_that_understood_it_and_the_bytes_that_came()
    {
        var declaration = ExchangeStage.Declaration("a1", "525", "DEPARTURE", 1);
        await _stage.SubmitAsync(declaration);
        await PublishAsync(WithSealsSeen(), changed: 0);

        var kept = await _stage.Host.GetAsync("/api/neighbours/kenya/messages/a1");

        (kept.GetProperty("document").GetString(), kept.GetProperty("documentVersion").GetInt32(), kept.GetProperty("state").GetString()).ShouldBe((Id, 1, "accepted"));
        kept.GetProperty("message").GetString().ShouldNotBeNull().ShouldContain(declaration.ReplaceLineEndings("\n"));
        kept.GetProperty("answer").GetString().ShouldNotBeNull().ShouldContain("<FunctionCode>01</FunctionCode>");
        var office = kept.GetProperty("explanation").GetProperty("elements").EnumerateArray().Single(e => e.GetProperty("path").GetString() == "ConfirmDeparture/Office");
        office.GetProperty("sources")[0].GetProperty("path").GetString().ShouldBe("message.Declaration.DeclarationOfficeID");
        (await _stage.Host.Anonymous.GetAsync(new Uri("/api/neighbours/kenya/messages/a1", UriKind.Relative), Cancel)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_message_of_which_the_document_makes_nothing_is_refused_with_the_row_and_its_bytes_are_kept()
    {
        await PublishAsync(BuiltInDocuments.Text(Id).Replace("\"is\": \"message.Declaration.DeclarationOfficeID\", \"missing\": \"omit\"", "\"is\": \"message.Declaration.ExitOffice.ID\"", StringComparison.Ordinal), changed: 0);

        var refused = await _stage.SubmitAsync(ExchangeStage.Declaration("a1", "525", "DEPARTURE", 1));

        (ExchangeStage.Code(refused), ExchangeStage.Error(refused)).ShouldBe(("03", "12"));
        refused.ToString().ShouldContain("ConfirmDeparture/Office");
        _stage.Host.Log.Text.ShouldContain("mapping.value-missing");
        (await _stage.Host.Services.GetRequiredService<IJourneyReader>().ListAsync(ExchangeStage.Mrn, null, 10, Cancel)).ShouldBeEmpty("no movement may be registered by a message that is refused");
    }

    [Fact]
    public async Task A_neighbour_with_codes_of_its_own_for_responses_is_understood_by_a_document_of_its_own()
    {
        await _stage.SubmitAsync(ExchangeStage.Declaration("a1", "525", "DEPARTURE", 1));
        var ours = (await _stage.FetchAsync(ExchangeStage.Kenya)).ShouldNotBeNull().Element(ExchangeStage.Notes + "MessageId")!.Value;
        ExchangeStage.Code(await _stage.SubmitAsync(ExchangeStage.Response("60", "r1", ours, "<Status><NameCode>41</NameCode></Status>"))).ShouldBe("02");
        (await StateAsync()).Observations.ShouldBeEmpty("60 means nothing to the document that ships");

        await PublishAsync(BuiltInDocuments.Text("neighbour-response").Replace("in ['7', '07']", "in ['60']", StringComparison.Ordinal), changed: 1, id: "neighbour-response");
        ExchangeStage.Code(await _stage.SubmitAsync(ExchangeStage.Response("60", "r2", ours, "<Status><NameCode>41</NameCode></Status>"))).ShouldBe("02");

        var seen = (await StateAsync()).Observations.ShouldHaveSingleItem();
        (seen.Occasion, seen.Conform).ShouldBe((Adapter.Contracts.Customs.Occasion.Examination, false));
    }

    private static string Examined(string reference, int number) => ExchangeStage.Declaration(reference, "44", "EXAMINED", number).Replace(">SL-1<", ">SL-9<", StringComparison.Ordinal);

    /// <summary>The document that ships, for a neighbour whose officers look at the seals.</summary>
    private static string WithSealsSeen()
    {
        const string Equipment = "message.Declaration.GoodsShipment.Consignment.TransportEquipment";
        var text = BuiltInDocuments.Text(Id).Replace("    { \"to\": \"ReportObservation/Remark\"", $$"""
                { "to": "ReportObservation/Seen/Container*/Number", "each": "{{Equipment}}", "is": "item.ID" },
                { "to": "ReportObservation/Seen/Container*/Seal*/Number", "each": ["{{Equipment}}", "item.Seal"], "is": "item.ID" },
                { "to": "ReportObservation/Seen/Container*/Seal*/Condition", "each": ["{{Equipment}}", "item.Seal"], "is": "'Intact'" },
                { "to": "ReportObservation/Remark"
            """, StringComparison.Ordinal);
        text.ShouldNotBe(BuiltInDocuments.Text(Id), "otherwise this test proves nothing");
        return text;
    }

    private async Task<SubjectState> StateAsync() =>
        (await _stage.Host.Services.GetRequiredService<IJourneyReader>().FindAsync(Subject.OfJourney(ExchangeStage.Mrn), Cancel)).ShouldNotBeNull();

    /// <summary>Takes a text through its whole life: draft, rehearsed on what Kenya sent, approved by another, live.</summary>
    /// <returns>What the rehearsal found.</returns>
    private async Task<JsonNode> PublishAsync(string text, int changed, string id = Id)
    {
        var document = JsonNode.Parse(text)!;
        document.AsObject().Remove("examples");
        var added = await SendAsync(_mapper, HttpMethod.Post, $"/api/mappings/{id}/drafts", new JsonObject { ["document"] = document.ToJsonString(), ["reason"] = "they look at seals" }, HttpStatusCode.Created);
        added["version"]!["state"]!.GetValue<string>().ShouldBe("checked", added.ToJsonString());
        var started = await SendAsync(_mapper, HttpMethod.Post, $"/api/mappings/{id}/versions/2/rehearsals", [], HttpStatusCode.Accepted);
        var done = await Eventually.GetAsync(
            async () => await SendAsync(_mapper, HttpMethod.Get, $"/api/rehearsals/{started["id"]}", null, HttpStatusCode.OK), r => r["state"]!.GetValue<string>() != "running");
        done["report"].ShouldNotBeNull(done.ToJsonString())["changed"]!.GetValue<int>().ShouldBe(changed);
        foreach (var (client, step) in ((HttpClient, string)[])[(_mapper, "submit"), (_approver, "approve"), (_approver, "publish")])
        {
            var revision = (await SendAsync(_mapper, HttpMethod.Get, $"/api/mappings/{id}/versions/2", null, HttpStatusCode.OK))["version"]!["revision"]!.GetValue<int>();
            await SendAsync(client, HttpMethod.Post, $"/api/mappings/{id}/versions/2/{step}", new JsonObject { ["revision"] = revision, ["reason"] = "they look at seals" }, HttpStatusCode.OK);
        }

        return done["report"]!;
    }

    private static async Task<JsonNode> SendAsync(HttpClient client, HttpMethod method, string path, JsonObject? body, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        using var response = await client.SendAsync(request, Cancel);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        response.StatusCode.ShouldBe(expected, text);
        return JsonNode.Parse(text)!;
    }
}
