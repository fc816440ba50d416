using System.Net;
using Adapter.Host.Admin;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Every call leaves a trace: of a caller that is known in the audit trail, of a stranger in the log, which a flood cannot fill.</summary>
public sealed class SoapAuditTests : IAsyncLifetime
{
    private SoapDoor _door = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _door = await SoapDoor.StartAsync();

    public ValueTask DisposeAsync() => _door.DisposeAsync();

    [Fact]
    public async Task A_call_that_is_refused_has_its_line_like_one_that_is_answered()
    {
        await _door.CallAsync(SoapDoor.Query());
        await _door.CallAsync(SoapDoor.Movement().Replace(">Transit<", ">Flight<", StringComparison.Ordinal), SoapDoor.MessageId("m-1"));
        await _door.CallAsync(SoapDoor.Movement(inside: "<Lock><Number>8022300001</Number><Container>NOT-THERE</Container></Lock>"));
        await _door.CallAsync($"<Unheard xmlns=\"{SoapDoor.Registration}\"/>");
        await _door.CallAsync(SoapDoor.Query() + SoapDoor.Query());
        await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest()), headers: ("SOAPAction", "\"urn:other\""));
        await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Movement(), SoapDoor.TextToken(SoapDoor.Asker, _door.AskerKey)));

        (await _door.AuditAsync()).Select(line => (line.Action, line.Detail!.Split(':')[0])).Reverse().ShouldBe(
        [
            ("soap.QueryMovement", "answered"), ("soap.RegisterMovement", "soap.invalid-element"), ("soap.RegisterMovement", "fault"), ("soap.unknown", "soap.unknown-operation"),
            ("soap.QueryMovement", "soap.body"), ("soap.unknown", "soap.action-mismatch"), ("soap.RegisterMovement", "soap.forbidden"),
        ]);
    }

    [Fact]
    public async Task A_stranger_has_a_line_in_the_log_and_none_in_the_store()
    {
        await _door.SendAsync("<!DOCTYPE x>" + SoapDoor.Envelope(SoapDoor.Query(), _door.Digest()));
        await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest() + _door.Digest()));
        await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query(), _door.Digest(password: "another-password-of-some-length")));
        await _door.SendAsync(SoapDoor.Envelope(SoapDoor.Query()), "application/xml");

        (await _door.AuditAsync()).ShouldBeEmpty();
        _door.Host.Log.Lines.Where(line => line.EventId is 1010 or 1015).Select(line => line.Text.Trim().Split(": ")[^1]).ShouldBe(
            ["soap.dtd.", "soap.unauthenticated.", "A request from 127.0.0.1 to /soap/transit-registration had no valid credentials and was refused.", "soap.media-type."], ignoreOrder: true);
    }

    [Fact]
    public async Task Polls_that_find_nothing_share_a_line()
    {
        await using var host = await TestHost.StartAsync(new TestHostOptions
        {
            WithTwins = false,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["SoapServices:Services:notifications:Callers:gate-1:Operations:0"] = "*",
                ["Destinations:gate:Transport"] = "Pull",
                ["Destinations:gate:Document"] = "manifest-notification",
                ["Destinations:gate:Pull:Callers:0"] = "gate-1",
            },
        });
        var principals = host.Services.GetRequiredService<IPrincipalStore>();
        var key = (await principals.AddAsync("gate-1", [Roles.Caller], new Actor("test"), Cancel))!;
        var poll = SoapDoor.Envelope("<GetPending xmlns=\"urn:customstransit:notifications:1\"/>", SoapDoor.TextToken("gate-1", key));
        for (var i = 0; i < 5; i++)
        {
            using var content = new StringContent(poll, System.Text.Encoding.UTF8, "text/xml");
            using var answer = await host.Anonymous.PostAsync(new Uri("/soap/notifications", UriKind.Relative), content, Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        (await principals.AuditAsync(long.MaxValue, 100, Cancel)).Where(line => line.Action == "soap.GetPending").ShouldHaveSingleItem().Detail.ShouldBe("answered");
    }
}
