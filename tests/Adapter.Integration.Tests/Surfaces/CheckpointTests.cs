using Adapter.Contracts.Customs;
using Adapter.Host.Journeys;
using Adapter.Host.Storage;
using Microsoft.Extensions.DependencyInjection;
using static Adapter.Integration.Tests.Surfaces.ExchangeStage;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>A checkpoint pulls what is routed through it, and nothing of other roads.</summary>
public sealed class CheckpointTests : IAsyncLifetime
{
    private static readonly Actor Office = new("office");

    private ExchangeStage _stage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stage = await ExchangeStage.StartAsync(
        [Gate],
        [
            .. Fetched("checkpoint", "manifest-notification", Gate, "*", "FINDING"),
            ("Destinations:checkpoint:Offices:0", "KENAI002"),
            .. Fetched("everything", "manifest-notification", Gate),
        ]);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

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

    private MovementDesk Desk => _stage.Host.Services.GetRequiredService<MovementDesk>();

    private DateTimeOffset Now => _stage.Host.Clock.GetUtcNow();

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
        if (await _stage.FetchAsync(Gate, receiver, waitSeconds: 1) is not { } message)
        {
            return null;
        }

        (await _stage.AcknowledgeAsync(Gate, message, receiver: receiver)).ShouldBe("settled");
        return (message.Element(Notes + "Kind")!.Value, message.Element(Notes + "Subject")!.Value);
    }
}
