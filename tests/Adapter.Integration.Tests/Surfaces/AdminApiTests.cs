using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Adapter.Host.Admin;
using Adapter.Host.Rehearsal;
using Adapter.Host.Rehearsal.Twins;
using Adapter.Integration.Tests.EndToEnd;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

public sealed partial class AdminApiTests : IAsyncLifetime
{
    private readonly DemoLoad _load = new();
    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Nothing_of_the_api_is_open_to_strangers()
    {
        var endpoints = _host.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("api", StringComparison.Ordinal)).DistinctBy(e => (e.RoutePattern.RawText, Method(e))).ToList();
        endpoints.Count.ShouldBeGreaterThan(12);

        foreach (var endpoint in endpoints)
        {
            var name = $"{Method(endpoint)} {endpoint.RoutePattern.RawText}";
            endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().ShouldNotBeEmpty(name);
            endpoint.Metadata.GetMetadata<IAllowAnonymous>().ShouldBeNull(name);
            var path = "/" + Parameter().Replace(endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{documentName}", "v1", StringComparison.Ordinal), "1");
            using var request = new HttpRequestMessage(new HttpMethod(Method(endpoint)), path) { Content = Method(endpoint) == "GET" ? null : Json("{}") };
            using var answer = await _host.Anonymous.SendAsync(request, Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, name);
            (await JsonAsync(answer)).GetProperty("title").GetString().ShouldBe("admin.unauthenticated", name);
        }
    }

    [Theory]
    [InlineData("Bearer", "ct_000000000000_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("Bearer", "x")]
    [InlineData("Basic", "YTpi")]
    public async Task A_wrong_key_opens_nothing(string scheme, string parameter)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/lanes");
        request.Headers.Authorization = new AuthenticationHeaderValue(scheme, parameter);

        using var answer = await _host.Anonymous.SendAsync(request, Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Bearer");
    }

    [Fact]
    public async Task A_key_is_taken_as_Bearer_and_not_as_a_password()
    {
        using var client = await _host.ClientOfAsync("by-basic", Roles.Viewer);
        var key = client.DefaultRequestHeaders.Authorization!.Parameter;
        (await StatusAsync(client, HttpMethod.Get, "/api/lanes")).ShouldBe(HttpStatusCode.OK);

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"by-basic:{key}")));

        (await StatusAsync(client, HttpMethod.Get, "/api/lanes")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData(Roles.Viewer, false, false)]
    [InlineData(Roles.Mapper, false, false)]
    [InlineData(Roles.Approver, false, false)]
    [InlineData(Roles.Operator, true, false)]
    [InlineData(Roles.Administrator, true, true)]
    public async Task Each_role_may_do_what_it_is_for(string role, bool operates, bool administers)
    {
        using var client = await _host.ClientOfAsync("somebody", role);

        foreach (var path in new[] { "/api/journeys", "/api/lanes", "/api/destinations", "/api/openapi.json" })
        {
            (await StatusAsync(client, HttpMethod.Get, path)).ShouldBe(HttpStatusCode.OK, path);
        }

        foreach (var path in new[] { "/api/journeys", "/api/journeys/x/close", "/api/lanes/replay", "/api/lanes/skip", "/api/lanes/reconcile" })
        {
            (await StatusAsync(client, HttpMethod.Post, path) == HttpStatusCode.Forbidden).ShouldBe(!operates, path);
        }

        (await StatusAsync(client, HttpMethod.Get, "/api/principals") == HttpStatusCode.Forbidden).ShouldBe(!administers);
        (await StatusAsync(client, HttpMethod.Get, "/api/audit") == HttpStatusCode.Forbidden).ShouldBe(!administers);
        (await StatusAsync(client, HttpMethod.Post, "/api/principals") == HttpStatusCode.Forbidden).ShouldBe(!administers);
        (await StatusAsync(client, HttpMethod.Post, "/api/principals/x/disable") == HttpStatusCode.Forbidden).ShouldBe(!administers);
    }

    [Fact]
    public async Task A_principal_is_made_with_a_key_that_works_until_it_is_disabled()
    {
        using var made = await _host.PostAsync("/api/principals", """{"name":"anna","roles":["operator"]}""");
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        var key = (await JsonAsync(made)).GetProperty("key").GetString();
        using var anna = new HttpClient { BaseAddress = _host.Address };
        anna.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        (await StatusAsync(anna, HttpMethod.Get, "/api/lanes")).ShouldBe(HttpStatusCode.OK);

        using var again = await _host.PostAsync("/api/principals", """{"name":"anna","roles":["viewer"]}""");
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var disabled = await _host.PostAsync("/api/principals/anna/disable", "");
        disabled.StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await StatusAsync(anna, HttpMethod.Get, "/api/lanes")).ShouldBe(HttpStatusCode.Unauthorized);
        var audit = await _host.GetAsync("/api/audit?most=2");
        audit.EnumerateArray().Select(line => (line.GetProperty("action").GetString(), line.GetProperty("subject").GetString()))
            .ShouldBe([("principal.disable", "anna"), ("principal.add", "anna")]);
        audit.GetRawText().ShouldNotContain(key!);
        (await _host.Customs.GetStringAsync(new Uri("/api/principals", UriKind.Relative), Cancel)).ShouldNotContain("sha256", Case.Insensitive);
        using var unknown = await _host.PostAsync("/api/principals", """{"name":"a b","roles":["king"]}""");
        (await ErrorsAsync(unknown)).ShouldBe(["name", "roles"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_journey_is_registered_once_however_often_it_is_sent()
    {
        using var first = await _host.PostAsync("/api/journeys", _load.RegistrationJson);
        using var again = await _host.PostAsync("/api/journeys", _load.RegistrationJson);
        using var other = await _host.PostAsync("/api/journeys", Changed(json => json["manifestNumber"] = "ANOTHER"));

        (first.StatusCode, (await JsonAsync(first)).GetProperty("code").GetString()).ShouldBe((HttpStatusCode.OK, "ok"));
        (again.StatusCode, (await JsonAsync(again)).GetProperty("code").GetString()).ShouldBe((HttpStatusCode.OK, "ok"));
        (other.StatusCode, (await JsonAsync(other)).GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Conflict, "journey.exists"));
        (await _host.GetAsync("/api/journeys")).GetArrayLength().ShouldBe(1);
        (await _host.GetAsync($"/api/journeys?mrn={_load.Registration.Mrn}")).GetArrayLength().ShouldBe(1);
        (await _host.GetAsync("/api/journeys?mrn=none")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task All_that_is_wrong_with_a_registration_is_said_at_once()
    {
        using var answer = await _host.PostAsync("/api/journeys", Changed(json =>
        {
            json["journeyId"] = "";
            json["departure"]!["country"] = "Kenya";
            json["locks"]![0]!["container"] = "NONE";
        }));

        (await ErrorsAsync(answer)).ShouldBe(["journeyId", "departure.country", "locks[0].container"], ignoreOrder: true);
        (await _host.GetAsync("/api/journeys")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task A_property_that_nobody_knows_is_a_mistake_and_not_ignored()
    {
        using var answer = await _host.PostAsync("/api/journeys", Changed(json => json["conatiners"] = new JsonArray()));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Theory]
    [InlineData("locks", true)]
    [InlineData("locks", false)]
    [InlineData("containers", true)]
    [InlineData("containers", false)]
    [InlineData("seals", true)]
    [InlineData("seals", false)]
    [InlineData("transit", true)]
    [InlineData("transit", false)]
    public async Task A_list_that_is_null_or_left_out_is_empty(string list, bool isNull)
    {
        using var answer = await _host.PostAsync("/api/journeys", Changed(json =>
        {
            json["locks"]![0]!["container"] = null;
            var holder = list == "seals" ? json["containers"]![0]!.AsObject() : json;
            holder.Remove(list).ShouldBeTrue();
            if (isNull)
            {
                holder[list] = null;
            }
        }));

        (answer.StatusCode, (await JsonAsync(answer)).GetProperty("code").GetString()).ShouldBe((HttpStatusCode.OK, "ok"));
        (await _host.GetAsync($"/api/journeys/{_load.Registration.JourneyId}")).GetProperty("status").GetString().ShouldNotBeNullOrEmpty();
        using var push = await _host.PushAsync(JointReports.Location, JointReports.Position("8022300001", TimeProvider.System.GetUtcNow()));
        await Eventually.GetAsync(() => _host.GetAsync("/api/journal/2"), entry => entry.GetProperty("state").GetString() == "processed");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"journeyId\":\"J-1\"}")]
    [InlineData("{\"regime\":\"Holiday\"}")]
    public async Task What_is_no_registration_is_refused(string body)
    {
        using var answer = await _host.PostAsync("/api/journeys", body);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_lock_that_another_journey_holds_is_contended_until_that_journey_is_closed()
    {
        await _load.RegisterAsync(_host);
        using var second = await _host.PostAsync("/api/journeys", Changed(json => json["journeyId"] = "J-2"));
        (second.StatusCode, (await JsonAsync(second)).GetProperty("code").GetString()).ShouldBe((HttpStatusCode.OK, "lock.contended"));
        (await _host.GetAsync("/api/journeys/J-2")).GetProperty("contendedLocks")[0].GetString().ShouldBe("8022300001");

        using var without = await _host.PostAsync($"/api/journeys/{_load.Registration.JourneyId}/close", """{"reason":" "}""");
        without.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var closed = await _host.PostAsync($"/api/journeys/{_load.Registration.JourneyId}/close", """{"reason":"cancelled by the carrier"}""");
        closed.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var unknown = await _host.PostAsync("/api/journeys/NONE/close", """{"reason":"x"}""");
        (unknown.StatusCode, (await JsonAsync(unknown)).GetProperty("code").GetString()).ShouldBe((HttpStatusCode.Conflict, "journey.unknown"));

        using var third = await _host.PostAsync("/api/journeys", Changed(json => json["journeyId"] = "J-3"));
        (await JsonAsync(third)).GetProperty("code").GetString().ShouldBe("ok");
        (await _host.GetAsync($"/api/journeys/{_load.Registration.JourneyId}")).GetProperty("status").GetString().ShouldBe("closed");
    }

    [Fact]
    public async Task A_journey_shows_its_milestones_episodes_and_what_was_told_of_them()
    {
        await _load.RunAsync(_host);
        var journey = await Eventually.GetAsync(
            () => _host.GetAsync($"/api/journeys/{_load.Registration.JourneyId}"), j => Told(j).Count == DemoJourney.ExpectedKinds.Count, j => j.ToString());

        journey.GetProperty("milestones").EnumerateArray().Select(m => (m.GetProperty("name").GetString(), m.GetProperty("state").GetString()))
            .ShouldBe([("sealed", "OneSided"), ("departed", "OneSided"), ("arrived", "OneSided"), ("unsealed", "OneSided")]);
        journey.GetProperty("milestones")[0].GetProperty("evidence").GetProperty("Lock").GetDateTimeOffset().ShouldBeLessThan(TimeProvider.System.GetUtcNow());
        Told(journey).ShouldBe(DemoJourney.ExpectedKinds);
        var cut = journey.GetProperty("episodes").EnumerateArray().Single(e => e.GetProperty("kind").GetString() == "ROPE_CUT");
        cut.GetProperty("evidence").GetArrayLength().ShouldBeGreaterThan(1);
        var report = await _host.GetAsync($"/api/journal/{cut.GetProperty("evidence")[0].GetInt64()}");
        (report.GetProperty("source").GetString(), report.GetProperty("state").GetString()).ShouldBe((TestHost.Source, "processed"));
        (await StatusAsync(_host.Customs, HttpMethod.Get, "/api/journeys/NONE")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_message_shows_its_bytes_its_attempts_and_the_answer()
    {
        await _load.RunAsync(_host);
        await Eventually.HoldsAsync(() => DemoRun.IsTheStory(_host.Received(TwinName.Transportation)), "delivered");
        var received = _host.Received(TwinName.Transportation)[0];

        var message = await Eventually.GetAsync(() => _host.GetAsync($"/api/messages/{received.MessageId}"), m => m.GetProperty("state").GetString() == "delivered");

        (message.GetProperty("destination").GetString(), message.GetProperty("subject").GetString(), message.GetProperty("number").GetInt64())
            .ShouldBe((TwinName.Transportation, _load.Subject, 1));
        message.GetProperty("body").GetString().ShouldNotBeNull().ShouldContain(received.MessageId);
        message.GetProperty("document").GetString().ShouldBe("transportation-notification");
        var attempt = message.GetProperty("attempts").EnumerateArray().ShouldHaveSingleItem();
        (attempt.GetProperty("outcome").GetString(), attempt.GetProperty("httpStatus").GetInt32()).ShouldBe(("delivered", 200));
        attempt.GetProperty("reply").GetString().ShouldNotBeNull().ShouldContain("RECORDED");
        (await StatusAsync(_host.Customs, HttpMethod.Get, "/api/messages/none")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_act_on_a_lane_needs_a_reason_and_a_role_and_leaves_its_line()
    {
        _host.Twins.Order(TwinName.Manifest, new TwinOrder { Mode = TwinMode.Refuse, Count = 1 });
        await _load.RunAsync(_host);
        await Eventually.GetAsync(() => _host.GetAsync("/api/lanes?state=parked"), lanes => lanes.GetArrayLength() == 1);
        using var anna = await _host.ClientOfAsync("anna", Roles.Operator);
        using var viewer = await _host.ClientOfAsync("victor", Roles.Viewer);

        (await SkipAsync(viewer, "I would like to")).ShouldBe(HttpStatusCode.Forbidden);
        (await SkipAsync(anna, "")).ShouldBe(HttpStatusCode.BadRequest);
        (await SkipAsync(anna, new string('x', 501))).ShouldBe(HttpStatusCode.BadRequest);
        (await SkipAsync(anna, "told by telephone")).ShouldBe(HttpStatusCode.NoContent);
        await Eventually.GetAsync(() => _host.GetAsync("/api/lanes?destination=manifest"), lanes => lanes[0].GetProperty("state").GetString() == "idle");
        (await SkipAsync(anna, "once more")).ShouldBe(HttpStatusCode.Conflict);

        var lines = (await _host.GetAsync("/api/audit")).EnumerateArray().Where(line => line.GetProperty("action").GetString() == "lane.skip");
        var line = lines.ShouldHaveSingleItem();
        (line.GetProperty("actor").GetString(), line.GetProperty("detail").GetString(), line.GetProperty("subject").GetString())
            .ShouldBe(("anna", "told by telephone", $"manifest/{_load.Subject}#1"));
        _host.Received(TwinName.Manifest).Where(r => r.Effect > 0).Select(r => r.Sequence).ShouldBe([2, 3, 4, 5]);
    }

    [Fact]
    public async Task The_api_describes_itself()
    {
        var document = await _host.GetAsync("/api/openapi.json");

        document.GetProperty("openapi").GetString().ShouldNotBeNull().ShouldStartWith("3.");
        var paths = document.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToList();
        paths.ShouldContain("/api/journeys");
        paths.ShouldContain("/api/lanes/reconcile");
        paths.ShouldNotContain(path => path.StartsWith("/intake", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\{[^}]+\}", RegexOptions.NonBacktracking)]
    private static partial Regex Parameter();

    /// <summary>Kinds of what was told to somebody; nobody here subscribes to findings.</summary>
    private static List<string> Told(JsonElement journey) =>
        [.. journey.GetProperty("told").EnumerateArray().Where(t => t.GetProperty("destinations").GetArrayLength() > 0).Select(t => t.GetProperty("kind").GetString()!)];

    private static string Method(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] ?? "GET";

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path) { Content = method == HttpMethod.Get ? null : Json("{}") };
        using var answer = await client.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> SkipAsync(HttpClient client, string reason)
    {
        using var answer = await client.PostAsync(
            new Uri("/api/lanes/skip", UriKind.Relative), Json($$"""{"destination":"manifest","subject":"{{_load.Subject}}","reason":"{{reason}}"}"""), Cancel);
        return answer.StatusCode;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        return json.RootElement.Clone();
    }

    private static async Task<List<string>> ErrorsAsync(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        return [.. (await JsonAsync(answer)).GetProperty("errors").EnumerateObject().Select(e => e.Name)];
    }

    private string Changed(Action<JsonObject> change)
    {
        var json = JsonNode.Parse(_load.RegistrationJson)!.AsObject();
        change(json);
        return json.ToJsonString();
    }
}
