using System.Net;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>What a legacy system is told of requests that are well-formed: each answer or fault by its code, and what an amendment leaves as it was.</summary>
public sealed class RegistrationAnswerTests : IAsyncLifetime
{
    private SoapDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await SoapDoor.StartAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task What_does_not_fit_what_is_known_is_a_fault_with_its_code_and_changes_nothing()
    {
        (await AnswerAsync(Ask("ConfirmArrival", "<Observer>Office</Observer><At>2026-07-09T10:00:00Z</At><Office>UGMLB001</Office>", "nobody"))).ShouldBe((null, "journey.unknown"));
        (await AnswerAsync(Ask("AmendMovement", "<Reason>r</Reason><DriverReference>D</DriverReference>", "nobody"))).ShouldBe((null, "journey.unknown"));
        (await AnswerAsync(Ask("CloseMovement", "<Reason>r</Reason>", "nobody"))).ShouldBe((null, "journey.unknown"));

        (await AnswerAsync(SoapDoor.Movement())).ShouldBe(("true", "ok"));
        (await AnswerAsync(SoapDoor.Movement())).ShouldBe(("true", "ok"), "the same again has no second effect");
        (await AnswerAsync(SoapDoor.Movement().Replace("26KE0MBA00482917J1", "26KE0MBA00482917J2", StringComparison.Ordinal))).ShouldBe((null, "journey.exists"));
        (await AnswerAsync(Ask("AmendMovement", "<Reason>r</Reason><RemoveLock>8022300001</RemoveLock>"))).ShouldBe((null, "amendment.does-not-fit"));
        (await AnswerAsync(Order("O-1"))).ShouldBe(("true", "ok"));
        (await AnswerAsync(Order("O-1", "officer-2"))).ShouldBe((null, "order.exists"));
        (await AnswerAsync(Order("O-2", office: "XXXXX001"))).ShouldBe((null, "order.does-not-fit"));

        (await AnswerAsync(Ask("CloseMovement", "<Reason>done</Reason>"))).ShouldBe(("true", "ok"));
        (await AnswerAsync(Ask("AmendMovement", "<Reason>r</Reason><DriverReference>D</DriverReference>"))).ShouldBe((null, "journey.closed"));
        var unknown = await _door.CallAsync(Ask("CloseMovement", "<Reason>r</Reason>", "nobody"));
        (unknown.Status, unknown.FaultCode, unknown.Pointer).ShouldBe((HttpStatusCode.InternalServerError, "Client", "movementId"), unknown.Text);
        var status = await _door.CallAsync(SoapDoor.Query());
        (status["Mrn"], status["Status"]).ShouldBe(("26KE0MBA00482917J1", "closed"), status.Text);
    }

    [Fact]
    public async Task A_message_that_did_not_fit_is_done_when_it_comes_again_and_fits()
    {
        var close = Ask("CloseMovement", "<Reason>done</Reason>");
        var id = SoapDoor.MessageId("close-1");
        (await _door.CallAsync(close, id)).Code.ShouldBe("journey.unknown");
        await _door.CallAsync(SoapDoor.Movement());

        (await _door.CallAsync(close, id))["Accepted"].ShouldBe("true");
    }

    [Fact]
    public async Task An_amendment_changes_what_it_names_and_leaves_the_rest()
    {
        const string all = """
            <ManifestNumber>MB-1</ManifestNumber><Vehicle><Plate>KDA 482B</Plate><Nationality>KE</Nationality></Vehicle><DriverReference>D-1</DriverReference>
            <Container><Number>KMSU4829139</Number><Seal>KE1</Seal></Container><Lock><Number>8022300001</Number><Container>KMSU4829139</Container></Lock>
            """;
        (await AnswerAsync(SoapDoor.Movement(inside: all).Replace("</RegisterMovement>", "<TimeLimit>2026-12-01T00:00:00Z</TimeLimit></RegisterMovement>", StringComparison.Ordinal))).ShouldBe(("true", "ok"));
        var before = await RegistrationAsync();

        (await AnswerAsync(Ask("AmendMovement", "<Reason>another driver</Reason><DriverReference>D-2</DriverReference>"))).ShouldBe(("true", "ok"));
        var after = await RegistrationAsync();
        before["driverReference"].ShouldBe("\"D-1\"");
        after["driverReference"].ShouldBe("\"D-2\"");
        after.Where(property => property.Key != "driverReference").ShouldBe(before.Where(property => property.Key != "driverReference"));

        (await AnswerAsync(Ask("AmendMovement", "<Reason>another lock</Reason><AddContainer><Number>KMSU4829140</Number></AddContainer><ReplaceLock><Old>8022300001</Old><New>8022300002</New></ReplaceLock>"))).ShouldBe(("true", "ok"));
        var last = await RegistrationAsync();
        last.Where(property => property.Key is not ("containers" or "locks")).ShouldBe(after.Where(property => property.Key is not ("containers" or "locks")));
        last["containers"].ShouldContain("KMSU4829139");
        last["containers"].ShouldContain("KMSU4829140");
    }

    private static string Ask(string operation, string inside, string movement = "T-1") => $"<{operation} xmlns=\"{SoapDoor.Registration}\"><MovementId>{movement}</MovementId>{inside}</{operation}>";

    private static string Order(string number, string officer = "officer-1", string office = "UGMLB001") =>
        Ask("AuthoriseUnseal", $"<OrderId>{number}</OrderId><Officer>{officer}</Officer><Purpose>Release</Purpose><Office>{office}</Office><From>2026-07-09T10:00:00Z</From><Until>2026-12-09T10:00:00Z</Until>");

    private async Task<(string? Accepted, string? Code)> AnswerAsync(string body)
    {
        var answer = await _door.CallAsync(body);
        answer.Envelope.ShouldNotBeNull(answer.Text);
        return (answer["Accepted"], answer["Code"]);
    }

    private async Task<SortedDictionary<string, string>> RegistrationAsync()
    {
        var registration = (await _door.Host.GetAsync("/api/journeys/T-1")).GetProperty("registration");
        return new SortedDictionary<string, string>(registration.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetRawText()), StringComparer.Ordinal);
    }
}
