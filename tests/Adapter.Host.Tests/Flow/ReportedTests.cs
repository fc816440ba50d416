using Adapter.Contracts.Customs;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journal;
using Adapter.Host.Journeys;
using Adapter.Mappings.Documents;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Flow;

/// <summary>What people report that receivers must hear of: examinations, accidents, and borders.</summary>
public sealed class ReportedTests : IDisposable
{
    private static readonly GeoPoint Busia = new(0.46, 34.09);
    private readonly FlowBench _bench = new();

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(null, false)]
    public async Task An_examination_is_told_with_its_result_and_is_an_alarm_where_the_goods_do_not_conform(bool? conform, bool alarm)
    {
        await _bench.RegisterAsync(Journey());

        await ObserveAsync(300, Occasion.Examination, "UGMLB001", conform);
        await ObserveAsync(300, Occasion.Examination, "UGMLB001", conform);

        var told = _bench.Store.Messages.Where(m => m.Destination.Name == "manifest").ShouldHaveSingleItem();
        (told.Decision.Kind, told.Decision.IsAlarm, told.Source.Event.ObservedAt).ShouldBe(("EXAMINATION", alarm, At(300)));
        told.Source.Event.Observation.ShouldBe(new ObservationInfo("Officer", conform, "looked into it"));
        told.Source.Event.Office.ShouldBe(Journey().Destination);
    }

    [Fact]
    public async Task An_accident_is_told_as_an_alarm_with_the_office_that_reported_it()
    {
        await _bench.RegisterAsync(Journey());

        await ObserveAsync(300, Occasion.Accident, "KEVOI002");

        var told = _bench.Store.Messages.Where(m => m.Destination.Name == "manifest").ShouldHaveSingleItem();
        (told.Decision.Kind, told.Decision.IsAlarm, told.Source.Event.Office!.Code).ShouldBe(("ACCIDENT", true, "KEVOI002"));
    }

    [Theory]
    [InlineData(Occasion.EnRoute)]
    [InlineData(Occasion.Arrival)]
    public async Task What_was_only_seen_is_kept_and_not_told(Occasion occasion)
    {
        await _bench.RegisterAsync(Journey());

        await ObserveAsync(300, occasion, "KEVOI002");

        _bench.Told().ShouldBeEmpty();
        _bench.Journey().Observations.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Each_border_on_the_way_is_told_where_the_goods_were_at_its_office()
    {
        await _bench.RegisterAsync(Journey() with
        {
            Transit = [new Office("KENBO001", null, "KE", new GeoPoint(-1.32, 36.85)), new Office("UGBUS001", null, "UG", Busia), new Office("RWGAT001", null, "RW", new GeoPoint(-1.38, 30.59))],
            Destination = new Office("RWKGL001", null, "RW", new GeoPoint(-1.95, 30.06)),
        });

        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road), Position(300, where: new GeoPoint(-1.32, 36.85)), Position(500, where: Busia), Position(900, where: new GeoPoint(-1.38, 30.59)));

        _bench.Told().Where(key => key.StartsWith("border", StringComparison.Ordinal)).ShouldBe(["border/UGBUS001", "border/RWGAT001"]);
        _bench.Store.Messages.Last().Source.Journey!.Itinerary.Select(country => country.Code).ShouldBe(["KE", "UG", "RW"]);
    }

    [Fact]
    public async Task Where_only_the_office_that_is_left_lies_on_the_way_it_stands_for_the_border_and_without_countries_there_is_none()
    {
        var left = new Office("KEBUS001", null, "KE", Busia);
        Borders.On(Journey() with { Transit = [new Office("KENBO001", null, "KE", null), left] }).ShouldBe([left]);
        Borders.On(Journey() with { Transit = [left with { Country = null }] }).ShouldBeEmpty();
        Borders.On(Journey()).ShouldBeEmpty();

        await _bench.RegisterAsync(Journey() with { Transit = [left with { Country = null }] });
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road), Position(500, where: Busia));

        _bench.Told().ShouldNotContain(key => key.StartsWith("border", StringComparison.Ordinal));
    }

    [Fact]
    public void Whatever_is_told_has_words_of_its_own_in_the_declaration()
    {
        var kinds = typeof(EventKinds).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)
            .Concat(Enum.GetValues<LockEventKind>().Where(EventKinds.IsTold).Select(EventKinds.Code));

        kinds.ShouldBeSubsetOf(BuiltInDocuments.Load("wco-declaration").Tables["description"].Entries.Keys);
    }

    public void Dispose() => _bench.Dispose();

    private Task<EntryResult> ObserveAsync(double minute, Occasion occasion, string? office, bool? conform = null) => _bench.ActAsync(
        EntryKind.Observation, Operations.ReportObservation,
        new ReportObservationRequest { MovementId = "J-1", Observer = Observer.Officer, Occasion = occasion, At = At(minute), Office = office, Seen = new SeenCargo(), Remark = "looked into it", Conform = conform },
        At(minute));
}
