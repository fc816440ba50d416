using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using Adapter.Host.Tests.Flow;
using Adapter.Host.Verification;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Verification;

public sealed class VerifyTests : IDisposable
{
    private readonly FlowBench _bench = new();

    [Fact]
    public async Task A_lock_that_was_open_at_departure_contradicts_its_registration()
    {
        await DepartOpenAsync(Journey());

        var finding = _bench.Journey().Findings.ShouldHaveSingleItem();
        (finding.Key, finding.Code, finding.Severity, finding.ClosedAt).ShouldBe(
            ("seal.open-at-departure/8022300001", "seal.open-at-departure", Severity.Warning, null));
        finding.Text.ShouldBe("The journey was registered with lock 8022300001, but the lock was open when it left KEMBA001 at 2026-05-04 07:00 UTC.");
    }

    [Fact]
    public async Task A_finding_that_late_data_explains_is_closed_and_says_so()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port), Position(50, locked: false, rope: false, where: Port), Position(60, locked: null, rope: null, where: Road));
        _bench.Journey().Findings.ShouldHaveSingleItem().ClosedAt.ShouldBeNull();

        await _bench.TakeAsync(Position(55, where: Port));

        var finding = _bench.Journey().Findings.ShouldHaveSingleItem();
        finding.ClosedAt.ShouldBe(_bench.Time.GetUtcNow());
        finding.Text.ShouldEndWith("Explained by late data.");
    }

    [Fact]
    public async Task Sealed_goods_that_are_released_at_their_destination_raise_nothing()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(
            Position(1, where: Port), Position(60, where: Road), Position(600, where: Border), Position(630, locked: false, rope: false, where: Border));

        _bench.Told().Count.ShouldBe(4);
        _bench.Journey().Findings.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lock_that_is_opened_on_the_road_is_a_finding_that_names_both_places()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road), Position(90, locked: false, rope: false, where: Road));

        _bench.Journey().Findings.Single(f => f.Code == "seal.opened-outside-destination").Text
            .ShouldBe("The goods are to be released at UGMLB001, but lock 8022300001 was opened at 2026-05-04 07:30 UTC at -2.0000, 37.5000.");
    }

    [Fact]
    public async Task The_same_contradiction_is_one_finding_however_often_it_is_seen()
    {
        await DepartOpenAsync(Journey());
        await _bench.TakeAsync(Position(70, locked: false, rope: false, where: Road), Position(80, locked: false, rope: false, where: Road));

        _bench.Journey().Findings.Count(f => f.Code == "seal.open-at-departure").ShouldBe(1);
    }

    [Theory]
    [InlineData(Regime.Transit, "Warning")]
    [InlineData(Regime.CrossBorder, "Warning")]
    [InlineData(Regime.DangerousGoods, "Critical")]
    [InlineData(Regime.SpecialGoods, "Critical")]
    public async Task The_regime_decides_how_severe_a_finding_is(Regime regime, string expected)
    {
        await DepartOpenAsync(Journey() with { Regime = regime });

        _bench.Journey().Findings.ShouldHaveSingleItem().Severity.ToString().ShouldBe(expected);
    }

    [Fact]
    public async Task Two_sub_locks_that_were_open_at_departure_are_two_findings_and_park_nothing()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port));
        foreach (var subLock in (string[])["1", "2"])
        {
            await _bench.TakeAsync(Position(30, locked: false, rope: false, where: Port, subLock: subLock));
        }

        await _bench.TakeAsync(Position(60, where: Road));

        _bench.Store.Parked.ShouldBeEmpty();
        _bench.Journey().Findings.Select(f => f.Key).ShouldBe(["seal.open-at-departure/8022300001/1", "seal.open-at-departure/8022300001/2"]);
        _bench.Journey().Findings[1].Text.ShouldContain("8022300001, sub-lock 2,");
    }

    [Fact]
    public void A_contradiction_that_returns_opens_its_finding_again()
    {
        var now = At(100);
        var check = new Switch { On = true };
        var state = new SubjectState(Subject.OfJourney("J-1")) { Journey = new RegisteredJourney(Journey(), At(0), "clerk", 1, [], Closing: null) };
        state = Step(state, check, now);
        check.On = false;
        state = Step(state, check, now.AddMinutes(1));
        state.Findings.ShouldHaveSingleItem().ClosedAt.ShouldBe(now.AddMinutes(1));
        check.On = true;

        Step(state, check, now.AddMinutes(2)).Findings.ShouldHaveSingleItem().ShouldBe(
            new Finding("test.switch/x", "test.switch", Severity.Warning, "It is on.", now.AddMinutes(2), ClosedAt: null));
    }

    public void Dispose() => _bench.Dispose();

    private static SubjectState Step(SubjectState state, ICheck check, DateTimeOffset now) =>
        Verify.Run([new DecidedSubject(state, [], 1)], [check], now).ShouldHaveSingleItem().State;

    private async Task DepartOpenAsync(JourneyRegistration journey)
    {
        await _bench.RegisterAsync(journey);
        // Sealed once, opened again in the port, and off.
        await _bench.TakeAsync(Position(1, where: Port), Position(50, locked: false, rope: false, where: Port), Position(60, locked: false, rope: false, where: Road));
    }

    private sealed class Switch : ICheck
    {
        public bool On { get; set; }

        public string Code => "test.switch";

        public IEnumerable<Contradiction> Check(SubjectState journey) => On ? [new Contradiction("x", "It is on.")] : [];
    }
}
