using System.Net;
using System.Text;
using System.Xml.Linq;
using Adapter.Contracts.Customs;
using Adapter.Host.Admin;
using Adapter.Host.Delivery;
using Adapter.Host.Journeys;
using Adapter.Mappings.Validation;
using Microsoft.Extensions.DependencyInjection;
using static Adapter.Integration.Tests.Surfaces.ExchangeStage;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>The doors for neighbours and for systems that cannot be called, over real HTTP.</summary>
public sealed class NeighbourDoorTests : IAsyncLifetime
{
    private ExchangeStage _stage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stage = await ExchangeStage.StartAsync(
            [Kenya, Gate],
            [
                ("SoapServices:Services:notifications:Callers:registrar:Operations:0", "GetPending"),
                ("Neighbours:kenya:Sends", "kenya"),
                .. Fetched("kenya", "wco-declaration", Kenya),
                .. Fetched("gate", "manifest-notification", Gate),
            ]);
    }

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task An_announced_departure_registers_its_movement_and_an_arrival_is_evidence_of_an_office()
    {
        Code(await SubmitAsync(Declaration("a1", "525", "DEPARTURE", 1))).ShouldBe("01");
        Code(await SubmitAsync(Declaration("a2", "524", "ARRIVAL", 2))).ShouldBe("01");

        var state = (await Journeys.FindAsync(Subject.OfJourney(Mrn), Cancel)).ShouldNotBeNull();
        state.Journey!.Registration.Containers.ShouldHaveSingleItem().Seals.ShouldHaveSingleItem().Number.ShouldBe("SL-1");
        Milestones.Departed(state).Evidence.Keys.ShouldBe([Side.Office]);
        Milestones.Arrived(state).Evidence.Keys.ShouldBe([Side.Office]);
    }

    [Fact]
    public async Task A_repeat_gets_the_same_answer_and_the_same_reference_with_other_content_is_refused()
    {
        var first = await SubmitAsync(Declaration("a1", "525", "DEPARTURE", 1));
        var again = await SubmitAsync(Declaration("a1", "525", "DEPARTURE", 1));
        var other = await SubmitAsync(Declaration("a1", "524", "ARRIVAL", 1));

        again.ToString().ShouldBe(first.ToString());
        (Code(other), Error(other), Chain(other)).ShouldBe(("03", "26", "42A/D026"));
        (await Journeys.FindAsync(Subject.OfJourney(Mrn), Cancel))!.Assertions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_message_about_an_unknown_movement_is_refused_and_taken_once_the_movement_is_known()
    {
        var unknown = await SubmitAsync(Declaration("a2", "524", "ARRIVAL", 2));
        (Code(unknown), Error(unknown), Chain(unknown)).ShouldBe(("03", "90", "42A/D014"));

        await SubmitAsync(Declaration("a1", "525", "DEPARTURE", 1));

        Code(await SubmitAsync(Declaration("a2", "524", "ARRIVAL", 2))).ShouldBe("01");
    }

    [Fact]
    public async Task A_number_that_is_missing_is_noticed_and_an_alarm_is_kept_with_its_words()
    {
        await SubmitAsync(Declaration("a1", "525", "DEPARTURE", 1));
        Code(await SubmitAsync(Declaration("a4", "588", "ROPE_CUT", 4))).ShouldBe("01");

        _stage.Host.Log.Text.ShouldContain("not yet 2-3");
        (await Journeys.FindAsync(Subject.OfJourney(Mrn), Cancel))!.Observations.ShouldHaveSingleItem().Remark.ShouldNotBeNull().ShouldContain("ROPE_CUT");
    }

    [Fact]
    public async Task What_is_wrong_is_answered_with_pointers_and_changes_nothing()
    {
        var answer = await SubmitAsync(Declaration("a1", "525", "DEPARTURE", 1).Replace("<FunctionCode>9</FunctionCode>", "<FunctionCode>nine</FunctionCode>"));
        (Code(answer), Chain(answer)).ShouldBe(("03", "42A/017"));
        (await Journeys.ListAsync(Mrn, null, 10, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Attack_39_a_neighbour_speaks_for_its_own_country_alone()
    {
        var answer = await SubmitAsync(Declaration("a1", "525", "DEPARTURE", 1).Replace(">KE<", ">TZ<"));

        (Code(answer), answer.ToString()).ShouldSatisfyAllConditions(told => told.Item1.ShouldBe("03"), told => told.Item2.ShouldContain("speaks for KE"));
        (await Journeys.ListAsync(Mrn, null, 10, Cancel)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Prefixes_are_the_senders_choice_also_where_the_envelope_declares_them(bool soap11)
    {
        var version = soap11 ? Soap11 : Soap12;
        var declaration = Declaration("a1", "525", "DEPARTURE", 1)
            .Replace("<", "<d:").Replace("<d:/", "</d:").Replace("d:MetaData xmlns=\"urn:wco:datamodel:WCO:DocumentMetaData-DMS:2\"", "m:MetaData").Replace("/d:MetaData", "/m:MetaData")
            .Replace(" xmlns=\"urn:wco:datamodel:WCO:DEC-DMS:2\"", "");
        foreach (var name in new[] { "WCODataModelVersionCode", "WCOTypeName", "ResponsibleCountryCode" })
        {
            declaration = declaration.Replace($"d:{name}", $"m:{name}");
        }

        var envelope = $"<e:Envelope xmlns:e='{version}' xmlns:m='urn:wco:datamodel:WCO:DocumentMetaData-DMS:2' xmlns:d='urn:wco:datamodel:WCO:DEC-DMS:2'><e:Body>{declaration}</e:Body></e:Envelope>";
        var (status, answer) = await SendAsync(_stage.ClientOf(Kenya), "wco-exchange", envelope, version);

        (status, Code(answer.Descendants(Res + "Response").ShouldHaveSingleItem())).ShouldBe((HttpStatusCode.OK, "01"));
        (await Journeys.FindAsync(Subject.OfJourney(Mrn), Cancel)).ShouldNotBeNull().Assertions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_message_that_is_larger_than_the_desk_reads_is_a_fault_of_the_sender()
    {
        var large = Declaration("a1", "525", "DEPARTURE", 1).Replace("DEPARTURE<", new string('x', XmlInput.DefaultLimit) + "<");

        var (status, fault) = await _stage.PostAsync(Kenya, "wco-exchange", large, Soap12);

        (status, fault.Descendants(Soap12 + "Text").ShouldHaveSingleItem().Value).ShouldSatisfyAllConditions(
            told => told.status.ShouldBe(HttpStatusCode.BadRequest), told => told.Value.ShouldContain("outside the bounds"));
    }

    [Fact]
    public async Task Calls_are_audited_and_an_operation_that_was_not_granted_is_refused()
    {
        await _stage.AddCallerAsync("registrar");
        (await _stage.PostAsync("registrar", "notifications", $"<Acknowledge xmlns='{Notes}'><Receipt><MessageId>m</MessageId><Lease>1</Lease><Result>ACCEPTED</Result></Receipt></Acknowledge>", Soap12)).Status.ShouldBe(HttpStatusCode.Forbidden);
        await SubmitAsync(Declaration("a1", "525", "DEPARTURE", 1));

        var audit = await _stage.Host.Services.GetRequiredService<IPrincipalStore>().AuditAsync(long.MaxValue, 100, Cancel);
        audit.Where(line => line.Action.StartsWith("soap.", StringComparison.Ordinal)).Select(line => (line.Action, line.Subject, line.Detail)).ShouldBe(
            [("soap.Submit", "wco-exchange", "answered"), ("soap.Acknowledge", "notifications", "soap.forbidden")], ignoreOrder: true);
    }

    [Theory]
    [InlineData("wco-exchange")]
    [InlineData("notifications")]
    public async Task The_description_names_schemas_that_can_be_fetched(string service)
    {
        var here = new Uri(_stage.Host.Address, $"soap/{service}");
        var wsdl = XmlInput.Load(await _stage.Host.Anonymous.GetByteArrayAsync(new Uri(here, "?wsdl"), Cancel)).Root!;

        wsdl.Descendants().Select(e => e.Attribute("location")?.Value).OfType<string>().ShouldAllBe(location => location == here.ToString());
        var schemas = wsdl.Descendants().Select(e => e.Attribute("schemaLocation")?.Value).OfType<string>().ToList();
        schemas.ShouldNotBeEmpty();
        foreach (var schema in schemas)
        {
            (await _stage.Host.Anonymous.GetStringAsync(new Uri(here, schema), Cancel)).ShouldContain("schema");
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task A_later_confirmation_names_our_message_by_RelatesTo_or_by_its_reference(bool byHeader, bool byBoth)
    {
        await SubmitAsync(Declaration("a1", "525", "DEPARTURE", 1));
        var ours = await FetchAsync();

        var told = await RespondAsync("01", "r1", byHeader ? $"urn:uuid:{Guid.Parse(ours):D}" : null, byHeader && !byBoth ? null : ours);

        Code(told).ShouldBe("02", told.ToString());
        (await _stage.Host.LanesAsync()).Single(lane => lane.Destination == "kenya").ShouldSatisfyAllConditions(lane => lane.State.ShouldBe(LaneState.Idle), lane => lane.Reason.ShouldBeNull());
    }

    [Fact]
    public async Task A_refusal_by_RelatesTo_parks_its_lane_and_one_that_contradicts_itself_or_names_nothing_of_ours_does_nothing()
    {
        await SubmitAsync(Declaration("a1", "525", "DEPARTURE", 1));
        var ours = await FetchAsync();

        Code(await RespondAsync("03", "r1", $"urn:uuid:{Guid.NewGuid()}", ours)).ShouldBe("03");
        Code(await RespondAsync("03", "r2", $"urn:uuid:{Guid.NewGuid()}", null)).ShouldBe("03");
        Code(await RespondAsync("03", "r3", null, null)).ShouldBe("03");
        (await _stage.Host.LanesAsync()).Single(lane => lane.Destination == "kenya").State.ShouldNotBe(LaneState.Parked);

        Code(await RespondAsync("03", "r4", $"urn:uuid:{Guid.Parse(ours):D}", null)).ShouldBe("02");
        (await _stage.Host.LanesAsync()).Single(lane => lane.Destination == "kenya").State.ShouldBe(LaneState.Parked);
    }

    [Fact]
    public async Task A_result_of_control_becomes_an_examination_of_the_movement_and_is_told_on()
    {
        await SubmitAsync(Declaration("a1", "525", "DEPARTURE", 1));
        var ours = await FetchAsync();

        Code(await RespondAsync("05", "r1", null, ours, "<Status><NameCode>97</NameCode></Status>")).ShouldBe("02");
        Code(await RespondAsync("05", "r2", null, ours, "<AdditionalInformation><StatementDescription>twelve cartons more</StatementDescription></AdditionalInformation><Status><NameCode>41</NameCode></Status>")).ShouldBe("02");

        var state = (await Journeys.FindAsync(Subject.OfJourney(Mrn), Cancel)).ShouldNotBeNull();
        var seen = state.Observations.ShouldHaveSingleItem();
        (seen.Occasion, seen.Side, seen.Conform).ShouldBe((Occasion.Examination, Side.Office, false));
        seen.Remark.ShouldNotBeNull().ShouldContain("twelve cartons more");
        state.Emissions.Select(told => (told.Told.Kind, string.Join(' ', told.Destinations.Order(StringComparer.Ordinal)))).ShouldContain(("EXAMINATION", "gate kenya"));
    }

    [Fact]
    public async Task Who_speaks_for_no_neighbour_gets_a_fault_and_who_has_no_key_does_not_get_in()
    {
        (await _stage.PostAsync(Gate, "wco-exchange", Declaration("a1", "525", "DEPARTURE", 1), Soap12)).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(_stage.Host.Anonymous, "wco-exchange", SoapDoor.Envelope(Declaration("a1", "525", "DEPARTURE", 1), soap: SoapDoor.Soap12), Soap12)).Status.ShouldBe(HttpStatusCode.Unauthorized);
        (await _stage.PostAsync(Kenya, "wco-exchange", "<a/>", Soap11)).Body.Descendants("faultcode").ShouldHaveSingleItem().Value.ShouldBe("soap:Client");
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>")]
    [InlineData("not xml")]
    public async Task What_is_not_taken_as_XML_is_a_fault_of_the_sender(string raw)
    {
        using var content = new StringContent(raw, Encoding.UTF8, "application/soap+xml");
        using var response = await _stage.ClientOf(Kenya).PostAsync(new Uri("soap/wco-exchange", UriKind.Relative), content, Cancel);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync(Cancel)).ShouldContain("soap:Sender");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_system_that_cannot_be_called_fetches_and_acknowledges_in_order(bool soap11)
    {
        var version = soap11 ? Soap11 : Soap12;
        await SubmitAsync(Declaration("a1", "525", "DEPARTURE", 1));
        await SubmitAsync(Declaration("a2", "524", "ARRIVAL", 2));

        var (status, first) = await _stage.PostAsync(Gate, "notifications", $"<GetPending xmlns='{Notes}'><WaitSeconds>30</WaitSeconds></GetPending>", version);
        status.ShouldBe(HttpStatusCode.OK);
        var message = first.Descendants(Notes + "Message").ShouldHaveSingleItem();
        message.Element(Notes + "Kind")!.Value.ShouldBe("DEPARTURE");
        message.Element(Notes + "Content")!.Elements().ShouldHaveSingleItem().Name.LocalName.ShouldBe("SealNotification");

        (await _stage.AcknowledgeAsync(Gate, message, version: version)).ShouldBe("settled");

        var second = (await _stage.PostAsync(Gate, "notifications", $"<n:GetPending xmlns:n='{Notes}'/>", version)).Body.Descendants(Notes + "Message").ShouldHaveSingleItem();
        second.Element(Notes + "Kind")!.Value.ShouldBe("ARRIVAL");
        (await _stage.AcknowledgeAsync(Gate, second, "REJECTED", "R-17", version: version)).ShouldBe("parked");
        (await _stage.Host.LanesAsync()).Single(lane => lane.Destination == "gate").Reason.ShouldNotBeNull().ShouldContain("R-17");
    }

    [Fact]
    public async Task A_call_that_does_not_fit_the_schema_or_the_caller_is_a_typed_fault()
    {
        var (status, wrong) = await _stage.PostAsync(Gate, "notifications", $"<GetPending xmlns='{Notes}'><Most>0</Most></GetPending>", Soap11);
        (status, wrong.Descendants(Notes + "NotificationFault").ShouldHaveSingleItem().Element(Notes + "Code")!.Value).ShouldBe((HttpStatusCode.InternalServerError, "notifications.invalid"));

        var (_, stranger) = await _stage.PostAsync(Kenya, "notifications", $"<GetPending xmlns='{Notes}'><Receiver>gate</Receiver></GetPending>", Soap12);
        stranger.Descendants(Notes + "Code").ShouldHaveSingleItem().Value.ShouldBe("notifications.not-yours");
    }

    private IJourneyReader Journeys => _stage.Host.Services.GetRequiredService<IJourneyReader>();

    private Task<XElement> SubmitAsync(string declaration) => _stage.SubmitAsync(declaration);

    /// <summary>The id of the first message for Kenya, which fetches it.</summary>
    private async Task<string> FetchAsync() => (await _stage.FetchAsync(Kenya)).ShouldNotBeNull().Element(Notes + "MessageId")!.Value;

    private Task<XElement> RespondAsync(string function, string reference, string? relatesTo, string? answers, string words = "") =>
        _stage.SubmitAsync(Response(function, reference, answers, words), relatesTo is null ? "" : $"<a:RelatesTo xmlns:a='http://www.w3.org/2005/08/addressing'>{relatesTo}</a:RelatesTo>");
}
