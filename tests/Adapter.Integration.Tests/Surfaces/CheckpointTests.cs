using System.Net;
using System.Text;
using System.Xml.Linq;
using Adapter.Contracts.Customs;
using Adapter.Host.Admin;
using Adapter.Host.Journeys;
using Adapter.Host.Storage;
using Adapter.Mappings.Validation;
using Microsoft.Extensions.DependencyInjection;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>A checkpoint pulls what is routed through it, and nothing of other roads.</summary>
public sealed class CheckpointTests : IAsyncLifetime
{
    private static readonly XNamespace Notes = CustomsNamespaces.Notifications;
    private static readonly Actor Office = new("office");

    private TestHost _host = null!;
    private string _key = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(new TestHostOptions
        {
            WithTwins = false,
            Settings = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["SoapServices:Services:notifications:Callers:gate-1:Operations:0"] = "*",
                ["Destinations:checkpoint:Transport"] = "Pull",
                ["Destinations:checkpoint:Document"] = "manifest-notification",
                ["Destinations:checkpoint:Offices:0"] = "KENAI002",
                ["Destinations:checkpoint:Subscribes:0"] = "*",
                ["Destinations:checkpoint:Subscribes:1"] = "FINDING",
                ["Destinations:checkpoint:Pull:Callers:0"] = "gate-1",
                ["Destinations:everything:Transport"] = "Pull",
                ["Destinations:everything:Document"] = "manifest-notification",
                ["Destinations:everything:Pull:Callers:0"] = "gate-1",
            },
        });
        _key = (await _host.Services.GetRequiredService<IPrincipalStore>().AddAsync("gate-1", [Roles.Caller], new Actor("test"), Cancel))!;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task It_is_told_what_is_expected_what_has_passed_and_what_was_found_and_nothing_of_other_roads()
    {
        await DepartAsync("T-1", "KENAI002");
        await DepartAsync("T-2", "KEELD003");
        Accepted(await Desk.ReportObservationAsync(
            new ReportObservationRequest { MovementId = "T-1", Observer = Observer.Gate, At = Now, Office = "KENAI002", Occasion = Occasion.EnRoute, Seen = new SeenCargo { VehiclePlate = "KXX 999X" } }, Office, Cancel));

        // Found first, because it is seen at once with what the gate saw; each follows the acknowledgement of the one before.
        var told = new List<(string Kind, string Subject)>();
        while (await NextAsync("checkpoint") is { } message)
        {
            told.Add(message);
        }

        told.ShouldAllBe(message => message.Subject == "journey:T-1");
        told.Select(message => message.Kind).Take(2).ShouldBe(["DEPARTURE", "EXPECTED"]);
        told.Select(message => message.Kind).Skip(2).ShouldBe(["PASSED", "FINDING"], ignoreOrder: true);

        var others = new List<(string Kind, string Subject)>();
        while (await NextAsync("everything") is { } message)
        {
            others.Add(message);
        }

        others.ShouldBe([("DEPARTURE", "journey:T-1"), ("DEPARTURE", "journey:T-2")], ignoreOrder: true);
    }

    private MovementDesk Desk => _host.Services.GetRequiredService<MovementDesk>();

    private DateTimeOffset Now => _host.Clock.GetUtcNow();

    private async Task DepartAsync(string movement, string through)
    {
        Accepted(await Desk.RegisterMovementAsync(
            new RegisterMovementRequest
            {
                MovementId = movement,
                Regime = Contracts.Transit.Regime.Transit,
                Mrn = "26KE0MBA00482917J1",
                Vehicle = new VehicleItem { Plate = "KDA 482B" },
                Departure = new OfficeItem { Code = "KEMBA001" },
                Transit = [new OfficeItem { Code = through }],
                Destination = new OfficeItem { Code = "UGMLB001" },
            }, Office, Cancel));
        Accepted(await Desk.ConfirmDepartureAsync(new ConfirmDepartureRequest { MovementId = movement, Observer = Observer.Office, At = Now, Office = "KEMBA001" }, Office, Cancel));
    }

    private static void Accepted(MovementAnswer answer) => answer.Receipt.ShouldNotBeNull(answer.Fault?.Text).Accepted.ShouldBeTrue(answer.Receipt!.Text);

    /// <summary>Fetches one message and acknowledges it; null where none is waiting any more.</summary>
    private async Task<(string Kind, string Subject)?> NextAsync(string receiver)
    {
        var answer = await CallAsync($"<GetPending xmlns='{Notes}'><Receiver>{receiver}</Receiver><Most>1</Most><WaitSeconds>1</WaitSeconds></GetPending>");
        if (answer.Descendants(Notes + "Message").FirstOrDefault() is not { } message)
        {
            return null;
        }

        var receipt = await CallAsync(
            $"<Acknowledge xmlns='{Notes}'><Receiver>{receiver}</Receiver><Receipt>{message.Element(Notes + "MessageId")}{message.Element(Notes + "Lease")}<Result>ACCEPTED</Result></Receipt></Acknowledge>");
        receipt.Descendants(Notes + "Code").ShouldHaveSingleItem().Value.ShouldBe("settled");
        return (message.Element(Notes + "Kind")!.Value, message.Element(Notes + "Subject")!.Value);
    }

    private async Task<XElement> CallAsync(string body)
    {
        using var content = new StringContent(SoapDoor.Envelope(body, SoapDoor.TextToken("gate-1", _key)), Encoding.UTF8, "text/xml");
        using var answer = await _host.Anonymous.PostAsync(new Uri("/soap/notifications", UriKind.Relative), content, Cancel);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return XmlInput.Load(await answer.Content.ReadAsByteArrayAsync(Cancel)).Root!;
    }
}
