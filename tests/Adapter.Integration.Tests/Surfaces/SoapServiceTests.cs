using System.Net;
using System.Text;
using System.Xml.Linq;

namespace Adapter.Integration.Tests.Surfaces;

public sealed class SoapServiceTests : IAsyncLifetime
{
    private SoapDoor _door = null!;

    public async ValueTask InitializeAsync() => _door = await SoapDoor.StartAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Theory]
    [InlineData(SoapDoor.Soap11, "text/xml; charset=utf-8")]
    [InlineData(SoapDoor.Soap12, "application/soap+xml; charset=utf-8")]
    public async Task A_movement_is_registered_and_asked_for_in_both_versions_on_one_path(string soap, string type)
    {
        var receipt = await _door.CallAsync(SoapDoor.Movement(), soap: soap);
        var status = await _door.CallAsync(SoapDoor.Query(), soap: soap);

        (receipt.Status, receipt.ContentType, receipt["Accepted"], receipt["Code"]).ShouldBe((HttpStatusCode.OK, type, "true", "ok"), receipt.Text);
        (status["Found"], status["Status"]).ShouldBe(("true", "registered"), status.Text);
        status.Envelope!.Name.NamespaceName.ShouldBe(soap);
        (await _door.AuditAsync()).ShouldBe([("soap.QueryMovement", "transit-registration", "answered"), ("soap.RegisterMovement", "transit-registration", "answered")]);
    }

    [Theory]
    [InlineData("text/xml; charset=utf-8", "\"urn:customstransit:registration:1/QueryMovement\"", "ok")]
    [InlineData("text/xml; charset=utf-8", "urn:customstransit:registration:1/QueryMovement", "ok")]
    [InlineData("text/xml; charset=utf-8", "\"\"", "ok")]
    [InlineData("text/xml", null, "ok")]
    [InlineData("text/xml; charset=utf-8", "\"urn:customstransit:registration:1/CloseMovement\"", "soap.action-mismatch")]
    [InlineData("text/xml; charset=utf-8", "\"xurn:customstransit:registration:1/QueryMovementx\"", "soap.action-mismatch")]
    [InlineData("application/soap+xml; charset=utf-8; action=\"urn:customstransit:registration:1/QueryMovement\"", null, "ok")]
    [InlineData("application/soap+xml;charset=utf-8;action=urn:customstransit:registration:1/QueryMovement", null, "ok")]
    [InlineData("application/soap+xml", "\"\"", "ok")]
    [InlineData("application/soap+xml; action=\"urn:customstransit:registration:1/CloseMovement\"", null, "soap.action-mismatch")]
    public async Task The_element_chooses_the_operation_and_an_action_must_not_contradict_it(string type, string? action, string code)
    {
        var soap = type.StartsWith("text", StringComparison.Ordinal) ? SoapDoor.Soap11 : SoapDoor.Soap12;
        var answer = await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest(), soap), type, action is null ? [] : [("SOAPAction", action)]);

        (answer.Code ?? (answer["Found"] is null ? answer.Text : "ok")).ShouldBe(code);
    }

    [Theory]
    [InlineData("utf-16", "utf-16", true)]
    [InlineData("utf-16", null, true)]
    [InlineData("utf-16BE", "utf-16BE", false)]
    [InlineData("utf-8", "UTF-8", true)]
    public async Task Letters_of_any_script_arrive_in_both_encodings(string encoding, string? charset, bool mark)
    {
        var envelope = $"<?xml version=\"1.0\" encoding=\"{encoding}\"?>" + SoapDoor.Envelope(SoapDoor.Movement("Ж-١"), _door.Digest());
        var bytes = Encoding.GetEncoding(encoding);
        var answer = await _door.SendAsync([.. mark ? bytes.GetPreamble() : [], .. bytes.GetBytes(envelope)], charset is null ? "text/xml" : $"text/xml; charset={charset}");

        answer["Accepted"].ShouldBe("true", answer.Text);
        (await _door.CallAsync(SoapDoor.Query("Ж-١")))["MovementId"].ShouldBe("Ж-١");
    }

    [Theory]
    [InlineData("text/xml; charset=iso-8859-1", "")]
    [InlineData("text/xml", "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>")]
    [InlineData("application/xml", "")]
    [InlineData("multipart/related; type=\"application/xop+xml\"; boundary=x", "")]
    public async Task Attack_40_other_encodings_and_media_types_are_refused_with_415(string type, string declaration) =>
        (await _door.SendAsync(declaration + SoapDoor.Envelope(SoapDoor.Query(), _door.Digest()), type)).Status.ShouldBe(HttpStatusCode.UnsupportedMediaType);

    [Theory]
    [InlineData("<Regime>Transit</Regime>", "<Regime>Flight</Regime>", "/RegisterMovement/Regime")]
    [InlineData("<Regime>Transit</Regime>", "", "/RegisterMovement/Mrn")]
    [InlineData("<Regime>Transit</Regime>", "<Regime>Transit</Regime><Container><Number>A</Number></Container><Container/>", "/RegisterMovement/Container[2]")]
    [InlineData("<Regime>Transit</Regime>", "<Regime>Transit</Regime><Container><Number>A</Number><GrossMassKg>1E2</GrossMassKg></Container>", "/RegisterMovement/Container/GrossMassKg")]
    [InlineData("<Regime>Transit</Regime>", "<Regime>Transit</Regime><Lock><Number>1</Number><From>2026-07-09T10:00:00</From></Lock>", "/RegisterMovement/Lock/From")]
    [InlineData("<Code>UGMLB001</Code>", "<Name>no code</Name>", "/RegisterMovement/Destination/Name")]
    [InlineData("<MovementId>T-1</MovementId>", "<MovementId xmlns=\"\">T-1</MovementId>", "/RegisterMovement/MovementId")]
    [InlineData("</RegisterMovement>", "<i:include xmlns:i=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\"/></RegisterMovement>", "/RegisterMovement/include")]
    public async Task What_departs_from_the_schema_is_named_by_its_path_and_leaves_nothing(string from, string to, string path)
    {
        var answer = await _door.CallAsync(SoapDoor.Movement().Replace(from, to, StringComparison.Ordinal));

        (answer.Code, answer.Pointer, answer.FaultCode).ShouldBe(("soap.invalid-element", path, "Client"), answer.Text);
        (await _door.CallAsync(SoapDoor.Query()))["Found"].ShouldBe("false");
    }

    [Fact]
    public async Task A_planned_way_comes_with_its_movement_and_an_impossible_one_names_its_field()
    {
        var planned = SoapDoor.Movement().Replace("</RegisterMovement>", """
            <DepartureFrom>2026-07-09T10:00:00Z</DepartureFrom><Route><Point><Latitude>-4.05</Latitude><Longitude>39.65</Longitude></Point><Point><Latitude>0.64</Latitude><Longitude>34.26</Longitude></Point>
            <Stop><Name>Makindu</Name><Latitude>-2.28</Latitude><Longitude>37.82</Longitude><RadiusMetres>400</RadiusMetres></Stop></Route></RegisterMovement>
            """, StringComparison.Ordinal);

        (await _door.CallAsync(planned.Replace("<RadiusMetres>400", "<RadiusMetres>1", StringComparison.Ordinal))).Pointer.ShouldBe("route.stops[0].radiusMetres");
        (await _door.CallAsync(planned))["Accepted"].ShouldBe("true");

        var registration = (await _door.Host.GetAsync("/api/journeys/T-1")).GetProperty("registration");
        registration.GetProperty("route").GetProperty("corridor").GetProperty("coordinates").GetArrayLength().ShouldBe(2);
        registration.GetProperty("departureFrom").GetDateTimeOffset().ShouldBe(new DateTimeOffset(2026, 7, 9, 10, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Rules_beyond_the_schema_are_a_fault_with_their_fields()
    {
        var answer = await _door.CallAsync(SoapDoor.Movement(inside: "<Lock><Number>8022300001</Number><Container>NOT-THERE</Container></Lock>"), soap: SoapDoor.Soap12);

        (answer.Code, answer.FaultCode, answer.Status).ShouldBe(("request.invalid", "Sender", HttpStatusCode.BadRequest), answer.Text);
        answer.Pointer.ShouldNotBeNullOrEmpty();
        answer.Envelope!.Descendants((XNamespace)SoapDoor.Soap12 + "Text").ShouldHaveSingleItem().Attribute(XNamespace.Xml + "lang")!.Value.ShouldBe("en");
    }

    [Fact]
    public async Task The_same_message_again_is_answered_the_same_and_the_same_id_with_another_content_is_refused()
    {
        var first = await _door.CallAsync(SoapDoor.Movement(), SoapDoor.MessageId("m-1"));
        var spaced = SoapDoor.Movement().Replace("><", ">\n <", StringComparison.Ordinal).Replace("<", "<x:", StringComparison.Ordinal).Replace("<x:/", "</x:", StringComparison.Ordinal).Replace("xmlns=", "xmlns:x=", StringComparison.Ordinal);
        var again = await _door.CallAsync(spaced, SoapDoor.MessageId("m-1"), SoapDoor.Soap12);
        var other = await _door.CallAsync(SoapDoor.Movement("T-2"), SoapDoor.MessageId("m-1"));

        first["Entry"].ShouldNotBeNull(first.Text);
        again["Entry"].ShouldBe(first["Entry"], again.Text);
        again.Envelope!.Descendants((XNamespace)"http://www.w3.org/2005/08/addressing" + "RelatesTo").ShouldHaveSingleItem().Value.ShouldBe("m-1");
        other.Code.ShouldBe("soap.message-id-reused");
        (await _door.CallAsync(SoapDoor.Query("T-2")))["Found"].ShouldBe("false");
        (await _door.AuditAsync()).Select(line => line.Detail).ShouldBe(["answered", "soap.message-id-reused", "repeat", "answered"]);
    }

    [Fact]
    public async Task A_refused_message_leaves_its_id_free_and_ids_of_two_callers_do_not_meet()
    {
        (await _door.CallAsync(SoapDoor.Movement(inside: "<Lock><Number>8022300001</Number><Container>NOT-THERE</Container></Lock>"), SoapDoor.MessageId("m-1"))).Code.ShouldBe("request.invalid");

        (await _door.CallAsync(SoapDoor.Movement(), SoapDoor.MessageId("m-1")))["Accepted"].ShouldBe("true");
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), SoapDoor.TextToken(SoapDoor.Asker, _door.AskerKey) + SoapDoor.MessageId("m-1"))))["Found"].ShouldBe("true");
    }

    [Fact]
    public async Task A_repeat_is_known_after_a_restart()
    {
        var first = await _door.CallAsync(SoapDoor.Movement(), SoapDoor.MessageId("m-1"));
        await _door.Host.RestartAsync();

        (await _door.CallAsync(SoapDoor.Movement(), SoapDoor.MessageId("m-1")))["Entry"].ShouldBe(first["Entry"]);
    }

    [Fact]
    public async Task The_service_describes_itself_at_the_address_at_which_it_was_asked()
    {
        var wsdl = await _door.Host.Anonymous.GetStringAsync(new Uri(SoapDoor.Path + "?WSDL", UriKind.Relative), TestContext.Current.CancellationToken);
        var xsd = await _door.Host.Anonymous.GetStringAsync(new Uri("/soap/transit-registration.xsd", UriKind.Relative), TestContext.Current.CancellationToken);

        wsdl.ShouldContain($"location=\"http://127.0.0.1:{_door.Host.Address.Port}{SoapDoor.Path}\"");
        wsdl.ShouldNotContain("http://localhost");
        xsd.ShouldContain("targetNamespace=\"urn:customstransit:registration:1\"");
        using var plain = await _door.Host.Anonymous.GetAsync(new Uri(SoapDoor.Path, UriKind.Relative), TestContext.Current.CancellationToken);
        plain.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_caller_may_call_what_it_is_permitted_and_a_disabled_one_nothing()
    {
        var token = SoapDoor.TextToken(SoapDoor.Asker, _door.AskerKey);
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), token)))["Found"].ShouldBe("false");

        var forbidden = await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Movement(), token));
        (forbidden.Status, forbidden.Code).ShouldBe((HttpStatusCode.Forbidden, "soap.forbidden"));
        (await _door.AuditAsync())[0].ShouldBe(("soap.RegisterMovement", "transit-registration", "soap.forbidden"));

        using var gone = await _door.Host.Customs.PostAsync(new Uri($"/api/principals/{SoapDoor.Asker}/disable", UriKind.Relative), null, TestContext.Current.CancellationToken);
        gone.IsSuccessStatusCode.ShouldBeTrue(gone.ToString());
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), token))).Code.ShouldBe("soap.unauthenticated");
    }

    [Fact]
    public async Task Basic_credentials_open_and_strangers_are_asked_for_them()
    {
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SoapDoor.Caller}:{SoapDoor.Password}"));

        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query()), headers: ("Authorization", "Basic " + basic)))["Found"].ShouldBe("false");
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query()))).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query()), headers: ("Authorization", "Basic " + basic[..^4]))).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
