using Adapter.Host.Rehearsal;

namespace Adapter.Integration.Tests.EndToEnd;

/// <summary>A checker that finds nothing proves nothing: each promise broken once.</summary>
public sealed class HistoryCheckerTests
{
    private static readonly HistoryChecker.Line[] Good = [Line("a", 1, "SEAL"), Line("b", 2, "DEPARTURE")];
    private static readonly HistoryChecker.Line[] Other = [Line("c", 1, "SEAL") with { Subject = "other" }, Line("d", 2, "DEPARTURE") with { Subject = "other" }];

    [Fact]
    public void A_history_that_keeps_the_promises_passes_with_repeats_and_questions()
    {
        var question = Line("a", 1, "") with { Sequence = null, Subject = "", Effect = 0, IsQuestion = true };

        Check([Good[0], question, Good[0] with { Effect = 0 }, Good[1], Good[0] with { Effect = 0 }]).ShouldBeEmpty();
    }

    [Fact]
    public void Lanes_of_many_journeys_are_judged_each_for_itself() => CheckBoth([Good[0], Other[0], Other[1], Good[1]]).ShouldBeEmpty();

    [Fact]
    public void A_second_effect_is_found() => Check([.. Good, Good[1] with { Effect = 2 }]).ShouldContain(w => w.Contains("took effect 2 times", StringComparison.Ordinal));

    [Fact]
    public void Another_body_under_one_id_is_found() =>
        Check([.. Good, Good[1] with { Effect = 0, BodySha256 = "other" }]).ShouldHaveSingleItem().ShouldContain("different bodies");

    [Fact]
    public void One_number_under_two_ids_is_found() =>
        Check([Good[0], Good[0] with { MessageId = "x", Effect = 0 }, Good[1]]).ShouldHaveSingleItem().ShouldContain("number 1 of mrn came under different ids");

    [Fact]
    public void A_wrong_order_is_found() => Check([Good[1], Good[0]]).ShouldContain(w => w.Contains("in the order 2, 1", StringComparison.Ordinal));

    [Fact]
    public void A_message_that_was_tried_before_its_turn_is_found_though_it_had_no_effect() =>
        Check([Good[1] with { Effect = 0 }, .. Good]).ShouldHaveSingleItem().ShouldContain("number 2 of mrn was tried before number 1");

    [Fact]
    public void A_gap_is_found() => Check([Good[0], Good[1] with { Sequence = 3 }]).ShouldContain(w => w.Contains("in the order 1, 3", StringComparison.Ordinal));

    [Fact]
    public void A_missing_message_is_found() => Check([Good[0]]).ShouldHaveSingleItem().ShouldContain("was told SEAL; expected SEAL, DEPARTURE");

    [Fact]
    public void A_missing_message_of_one_journey_among_many_is_found() =>
        CheckBoth([.. Good, Other[0]]).ShouldHaveSingleItem().ShouldContain("other was told SEAL; expected SEAL, DEPARTURE");

    [Fact]
    public void A_journey_of_which_nothing_arrived_is_found() => CheckBoth(Good).ShouldHaveSingleItem().ShouldContain("other was told ; expected SEAL, DEPARTURE");

    [Fact]
    public void A_message_about_a_journey_that_nobody_sent_is_found() =>
        CheckBoth([.. Good, .. Other, Line("e", 1, "SEAL") with { Subject = "third" }]).ShouldHaveSingleItem().ShouldContain("third, of which nobody reported");

    [Fact]
    public void An_empty_log_is_found() => Check([]).ShouldHaveSingleItem().ShouldContain("0 subjects");

    private static IReadOnlyList<string> Check(IReadOnlyList<HistoryChecker.Line> log) => HistoryChecker.Check("manifest", log, ["SEAL", "DEPARTURE"]);

    private static IReadOnlyList<string> CheckBoth(IReadOnlyList<HistoryChecker.Line> log) => HistoryChecker.Check(
        "manifest", log, new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["mrn"] = ["SEAL", "DEPARTURE"], ["other"] = ["SEAL", "DEPARTURE"] });

    private static HistoryChecker.Line Line(string id, long sequence, string kind) => new(id, sequence, "mrn", kind, Effect: 1, "body of " + id, IsQuestion: false);
}
