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

    private static string Departure(string at) =>
        $"<ConfirmDeparture xmlns=\"{SoapDoor.Registration}\"><MovementId>T-1</MovementId><Observer>Office</Observer><At>{at}</At><Office>KEMBA001</Office></ConfirmDeparture>";

    private static string Seen(string inside) =>
        $"<ReportObservation xmlns=\"{SoapDoor.Registration}\"><MovementId>T-1</MovementId><Observer>Gate</Observer><At>2026-07-09T10:00:00Z</At><Occasion>Departure</Occasion><Seen>{inside}</Seen></ReportObservation>";

    private async Task<SubjectState> StateAsync() =>
        (await _door.Host.Services.GetRequiredService<IJourneyReader>().FindAsync(Subject.OfJourney("T-1"), Cancel)).ShouldNotBeNull();
}
