using System.Net;
using System.Text.Json;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary><c>/api/movements</c> and the findings of what comes of it, over HTTP.</summary>
public sealed class MovementApiTests : IAsyncLifetime
{
    private const string Movement = """
        {"movementId":"T-1","regime":"CrossBorder","mrn":"26KE0MBA00482917J1","manifestNumber":"MAN-1","vehicle":{"plate":"KDA 482B"},
         "containers":[{"number":"KMSU4829139","seals":["S-1"]}],"locks":[{"number":"8022300001","container":"KMSU4829139"}],
         "departure":{"code":"KEMBA001","latitude":-4.05,"longitude":39.65},"destination":{"code":"UGMLB001","latitude":0.64,"longitude":34.26},
         "route":{"way":[{"latitude":-4.05,"longitude":39.65},{"latitude":0.64,"longitude":34.26}],"toleranceMetres":800,
                  "stops":[{"name":"Makindu","latitude":-2.28,"longitude":37.82,"atMostMinutes":60}]}}
        """;

    private TestHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(new TestHostOptions { WithTwins = false });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task A_movement_goes_through_all_operations_and_a_finding_of_it_is_judged()
    {
        var at = _host.Clock.GetUtcNow().AddMinutes(-1).ToString("O");
        await OkAsync("register-manifest", """{"manifestNumber":"MAN-1","vehicle":{"plate":"KDA 482B"},"containers":[{"number":"KMSU4829139","seals":["S-1"]}],"packageCount":40}""");
        await OkAsync("register-movement", Movement);
        await OkAsync("register-movement", Movement);
        await OkAsync("amend-movement", """{"movementId":"T-1","reason":"the driver fell ill","driverReference":"DRV-2"}""");
        await OkAsync("confirm-departure", $$"""{"movementId":"T-1","observer":"Gate","at":"{{at}}","office":"KEMBA001","seen":{"vehiclePlate":"KDA 482B","packageCount":39} }""");
        await OkAsync("report-observation", $$"""{"movementId":"T-1","observer":"Officer","occasion":"EnRoute","at":"{{at}}","seen":{"containers":[{"number":"KMSU4829139","seals":[{"number":"S-1","condition":"Intact"}]}]} }""");
        await OkAsync("authorise-unseal", $$"""{"movementId":"T-1","orderId":"O-1","officer":"7","purpose":"Release","office":"UGMLB001","until":"{{_host.Clock.GetUtcNow().AddHours(9):O}}"}""");

        var status = await QueryAsync("T-1");
        status.GetProperty("found").GetBoolean().ShouldBeTrue();
        status.GetProperty("milestones").EnumerateArray().Single(m => m.GetProperty("name").GetString() == "departed").GetProperty("evidence").EnumerateArray()
            .ShouldHaveSingleItem().GetProperty("side").GetString().ShouldBe("Gate");
        var finding = status.GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();
        (Text(finding, "code"), Text(finding, "state")).ShouldBe(("cargo.packages-differ", "Open"));
        Text(finding, "text").ShouldSatisfyAllConditions(text => text.ShouldContain("40"), text => text.ShouldContain("39"));

        var key = JsonSerializer.Serialize(Text(finding, "key"));
        (await JudgeAsync($$"""{"finding":{{key}},"verdict":"Closed","reason":"too early"}""")).ShouldBe((HttpStatusCode.Conflict, "finding.not-possible"));
        (await JudgeAsync($$"""{"finding":{{key}},"verdict":"Confirmed","reason":"counted again"}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await JudgeAsync($$"""{"finding":"no/such","verdict":"Confirmed","reason":"?"}""")).ShouldBe((HttpStatusCode.Conflict, "finding.unknown"));
        (await JudgeAsync($$"""{"finding":{{key}},"verdict":"Closed","reason":" "}""")).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await JudgeAsync($$"""{"finding":{{key}},"verdict":"Closed","reason":"duty was paid"}""")).Status.ShouldBe(HttpStatusCode.OK);
        Text((await _host.GetAsync("/api/journeys/T-1")).GetProperty("findings").EnumerateArray().ShouldHaveSingleItem(), "state").ShouldBe("Closed");

        await OkAsync("confirm-arrival", $$"""{"movementId":"T-1","observer":"TransportationSystem","at":"{{at}}","office":"UGMLB001"}""");
        await OkAsync("close-movement", """{"movementId":"T-1","reason":"delivered"}""");
        (await PostAsync("amend-movement", """{"movementId":"T-1","reason":"late","driverReference":"DRV-3"}""")).ShouldBe((HttpStatusCode.Conflict, "journey.closed"));
        Text(await QueryAsync("T-1"), "status").ShouldBe("closed");
    }

    [Fact]
    public async Task What_is_planned_comes_with_the_movement_and_an_amendment_replaces_it()
    {
        await OkAsync("register-movement", Movement);
        await OkAsync("amend-movement", """{"movementId":"T-1","reason":"bridge closed","route":{"way":[{"latitude":-4.05,"longitude":39.65},{"latitude":-1,"longitude":37},{"latitude":0.64,"longitude":34.26}]}}""");

        var route = (await _host.GetAsync("/api/journeys/T-1")).GetProperty("registration").GetProperty("route");
        route.GetProperty("corridor").GetProperty("coordinates").GetArrayLength().ShouldBe(3);
        route.GetProperty("toleranceMetres").GetDouble().ShouldBe(500);
    }

    [Fact]
    public async Task A_field_that_is_wrong_is_named_and_nothing_is_kept()
    {
        var before = Entries();
        using var answer = await _host.PostAsync("/api/movements/register-movement", Movement.Replace("37.82", "237.82", StringComparison.Ordinal));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        Text(problem.RootElement, "title").ShouldBe("request.invalid");
        problem.RootElement.GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("route.stops[0].latitude");
        Entries().ShouldBe(before);
        (await QueryAsync("T-1")).GetProperty("found").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task What_does_not_fit_the_movement_is_a_conflict_with_the_reason()
    {
        (await PostAsync("confirm-departure", $$"""{"movementId":"T-9","observer":"Gate","at":"{{_host.Clock.GetUtcNow():O}}"}""")).ShouldBe((HttpStatusCode.Conflict, "journey.unknown"));
        await OkAsync("register-movement", Movement);
        (await PostAsync("register-movement", Movement.Replace("KDA 482B", "KDA 999Z", StringComparison.Ordinal))).ShouldBe((HttpStatusCode.Conflict, "journey.exists"));
        (await PostAsync("amend-movement", """{"movementId":"T-1","reason":"?","removeLocks":["9"]}""")).ShouldBe((HttpStatusCode.Conflict, "amendment.does-not-fit"));
        (await PostAsync("authorise-unseal", $$"""{"movementId":"T-1","orderId":"O-1","officer":"7","purpose":"Release","office":"XXXXX001","until":"{{_host.Clock.GetUtcNow().AddHours(1):O}}"}""")).ShouldBe((HttpStatusCode.Conflict, "order.does-not-fit"));
    }

    private long Entries()
    {
        using var session = _host.Services.GetRequiredService<SqliteDatabase>().OpenForReading();
        return session.Scalar<long>("SELECT count(*) FROM journal");
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private async Task OkAsync(string operation, string json)
    {
        using var answer = await _host.PostAsync($"/api/movements/{operation}", json);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"{operation}: {await answer.Content.ReadAsStringAsync(Cancel)}");
    }

    private async Task<(HttpStatusCode Status, string? Code)> PostAsync(string operation, string json) => await CodeOfAsync(await _host.PostAsync($"/api/movements/{operation}", json));

    private async Task<(HttpStatusCode Status, string? Code)> JudgeAsync(string json) => await CodeOfAsync(await _host.PostAsync("/api/journeys/T-1/findings/judge", json));

    private static async Task<(HttpStatusCode Status, string? Code)> CodeOfAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
            return (answer.StatusCode, json.RootElement.TryGetProperty("code", out var code) ? code.GetString() : null);
        }
    }

    private async Task<JsonElement> QueryAsync(string id)
    {
        using var answer = await _host.PostAsync("/api/movements/query-movement", $$"""{"movementId":"{{id}}"}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel));
        return json.RootElement.Clone();
    }
}
