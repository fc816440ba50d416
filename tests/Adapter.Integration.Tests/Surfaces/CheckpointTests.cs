using Adapter.Contracts.Customs;
using Adapter.Host.Delivery;
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

    [Fact]
    public async Task A_call_that_waits_is_answered_as_soon_as_a_movement_is_on_its_way()
    {
        var waiting = _stage.FetchAsync(Gate, "checkpoint", waitSeconds: 60);
        await DepartAsync("T-1", "KENAI002");

        (await waiting).ShouldNotBeNull().Element(Notes + "Kind")!.Value.ShouldBe("DEPARTURE");
    }

    [Fact]
    public async Task One_call_brings_a_message_of_each_movement_and_no_more_than_asked_for()
    {
        foreach (var movement in (string[])["T-1", "T-2", "T-3"])
        {
            await DepartAsync(movement, "KENAI002");
        }

        var first = await BatchAsync(most: 2);
        first.Count.ShouldBe(2);
        var rest = await BatchAsync(most: 10);
        rest.Count.ShouldBe(1, "the others are in the caller's hands, and what follows them waits");
        first.Concat(rest).Select(message => (message.Element(Notes + "Subject")!.Value, message.Element(Notes + "Kind")!.Value, message.Element(Notes + "Number")!.Value)).ShouldBe(
            [("journey:T-1", "DEPARTURE", "1"), ("journey:T-2", "DEPARTURE", "1"), ("journey:T-3", "DEPARTURE", "1")], ignoreOrder: true);
        (await BatchAsync(most: 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_gate_that_disappears_is_given_the_same_message_again_and_nothing_behind_it_before()
    {
        await DepartAsync("T-1", "KENAI002");
        var first = (await _stage.FetchAsync(Gate, "checkpoint")).ShouldNotBeNull();
        (await BatchAsync(most: 10)).ShouldBeEmpty();
        _stage.Host.Clock.Advance(DateTimeOffset.Parse(first.Element(Notes + "Until")!.Value, System.Globalization.CultureInfo.InvariantCulture) - Now);

        var again = (await _stage.FetchAsync(Gate, "checkpoint")).ShouldNotBeNull();

        foreach (var same in (string[])["MessageId", "Number", "Kind", "Content"])
        {
            again.Element(Notes + same)!.ToString().ShouldBe(first.Element(Notes + same)!.ToString());
        }

        (again.Element(Notes + "Times")!.Value, again.Element(Notes + "Lease")!.Value == first.Element(Notes + "Lease")!.Value).ShouldBe(("2", false));
        // The one that was lost comes back: what it says still counts.
        (await _stage.AcknowledgeAsync(Gate, first, receiver: "checkpoint")).ShouldBe("settled");
        (await _stage.AcknowledgeAsync(Gate, again, receiver: "checkpoint")).ShouldBe("known");
        (await NextAsync("checkpoint"))!.Value.Kind.ShouldBe("EXPECTED");
    }

    [Fact]
    public async Task A_refusal_needs_a_code_and_stops_its_own_movement_alone()
    {
        await DepartAsync("T-1", "KENAI002");
        await DepartAsync("T-2", "KENAI002");
        var messages = await BatchAsync(most: 10);
        var refused = messages.Single(message => message.Element(Notes + "Subject")!.Value == "journey:T-1");
        (await _stage.AcknowledgeAsync(Gate, refused, "REJECTED", receiver: "checkpoint")).ShouldBe("notifications.invalid");

        (await _stage.AcknowledgeAsync(Gate, refused, "REJECTED", "R-17", receiver: "checkpoint")).ShouldBe("parked");
        (await _stage.AcknowledgeAsync(Gate, messages.Single(message => message != refused), receiver: "checkpoint")).ShouldBe("settled");

        (await NextAsync("checkpoint")).ShouldBe(("EXPECTED", "journey:T-2"));
        (await NextAsync("checkpoint")).ShouldBeNull();
        (await _stage.Host.LanesAsync()).Single(lane => lane is { Destination: "checkpoint", Subject: "journey:T-1" }).ShouldSatisfyAllConditions(
            lane => lane.State.ShouldBe(LaneState.Parked), lane => lane.Reason.ShouldNotBeNull().ShouldContain("R-17"));
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
        // The receipt may come before the messages are queued.
        await Eventually.GetAsync(_stage.Host.LanesAsync, lanes => lanes.Any(lane => lane.Destination == "everything" && lane.Subject == $"journey:{movement}"));
    }

    private async Task<List<System.Xml.Linq.XElement>> BatchAsync(int most)
    {
        var (status, answer) = await _stage.PostAsync(Gate, "notifications", $"<GetPending xmlns='{Notes}'><Receiver>checkpoint</Receiver><Most>{most}</Most><WaitSeconds>0</WaitSeconds></GetPending>");
        status.ShouldBe(System.Net.HttpStatusCode.OK, answer.ToString());
        return [.. answer.Descendants(Notes + "Message")];
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
