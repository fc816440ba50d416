using System.Net;
using System.Text.Json;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Movements that name offices which nobody knows, at a host that knows some.</summary>
public sealed class OfficeTests
{
    private static TestHostOptions Knowing(params string[] offices) => new()
    {
        WithTwins = false,
        Settings = offices.ToDictionary(office => $"Verification:Offices:{office}", office => $"office {office}", StringComparer.Ordinal),
    };

    [Theory]
    [InlineData("Transit", "Warning")]
    [InlineData("DangerousGoods", "Critical")]
    public async Task An_office_that_nobody_knows_is_a_finding_that_names_the_field_and_the_movement_is_kept(string regime, string severity)
    {
        await using var host = await TestHost.StartAsync(Knowing("KEMBA001", "UGMLB001"));
        (await PostAsync(host, "register-movement", $$$"""{"movementId":"T-1","regime":"{{{regime}}}","mrn":"26KE0MBA00482917J1","departure":{"code":"KEMBA001"},"destination":{"code":"UGMLB01"}}""")).ShouldBe(HttpStatusCode.OK);

        var finding = await OnlyFindingAsync(host);
        (Text(finding, "code"), Text(finding, "severity"), Text(finding, "state")).ShouldBe(("office.unknown", severity, "Open"));
        Text(finding, "text").ShouldBe("The declaration names UGMLB01 in destination.code, which is not among the 2 offices that customs have.");

        (await PostAsync(host, "amend-movement", """{"movementId":"T-1","reason":"a slip of the pen","destination":{"code":"UGMLB001"}}""")).ShouldBe(HttpStatusCode.OK);
        Text(await OnlyFindingAsync(host), "state").ShouldBe("Explained");
    }

    [Fact]
    public async Task A_code_that_cannot_be_one_stops_the_start_and_is_named()
    {
        var wrong = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestHost.StartAsync(Knowing("KEMBA001", "-", "AN-OFFICE-WITH-A-LONG-CODE")));

        wrong.Message.ShouldSatisfyAllConditions(text => text.ShouldContain("'-' is not the code of an office"), text => text.ShouldContain("'AN-OFFICE-WITH-A-LONG-CODE'"));
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static async Task<HttpStatusCode> PostAsync(TestHost host, string operation, string json)
    {
        using var answer = await host.PostAsync($"/api/movements/{operation}", json);
        return answer.StatusCode;
    }

    private static async Task<JsonElement> OnlyFindingAsync(TestHost host) => (await host.GetAsync("/api/journeys/T-1")).GetProperty("findings").EnumerateArray().ShouldHaveSingleItem();
}
