using System.Text;
using Adapter.Contracts.Telemetry;
using Adapter.Contracts.Transit;
using Adapter.Host.Journeys;
using Adapter.Host.Mapping;
using Adapter.Host.Tests.Flow;
using Adapter.Mappings.Validation;
using static Adapter.Host.Tests.Reports;

namespace Adapter.Host.Tests.Mapping;

public sealed class MapTests : IDisposable
{
    private readonly FlowBench _bench = new();

    [Fact]
    public void Numbers_go_on_behind_the_last_of_each_lane()
    {
        var (one, other) = (Subject.OfJourney("J-1"), Subject.OfJourney("J-2"));
        var numbers = new LaneNumbers(new Dictionary<(string, Subject), long> { [("manifest", one)] = 7 }, new Dictionary<string, string>());

        numbers.Next("manifest", one).ShouldBe(8);
        numbers.Next("manifest", one).ShouldBe(9);
        numbers.Next("manifest", other).ShouldBe(1);
        numbers.Next("transportation", one).ShouldBe(1);
    }

    [Fact]
    public async Task Every_destination_has_its_own_numbers_and_gets_what_it_subscribes_to()
    {
        _bench.Destinations[0] = _bench.Destinations[0] with { Subscribes = ["DEPARTURE", "ARRIVAL"] };
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port), Position(60, where: Road), Position(600, where: Border));

        Numbered("manifest").ShouldBe([(1, "departure"), (2, "arrival")]);
        Numbered("transportation").ShouldBe([(1, "seal/episode-1"), (2, "departure"), (3, "arrival")]);
    }

    [Fact]
    public async Task Decisions_of_one_batch_are_numbered_by_the_time_they_happened()
    {
        await _bench.RegisterAsync(Journey());
        foreach (var report in (LockReport[])[Position(600, where: Border), Position(60, where: Road), Position(1, where: Port)])
        {
            _bench.Receive(report);
        }

        await _bench.RunAsync();

        Numbered("manifest").ShouldBe([(1, "seal/episode-1"), (2, "departure"), (3, "arrival")]);
    }

    [Fact]
    public async Task Who_joins_later_is_not_told_the_past()
    {
        await _bench.RegisterAsync(Journey());
        await _bench.TakeAsync(Position(1, where: Port));
        _bench.Destinations.Add(FlowBench.Receiver("newcomer"));
        await _bench.TakeAsync(Position(60, where: Road));

        _bench.Told("newcomer").ShouldBe(["departure"]);
    }

    [Fact]
    public void An_alarm_of_a_kind_that_the_destination_wants_early_has_a_second_body_that_says_so()
    {
        var message = Made("ROPE_CUT", isAlarm: true, corrects: null);

        Text(message.Body).ShouldNotContain("OutOfSequence");
        Text(message.OvertakingBody).ShouldContain("<OutOfSequence>true</OutOfSequence>");
        Text(message.OvertakingBody).Replace("<OutOfSequence>true</OutOfSequence>", "", StringComparison.Ordinal).ShouldBe(Text(message.Body), "nothing else differs, the id least of all");
    }

    [Theory]
    [InlineData("LOW_BATTERY", true, null)]
    [InlineData("ROPE_CUT", false, null)]
    [InlineData("ROPE_CUT", true, "0123456789abcdef0123456789abcdef")]
    public void Other_kinds_what_is_no_alarm_and_corrections_keep_their_place(string kind, bool isAlarm, string? corrects) =>
        Made(kind, isAlarm, corrects).ShouldSatisfyAllConditions(m => m.Body.ShouldNotBeNull(), m => m.OvertakingBody.ShouldBeNull());

    [Fact]
    public void A_correction_names_the_revision_that_counts()
    {
        var numbers = new LaneNumbers(
            new Dictionary<(string, Subject), long>(), new Dictionary<string, string> { ["first"] = "second", ["second"] = "third" });

        numbers.Latest("first").ShouldBe("third");
        numbers.Latest("other").ShouldBe("other");
    }

    [Fact]
    public void A_container_shows_its_declared_seals_and_then_its_e_locks_without_contended_ones()
    {
        var registration = Journey(locks: [TheLock, OtherLock]);
        var view = JourneyView.Of(State(registration, contended: OtherLock)).ShouldNotBeNull();

        view.Containers.ShouldHaveSingleItem().Seals.ShouldBe([new SealInfo(1, "KE0482913", IsLock: false), new SealInfo(2, TheLock.Value, IsLock: true)]);
        (view.Id, view.Regime, view.Mrn, view.Departure.Code).ShouldBe(("J-1", "Transit", registration.Mrn, "KEMBA001"));
    }

    [Fact]
    public void A_lock_on_the_vehicle_is_on_no_container()
    {
        var registration = Journey() with { Locks = [new LockAssignment(TheLock, Container: null, From: null)] };

        JourneyView.Of(State(registration)).ShouldNotBeNull().Containers.ShouldHaveSingleItem().Seals.ShouldAllBe(seal => !seal.IsLock);
        JourneyView.Of(DecisionAt(1), State(registration)).Container.ShouldBeNull();
    }

    [Fact]
    public void A_lock_without_a_journey_has_no_journey_to_show() => JourneyView.Of(new SubjectState(Subject.Of(TheLock))).ShouldBeNull();

    [Fact]
    public void An_event_says_when_it_happened_and_when_we_heard_of_it()
    {
        var view = JourneyView.Of(DecisionAt(1), State(Journey()));

        (view.Key, view.Kind, view.IsAlarm, view.Episode, view.ObservedAt, view.ReceivedAt).ShouldBe(("rope-cut/episode-2", "ROPE_CUT", true, 2, At(1), At(5)));
        (view.IsLate, view.ClockSuspect, view.Lock, view.Container, view.Position).ShouldBe((true, false, TheLock.Value, "KMSU4829139", Road));
    }

    [Fact]
    public void A_lane_s_subject_reads_back_from_its_stored_form()
    {
        foreach (var subject in (Subject[])[Subject.OfJourney("A:B"), Subject.Of(TheLock)])
        {
            Subject.Parse(subject.ToString()).ShouldBe(subject);
        }

        Should.Throw<FormatException>(() => Subject.Parse("truck:1")).Message.ShouldContain("journey:ID, lock:NUMBER or manifest:NUMBER");
    }

    public void Dispose() => _bench.Dispose();

    private static MappedMessage Made(string kind, bool isAlarm, string? corrects)
    {
        var decision = DecisionAt(1) with { Kind = kind, IsAlarm = isAlarm };
        var state = State(Journey());
        return new DocumentMapper(LiveDocuments.OfProgram(SchemaCatalogue.BuiltIn)).Map(new Draft(
            FlowBench.Receiver("manifest") with { Document = "manifest-notification", Overtakes = ["ROPE_CUT"] }, state.Subject, 1, decision.Key,
            OutgoingDecision.Original(decision, []), corrects, Entry: 1, JourneyView.Of(state), JourneyView.Of(decision, state)));
    }

    private static string Text(ReadOnlyMemory<byte>? body) => Encoding.UTF8.GetString(body.ShouldNotBeNull().Span);

    private static Decision DecisionAt(double minute) => new(
        "rope-cut/episode-2", "ROPE_CUT", IsAlarm: true, Episode: 2,
        new Sighting(TheLock, At(minute), At(5), Late: true, ClockSuspect: false, Road, Entry: 3), TheLock, SubLock: null, Office: null, []);

    private static SubjectState State(JourneyRegistration registration, params IReadOnlyList<LockId> contended) =>
        new(Subject.OfJourney("J-1")) { Journey = new RegisteredJourney(registration, At(0), "clerk", 1, contended, Closing: null) };

    private List<(long, string)> Numbered(string destination) =>
        [.. _bench.Store.Messages.Where(m => m.Destination.Name == destination).Select(m => (m.Number, m.DecisionKey))];
}
