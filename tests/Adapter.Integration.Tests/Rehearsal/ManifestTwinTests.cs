using System.Net;
using Adapter.Host.Rehearsal.Twins;
using static Adapter.Host.Rehearsal.Twins.TwinName;

namespace Adapter.Integration.Tests.Rehearsal;

public sealed class ManifestTwinTests
{
    [Fact]
    public async Task A_notification_is_accepted_and_logged_with_what_it_says()
    {
        await using var stage = await TwinStage.StartAsync();

        var reply = await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal());

        reply.Status.ShouldBe(HttpStatusCode.OK);
        reply.MediaType.ShouldBe("text/xml");
        reply.Content.Name.ToString().ShouldBe("{urn:customstransit:manifest:1}NotificationReceipt");
        reply["MessageId"].ShouldBe(Messages.Id);
        reply["Result"].ShouldBe("ACCEPTED");
        var record = stage.Received(Manifest).ShouldHaveSingleItem();
        record.MessageId.ShouldBe(Messages.Id);
        record.Sequence.ShouldBe(3);
        record.Subject.ShouldBe("26KE0MBA00482917J1");
        record.Kind.ShouldBe("ROPE_CUT");
        record.Action.ShouldBe("urn:test:act");
        record.Effect.ShouldBe(1);
        record.Result.ShouldBe("ACCEPTED");
        record.Sha256.Length.ShouldBe(64);
        record.Xml.ShouldContain("<m:Sequence>3</m:Sequence>");
    }

    [Fact]
    public async Task The_same_message_again_is_a_duplicate_without_effect_even_with_another_security_header()
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal(), "<t:Nonce xmlns:t=\"urn:t\">one</t:Nonce>");

        var again = await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal(), "<t:Nonce xmlns:t=\"urn:t\">two</t:Nonce>");

        again["Result"].ShouldBe("DUPLICATE");
        stage.Received(Manifest).Select(r => r.Effect).ShouldBe([1, 0]);
        stage.Received(Manifest).Select(r => r.Sha256).Distinct().Count().ShouldBe(2);
        File.ReadAllText(TwinLog.PathOf(stage.LogDirectory, Manifest)).ShouldNotContain("Nonce");
    }

    [Fact]
    public async Task The_same_id_with_another_body_is_refused()
    {
        await using var stage = await TwinStage.StartAsync();
        await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal());

        var reused = await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal(sequence: 4));

        reused["Result"].ShouldBe("REFUSED");
        reused["Code"].ShouldBe("ID-REUSED");
        stage.Received(Manifest)[1].Effect.ShouldBe(0);
        (await stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal()))["Result"].ShouldBe("DUPLICATE");
    }

    [Fact]
    public async Task Of_many_copies_at_once_one_takes_effect()
    {
        await using var stage = await TwinStage.StartAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => stage.SendAsync(Manifest, TwinStage.Soap11, Messages.Seal())));

        replies.Count(r => r["Result"] == "ACCEPTED").ShouldBe(1);
        replies.Count(r => r["Result"] == "DUPLICATE").ShouldBe(39);
        stage.Received(Manifest).Count.ShouldBe(40);
        stage.Received(Manifest)[0].Effect.ShouldBe(1);
        stage.Received(Manifest).Sum(r => r.Effect).ShouldBe(1);
    }

    [Fact]
    public async Task It_does_not_speak_soap_12()
    {
        await using var stage = await TwinStage.StartAsync();

        var reply = await stage.SendAsync(Manifest, TwinStage.Soap12, Messages.Seal());

        reply.Status.ShouldBe(HttpStatusCode.InternalServerError);
        reply.FaultCode.ShouldBe("soap:VersionMismatch");
        stage.Received(Manifest).ShouldBeEmpty();
    }
}
