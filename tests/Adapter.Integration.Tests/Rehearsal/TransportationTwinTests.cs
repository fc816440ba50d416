using System.Net;
using static Adapter.Host.Rehearsal.Twins.TwinName;

namespace Adapter.Integration.Tests.Rehearsal;

public sealed class TransportationTwinTests
{
    [Theory]
    [InlineData(TwinStage.Soap11, "text/xml")]
    [InlineData(TwinStage.Soap12, "application/soap+xml")]
    public async Task An_event_is_recorded_in_either_version_of_soap(string contentType, string answeredAs)
    {
        await using var stage = await TwinStage.StartAsync();

        var reply = await stage.SendAsync(Transportation, contentType, Messages.Trip());

        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.MediaType.ShouldBe(answeredAs);
        reply.Content.Name.ToString().ShouldBe("{urn:customstransit:transportation:1}TripEventReceipt");
        reply.Content.Attribute("messageId")!.Value.ShouldBe(Messages.Id);
        reply.Content.Attribute("result")!.Value.ShouldBe("RECORDED");
        var record = stage.Received(Transportation).ShouldHaveSingleItem();
        record.Sequence.ShouldBe(3);
        record.Subject.ShouldBe("26KE0MBA00482917J1");
        record.Kind.ShouldBe("DEPARTURE");
        record.Action.ShouldBe("urn:test:act");
    }

    [Fact]
    public async Task A_message_sent_twice_shows_as_a_second_effect()
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.SendAsync(Transportation, TwinStage.Soap11, Messages.Trip());

        var again = await stage.SendAsync(Transportation, TwinStage.Soap12, Messages.Trip());

        again.Content.Attribute("result")!.Value.ShouldBe("RECORDED");
        stage.Received(Transportation).Select(r => r.Effect).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task It_can_be_asked_whether_a_message_took_effect()
    {
        await using var stage = await TwinStage.StartAsync();
        var before = await stage.SendAsync(Transportation, TwinStage.Soap12, Messages.Find());
        await stage.SendAsync(Transportation, TwinStage.Soap12, Messages.Trip());

        var after = await stage.SendAsync(Transportation, TwinStage.Soap12, Messages.Find());

        before["State"].ShouldBe("NOT_FOUND");
        after.Content.Name.ToString().ShouldBe("{urn:customstransit:transportation:1}TripEventStatus");
        after["MessageId"].ShouldBe(Messages.Id);
        after["State"].ShouldBe("RECORDED");
        stage.Received(Transportation).Select(r => (r.Element, r.Effect)).ShouldBe([("FindTripEvent", 0), ("TripEvent", 1), ("FindTripEvent", 0)]);
    }

    [Fact]
    public async Task A_refusal_names_its_reason_and_has_no_effect()
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.OrderAsync(Transportation, """{"mode":"refuse","count":1}""");

        var refused = await stage.SendAsync(Transportation, TwinStage.Soap11, Messages.Trip());

        refused.Content.Attribute("result")!.Value.ShouldBe("REFUSED");
        refused["Reason"]!.ShouldStartWith("TRN-409");
        (await stage.SendAsync(Transportation, TwinStage.Soap11, Messages.Find()))["State"].ShouldBe("NOT_FOUND");
    }
}
