using Adapter.Host.Journeys;
using Adapter.Host.Verification;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

public sealed class FindingTests : IDisposable
{
    private const string Key = "seal.open-at-departure/8022300001";
    private readonly FlowBench _bench = new();

    [Fact]
    public async Task A_finding_is_told_to_those_who_ask_for_it_and_to_nobody_else()
    {
        await OpenedAsync(asks: true);

        _bench.Told().ShouldContain($"finding/{Key}");
        _bench.Told("transportation").ShouldNotContain($"finding/{Key}");
        var told = _bench.Store.Messages.Single(m => m.DecisionKey == $"finding/{Key}").Source.Event;
        (told.Kind, told.Finding!.Code, told.Finding.State, told.Finding.Severity).ShouldBe(("FINDING", "seal.open-at-departure", "Open", "Warning"));
    }

    [Fact]
    public async Task Confirmed_and_closed_each_become_a_message_that_refers_to_the_first()
    {
        await OpenedAsync(asks: true);
        var first = _bench.Store.Messages.Single(m => m.DecisionKey == $"finding/{Key}");

        var confirmed = await _bench.JudgeAsync(Key, FindingVerdict.Confirmed);
        var closed = await _bench.JudgeAsync(Key, FindingVerdict.Closed);

        (confirmed.Code, closed.Code).ShouldBe(("ok", "ok"));
        var later = _bench.Store.Messages.Where(m => m.DecisionKey.StartsWith($"finding/{Key}/", StringComparison.Ordinal)).ToList();
        later.Select(m => (m.Source.Event.Finding!.State, m.Source.Event.Finding.Reason, m.Source.Message.IsWithdrawal, m.Corrects)).ShouldBe(
            [("Confirmed", "looked at it", false, first.Id), ("Closed", "looked at it", false, first.Id)]);
    }

    [Fact]
    public async Task A_dismissed_finding_is_withdrawn_and_never_opened_again()
    {
        await OpenedAsync(asks: true);

        await _bench.JudgeAsync(Key, FindingVerdict.Dismissed);
        await _bench.TakeAsync(Position(90, locked: false, rope: false, where: Road));

        var finding = _bench.Journey().Findings.Single(f => f.Key == Key);
        (finding.State, finding.Judged!.By, finding.Judged.Reason).ShouldBe((FindingState.Dismissed, "supervisor", "looked at it"));
        _bench.Told().Where(key => key.Contains(Key, StringComparison.Ordinal)).ShouldBe([$"finding/{Key}", $"-finding/{Key}/correction-1"]);
    }

    [Fact]
    public async Task A_finding_that_becomes_more_severe_is_told_again_as_a_correction_of_the_first_message()
    {
        await OpenedAsync(asks: true);

        await _bench.ActAsync(
            Journal.EntryKind.Amendment, Operations.AmendMovement,
            new Contracts.Customs.AmendMovementRequest { MovementId = "J-1", Reason = "declared late", Regime = Contracts.Transit.Regime.DangerousGoods }, At(70));

        var told = _bench.Store.Messages.Where(m => m.DecisionKey.StartsWith($"finding/{Key}", StringComparison.Ordinal)).ToList();
        told.Select(m => (m.Source.Event.Finding!.Severity, m.Source.Message.IsWithdrawal, m.Corrects)).ShouldBe([("Warning", false, null), ("Critical", false, told[0].Id)]);
    }

    [Fact]
    public async Task What_was_explained_before_anybody_heard_of_it_is_told_to_nobody()
    {
        await OpenedAsync(asks: true);
        var state = _bench.Journey();
        var unheard = state with { Emissions = [.. state.Emissions.Where(e => e.Told.Finding is null)] };

        FindingMessages.Of(unheard, entry: 9).ShouldHaveSingleItem().Decision.Key.ShouldBe($"finding/{Key}");
        FindingMessages.Of(unheard with { Findings = [unheard.Findings.Single() with { ClosedAt = At(80) }] }, entry: 9).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Closed", "finding.not-possible")]
    [InlineData("Confirmed", "ok")]
    public async Task An_open_finding_is_confirmed_before_it_is_closed(string verdict, string code)
    {
        await OpenedAsync(asks: false);

        (await _bench.JudgeAsync(Key, Enum.Parse<FindingVerdict>(verdict))).Code.ShouldBe(code);
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_judged()
    {
        await OpenedAsync(asks: false);

        (await _bench.JudgeAsync("nothing/at-all", FindingVerdict.Confirmed)).Code.ShouldBe("finding.unknown");
        (await _bench.JudgeAsync(Key, FindingVerdict.Confirmed, "J-9")).Code.ShouldBe("finding.unknown");
    }

    [Fact]
    public async Task Late_facts_leave_a_closed_journey_closed()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road));
        await _bench.CloseAsync("J-1", At(100));

        await _bench.TakeAsync(Row(80, Contracts.Telemetry.LockEventKind.RopeCut) with { CloudTime = At(120) });

        JourneyStatus.Of(_bench.Journey()).ShouldBe("closed");
        _bench.Told().ShouldContain("rope-cut/episode-1");
        _bench.Journey().NextDue.ShouldBeNull();
    }

    public void Dispose() => _bench.Dispose();

    private async Task OpenedAsync(bool asks)
    {
        if (asks)
        {
            _bench.Destinations[0] = _bench.Destinations[0] with { Subscribes = ["*", "FINDING"] };
        }

        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port), Position(50, locked: false, rope: false, where: Port), Position(60, locked: false, rope: false, where: Road));
    }
}
