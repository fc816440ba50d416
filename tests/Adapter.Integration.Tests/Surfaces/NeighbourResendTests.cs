using Adapter.Host.Journeys;
using Microsoft.Extensions.DependencyInjection;
using static Adapter.Integration.Tests.Surfaces.ExchangeStage;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Numbers that are missing in a neighbour's count are asked for by a message to it, and what it sends again closes the gap.</summary>
public sealed class NeighbourResendTests : IAsyncLifetime
{
    private ExchangeStage _stage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // No event is for it; answers are put there by the exchange.
    public async ValueTask InitializeAsync() =>
        _stage = await ExchangeStage.StartAsync([Kenya], [("Neighbours:kenya:Answers", "kenya-answers"), .. Fetched("kenya-answers", "wco-declaration", Kenya, "ANSWER")]);

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Fact]
    public async Task A_gap_is_asked_for_once_and_closed_by_what_comes_again_in_any_order()
    {
        await SubmitAsync("a1", "DEPARTURE", 1);
        await SubmitAsync("a4", "ROPE_CUT", 4);

        var words = new List<(string Code, string? About, string? Resend)> { await NextAsync(), await NextAsync(), await NextAsync() };
        words.ShouldBe([("01", "a1", null), ("01", "a4", null), ("35", "a4", "2-3")]);

        await SubmitAsync("a3", "LONG_STOP", 3);
        await SubmitAsync("a2", "LOW_BATTERY", 2);
        await SubmitAsync("a5", "ROPE_CUT", 5);

        List<(string Code, string? About, string? Resend)> later = [await NextAsync(), await NextAsync(), await NextAsync(), await NextAsync()];
        later.ShouldBe([("01", "a3", null), ("35", "a3", "2"), ("01", "a2", null), ("01", "a5", null)]);
        (await _stage.Host.Services.GetRequiredService<IJourneyReader>().FindAsync(Subject.OfJourney(Mrn), Cancel)).ShouldNotBeNull().Observations.Count.ShouldBe(4);
    }

    private async Task SubmitAsync(string reference, string code, int number) =>
        Code(await _stage.SubmitAsync(Declaration(reference, code == "DEPARTURE" ? "525" : "588", code, number))).ShouldBe("02");

    /// <summary>The next word of ours for the neighbour, fetched and acknowledged.</summary>
    private async Task<(string Code, string? About, string? Resend)> NextAsync()
    {
        var message = (await _stage.FetchAsync(Kenya)).ShouldNotBeNull();
        await _stage.AcknowledgeAsync(Kenya, message);
        var response = message.Descendants(Res + "Response").ShouldHaveSingleItem();
        return (
            Code(response), response.Element(Res + "Declaration")!.Element(Res + "FunctionalReferenceID")?.Value,
            response.Elements(Res + "AdditionalInformation").FirstOrDefault(s => s.Element(Res + "StatementCode")?.Value == "RESEND")?.Element(Res + "StatementDescription")?.Value);
    }
}
