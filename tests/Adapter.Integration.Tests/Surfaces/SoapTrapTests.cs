using Adapter.Host.Journeys;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Where SOAP stacks of several makers disagree about values: each with what it means here.</summary>
public sealed class SoapTrapTests : IAsyncLifetime
{
    private const string Xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

    private SoapDoor _door = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _door = await SoapDoor.StartAsync();
        (await _door.CallAsync(SoapDoor.Movement()))["Accepted"].ShouldBe("true");
    }

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Theory]
    [InlineData("2026-07-09T01:30:00+03:00")]
    [InlineData("2026-07-08T22:30:00Z")]
    [InlineData("2026-07-08T22:30:00.000000000Z")]
    [InlineData("2026-07-08T12:30:00-10:00")]
    [InlineData(" 2026-07-09T01:30:00+03:00 ")]
    public async Task An_instant_is_the_same_whatever_zone_it_is_written_in(string written)
    {
        var answer = await _door.CallAsync(Departure(written));

        answer["Accepted"].ShouldBe("true", answer.Text);
        (await StateAsync()).Assertions.ShouldHaveSingleItem().At.ShouldBe(new DateTimeOffset(2026, 7, 8, 22, 30, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData("2026-07-09T01:30:00")]
    [InlineData("2026-07-09")]
    [InlineData("2026-07-09+03:00")]
    [InlineData("2026-02-30T01:30:00Z")]
    [InlineData("2026-07-08T24:00:00Z")]
    [InlineData("09.07.2026 01:30:00 Z")]
    [InlineData("2026-07-09T01:30:00+3:00")]
    public async Task A_time_without_its_zone_and_what_is_no_time_is_refused(string written) =>
        (await _door.CallAsync(Departure(written))).ShouldSatisfyAllConditions(answer => answer.Code.ShouldBe("soap.invalid-element"), answer => answer.Pointer.ShouldBe("/ConfirmDeparture/At"));

    [Theory]
    [InlineData("12345.678900", "12345.678900")]
    [InlineData("1.50", "1.50")]
    [InlineData("+1.5", "1.5")]
    [InlineData("1.", "1")]
    [InlineData(".5", "0.5")]
    [InlineData(" 7 ", "7")]
    [InlineData("1E2", null)]
    [InlineData("1.0E-6", null)]
    [InlineData("1,5", null)]
    [InlineData("-1", null)]
    [InlineData("INF", null)]
    [InlineData("0x10", null)]
    public async Task A_decimal_keeps_its_digits_and_has_neither_exponent_nor_comma(string written, string? kept)
    {
        var answer = await _door.CallAsync(Seen($"<GrossMassKg>{written}</GrossMassKg>"));

        if (kept is null)
        {
            (answer.Code, answer.Pointer).ShouldBe(("soap.invalid-element", "/ReportObservation/Seen/GrossMassKg"));
            return;
        }

        answer["Accepted"].ShouldBe("true", answer.Text);
        (await StateAsync()).Observations.ShouldHaveSingleItem().GrossMassKg!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(kept);
    }

    [Theory]
    [InlineData("<GrossMassKg " + Xsi + " xsi:nil=\"true\"/>", "/ReportObservation/Seen/GrossMassKg")]
    [InlineData("<GrossMassKg/>", "/ReportObservation/Seen/GrossMassKg")]
    [InlineData("<VehiclePlate/>", "/ReportObservation/Seen/VehiclePlate")]
    [InlineData("<VehiclePlate " + Xsi + " xsi:nil=\"false\">KDA 482B</VehiclePlate>", "/ReportObservation/Seen/VehiclePlate")]
    [InlineData("<VehiclePlate>KDA 482B</VehiclePlate>", null)]
    public async Task What_is_not_known_is_left_out_and_neither_nil_nor_empty(string inside, string? path)
    {
        var answer = await _door.CallAsync(Seen(inside));

        (answer.Code, answer.Pointer).ShouldBe(path is null ? (null, null) : ("soap.invalid-element", path), answer.Text);
        (await StateAsync()).Observations.Count.ShouldBe(path is null ? 1 : 0);
    }

    [Theory]
    [InlineData("<Container xmlns:t=\"urn:customstransit:registration:1\" " + Xsi + " xsi:type=\"t:SeenContainer\"><Number>KMSU4829139</Number></Container>", null)]
    [InlineData("<Container " + Xsi + " xsi:type=\"SeenContainer\"><Number>KMSU4829139</Number></Container>", null)]
    [InlineData("<Container " + Xsi + " xsi:type=\"Vehicle\"><Plate>KDA 482B</Plate></Container>", "/ReportObservation/Seen/Container")]
    [InlineData("<Container " + Xsi + " xsi:type=\"Unheard\"><Number>KMSU4829139</Number></Container>", "/ReportObservation/Seen/Container")]
    public async Task A_type_that_is_named_must_be_the_element_s_own_with_or_without_prefix(string inside, string? path)
    {
        var answer = await _door.CallAsync(Seen(inside));

        (answer.Code, answer.Pointer).ShouldBe(path is null ? (null, null) : ("soap.invalid-element", path), answer.Text);
    }

    [Theory]
    [InlineData(SoapDoor.Soap11)]
    [InlineData(SoapDoor.Soap12)]
    public async Task A_fault_has_its_detail_in_our_namespace_and_says_its_language(string soap)
    {
        var answer = await _door.CallAsync(Departure("never"), soap: soap);

        var detail = answer.Envelope!.Descendants().Single(e => e.Name.LocalName is "detail" or "Detail");
        detail.Name.NamespaceName.ShouldBe(soap == SoapDoor.Soap11 ? "" : soap);
        detail.Elements().ShouldHaveSingleItem().DescendantsAndSelf().ShouldAllBe(e => e.Name.NamespaceName == SoapDoor.Registration);
        answer.Envelope.Descendants().Where(e => e.Name.LocalName is "faultstring" or "Text" && e.Name.NamespaceName != SoapDoor.Registration)
            .ShouldHaveSingleItem().Attribute(System.Xml.Linq.XNamespace.Xml + "lang")!.Value.ShouldBe("en");
    }

    /// <summary>A serializer alone would take each of these, and lose what stands behind the element that is out of place.</summary>
    [Theory]
    [InlineData("<MovementId>T-1</MovementId><Observer>Gate</Observer><Occasion>Departure</Occasion><At>2026-07-09T10:00:00Z</At>", "/ReportObservation/Occasion")]
    [InlineData("<Observer>Gate</Observer><MovementId>T-1</MovementId><At>2026-07-09T10:00:00Z</At><Occasion>Departure</Occasion>", "/ReportObservation/Observer")]
    [InlineData("<MovementId>T-1</MovementId><Observer>Gate</Observer><At>2026-07-09T10:00:00Z</At><Occasion>Departure</Occasion><Remark>r</Remark><Seen/>", "/ReportObservation/Seen")]
    [InlineData("<MovementId>T-1</MovementId><Observer>Gate</Observer><At>2026-07-09T10:00:00Z</At><Occasion>Departure</Occasion><Seen><Container><Seal><Number>1</Number><Condition>Intact</Condition></Seal><Number>K</Number></Container></Seen>", "/ReportObservation/Seen/Container/Seal")]
    [InlineData("<MovementId>T-1</MovementId><Observer>Gate</Observer><At>2026-07-09T10:00:00Z</At><Occasion>Departure</Occasion><Seen><Container><Number>K</Number><Seal><Condition>Intact</Condition><Number>1</Number></Seal></Container></Seen>", "/ReportObservation/Seen/Container/Seal/Condition")]
    public async Task An_element_out_of_its_order_is_named_and_nothing_is_kept(string inside, string path)
    {
        var answer = await _door.CallAsync($"<ReportObservation xmlns=\"{SoapDoor.Registration}\">{inside}</ReportObservation>");

        (answer.Code, answer.Pointer).ShouldBe(("soap.invalid-element", path), answer.Text);
        (await StateAsync()).Observations.ShouldBeEmpty();
    }

    /// <summary>zeep sends the action in two places in 1.2, JAX-WS without a blank, others name their own in a header of WS-Addressing.</summary>
    [Theory]
    [InlineData("application/soap+xml; charset=utf-8; action=\"urn:customstransit:registration:1/QueryMovement\"", "\"urn:customstransit:registration:1/QueryMovement\"", "", "ok")]
    [InlineData("application/soap+xml;charset=utf-8;action=\"urn:customstransit:registration:1/QueryMovement\"", "\"\"", "", "ok")]
    [InlineData("application/soap+xml; charset=utf-8; action=\"\"", null, "", "ok")]
    [InlineData("application/soap+xml; charset=utf-8; action=", null, "urn:customstransit:registration:1/QueryMovement", "ok")]
    [InlineData("application/soap+xml; charset=utf-8; action=\"urn:customstransit:registration:1/QueryMovement\"", "\"urn:other\"", "", "soap.action-mismatch")]
    [InlineData("application/soap+xml; charset=utf-8; action=\"urn:customstransit:registration:1/QueryMovement\"", null, "urn:other", "soap.action-mismatch")]
    [InlineData("text/xml; charset=utf-8; action=\"urn:other\"", null, "", "soap.action-mismatch")]
    [InlineData("text/xml; charset=utf-8", " \"urn:customstransit:registration:1/QueryMovement\" ", "urn:customstransit:registration:1/QueryMovement", "ok")]
    public async Task An_action_in_several_places_is_the_same_in_all_or_empty(string type, string? header, string addressed, string code)
    {
        var soap = type.StartsWith("text", StringComparison.Ordinal) ? SoapDoor.Soap11 : SoapDoor.Soap12;
        var action = addressed.Length == 0 ? "" : $"<a:Action xmlns:a=\"http://www.w3.org/2005/08/addressing\">{addressed}</a:Action>";

        var answer = await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest() + action, soap), type, header is null ? [] : [("SOAPAction", header)]);

        (answer.Code ?? (answer["Found"] is null ? answer.Text : "ok")).ShouldBe(code);
    }

    /// <summary>What stacks of the years before document/literal send: values by reference, types on every element, an encoding in the envelope.</summary>
    [Theory]
    [InlineData("<QueryMovement xmlns=\"urn:customstransit:registration:1\"><MovementId href=\"#id0\"/></QueryMovement><multiRef id=\"id0\">T-1</multiRef>", "soap.invalid-element", "/QueryMovement/MovementId/@href")]
    [InlineData("<QueryMovement xmlns=\"urn:customstransit:registration:1\"><MovementId>T-1</MovementId></QueryMovement><multiRef id=\"id0\">T-1</multiRef>", "soap.body", null)]
    [InlineData("<QueryMovement xmlns=\"urn:customstransit:registration:1\"><MovementId href=\"#id0\"/></QueryMovement>", "soap.invalid-element", "/QueryMovement/MovementId/@href")]
    [InlineData("<QueryMovement xmlns=\"urn:customstransit:registration:1\" xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\" e:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><MovementId>T-1</MovementId></QueryMovement>", "soap.invalid-element", "/QueryMovement/@encodingStyle")]
    [InlineData("<QueryMovement xmlns=\"urn:customstransit:registration:1\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" " + Xsi + "><MovementId xsi:type=\"xsd:string\">T-1</MovementId></QueryMovement>", "soap.invalid-element", "/QueryMovement/MovementId")]
    [InlineData("<n:QueryMovement xmlns:n=\"urn:customstransit:registration:1\"><MovementId>T-1</MovementId></n:QueryMovement>", "soap.invalid-element", "/QueryMovement/MovementId")]
    public async Task An_encoded_message_is_refused_where_it_departs_from_the_schema(string body, string code, string? path)
    {
        var answer = await _door.CallAsync(body);

        (answer.Code, answer.Pointer).ShouldBe((code, path), answer.Text);
    }

    [Fact]
    public async Task An_encoding_that_the_envelope_names_means_nothing_for_a_literal_body()
    {
        var envelope = SoapDoor.Envelope(SoapDoor.Query(), _door.Digest()).Replace("<s:Envelope ", "<s:Envelope s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\" ", StringComparison.Ordinal);

        (await _door.SendAsync(envelope))["Found"].ShouldBe("true");
    }

    [Theory]
    [InlineData("<Envelope xmlns=\"{0}\"><Header>{1}</Header><Body><QueryMovement xmlns=\"{2}\"><MovementId>T-1</MovementId></QueryMovement></Body></Envelope>")]
    [InlineData("<e:Envelope xmlns:e=\"{0}\" xmlns=\"{2}\"><e:Header>{1}</e:Header><e:Body><QueryMovement><MovementId>T-1</MovementId></QueryMovement></e:Body></e:Envelope>")]
    [InlineData("<SOAP-ENV:Envelope xmlns:SOAP-ENV=\"{0}\" xmlns:ns1=\"{2}\"><SOAP-ENV:Header>{1}</SOAP-ENV:Header><SOAP-ENV:Body><ns1:QueryMovement><ns1:MovementId>T-1</ns1:MovementId></ns1:QueryMovement></SOAP-ENV:Body></SOAP-ENV:Envelope>")]
    [InlineData("<a:Envelope xmlns:a=\"{0}\"><a:Header>{1}</a:Header><a:Body><a:QueryMovement xmlns:a=\"{2}\"><b:MovementId xmlns:b=\"{2}\">T-1</b:MovementId></a:QueryMovement></a:Body></a:Envelope>")]
    [InlineData("\n<s:Envelope xmlns:s=\"{0}\">\n <s:Header>\n {1}\n </s:Header>\n <s:Body>\n  <!-- a query -->\n  <q:QueryMovement xmlns:q=\"{2}\">\n <q:MovementId>T-1</q:MovementId>\n </q:QueryMovement>\n </s:Body>\n</s:Envelope>\n")]
    public async Task Prefixes_and_white_space_are_the_senders_choice(string form)
    {
        var envelope = string.Format(System.Globalization.CultureInfo.InvariantCulture, form, SoapDoor.Soap11, _door.Digest(), SoapDoor.Registration);

        (await _door.SendAsync(envelope))["Found"].ShouldBe("true");
    }

    [Theory]
    [InlineData("utf-8", "<?xml version=\"1.0\" encoding=\"utf-8\"?>", "text/xml", true)]
    [InlineData("utf-8", "", "text/xml; charset=\"utf-8\"", false)]
    [InlineData("utf-8", "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n", "text/xml;charset=UTF-8", false)]
    [InlineData("utf-16", "<?xml version=\"1.0\" encoding=\"utf-16\"?>", "text/xml", true)]
    [InlineData("utf-16", "", "text/xml", true)]
    [InlineData("utf-16", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>", "text/xml; charset=utf-16", false)]
    [InlineData("utf-16BE", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>", "text/xml; charset=utf-16", true)]
    public async Task A_mark_of_the_encoding_may_stand_or_not_and_the_answer_is_always_UTF_8(string encoding, string declaration, string type, bool mark)
    {
        var bytes = System.Text.Encoding.GetEncoding(encoding);

        var answer = await _door.SendAsync([.. mark ? bytes.GetPreamble() : [], .. bytes.GetBytes(declaration + SoapDoor.Envelope(SoapDoor.Query(), _door.Digest()))], type);

        (answer["Found"], answer.ContentType).ShouldBe(("true", "text/xml; charset=utf-8"), answer.Text);
    }

    /// <summary>Some stacks offer each operation at an address of its own, as a form or a query.</summary>
    [Fact]
    public async Task An_operation_is_called_by_a_message_alone()
    {
        using var form = new FormUrlEncodedContent([new("MovementId", "T-1")]);
        using var posted = await _door.Host.Anonymous.PostAsync(new Uri(SoapDoor.Path + "/QueryMovement", UriKind.Relative), form, Cancel);
        using var there = await _door.Host.Anonymous.PostAsync(new Uri(SoapDoor.Path, UriKind.Relative), form, Cancel);
        using var asked = await _door.Host.Anonymous.GetAsync(new Uri(SoapDoor.Path + "?op=QueryMovement&MovementId=T-1", UriKind.Relative), Cancel);

        (posted.StatusCode, there.StatusCode, asked.StatusCode).ShouldBe((System.Net.HttpStatusCode.NotFound, System.Net.HttpStatusCode.UnsupportedMediaType, System.Net.HttpStatusCode.MethodNotAllowed));
    }

    private static string Departure(string at) =>
        $"<ConfirmDeparture xmlns=\"{SoapDoor.Registration}\"><MovementId>T-1</MovementId><Observer>Office</Observer><At>{at}</At><Office>KEMBA001</Office></ConfirmDeparture>";

    private static string Seen(string inside) =>
        $"<ReportObservation xmlns=\"{SoapDoor.Registration}\"><MovementId>T-1</MovementId><Observer>Gate</Observer><At>2026-07-09T10:00:00Z</At><Occasion>Departure</Occasion><Seen>{inside}</Seen></ReportObservation>";

    private async Task<SubjectState> StateAsync() =>
        (await _door.Host.Services.GetRequiredService<IJourneyReader>().FindAsync(Subject.OfJourney("T-1"), Cancel)).ShouldNotBeNull();
}
