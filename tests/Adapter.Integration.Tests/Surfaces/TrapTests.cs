using System.Reflection;
using Adapter.Integration.Tests.Delivery;
using Adapter.Integration.Tests.EndToEnd;

namespace Adapter.Integration.Tests.Surfaces;

/// <summary>Where SOAP stacks are known to disagree, and which tests hold what that means here: at our doors, and where we call others. A trap without its test is red.</summary>
public sealed class TrapTests
{
    private static readonly Trap[] Traps =
    [
        new("a date with a zone moves the day",
            [Test<SoapContractTests>(nameof(SoapContractTests.A_date_with_a_zone_stays_the_day_that_it_names)), Test<SoapContractTests>(nameof(SoapContractTests.No_contract_has_a_time_without_offset_and_no_schema_a_bare_date_or_nil))], []),
        new("an instant comes in the zone of the host, or without any",
            [Test<SoapTrapTests>(nameof(SoapTrapTests.An_instant_is_the_same_whatever_zone_it_is_written_in)), Test<SoapTrapTests>(nameof(SoapTrapTests.A_time_without_its_zone_and_what_is_no_time_is_refused))], []),
        new("a decimal with an exponent, a comma, or more digits than a double has",
            [Test<SoapTrapTests>(nameof(SoapTrapTests.A_decimal_keeps_its_digits_and_has_neither_exponent_nor_comma))], []),
        new("the order of elements is not looked at, and what stands behind a wrong one is lost",
            [Test<SoapTrapTests>(nameof(SoapTrapTests.An_element_out_of_its_order_is_named_and_nothing_is_kept)), Test<SoapServiceTests>(nameof(SoapServiceTests.What_departs_from_the_schema_is_named_by_its_path_and_leaves_nothing))],
            [Test<ReceiverTrapTests>(nameof(ReceiverTrapTests.A_receipt_is_read_by_its_names_whatever_its_prefixes_order_types_and_nils))]),
        new("nil, absent and empty are three things",
            [Test<SoapTrapTests>(nameof(SoapTrapTests.What_is_not_known_is_left_out_and_neither_nil_nor_empty))],
            [Test<ReceiverTrapTests>(nameof(ReceiverTrapTests.A_receipt_is_read_by_its_names_whatever_its_prefixes_order_types_and_nils)), Test<ReceiverTrapTests>(nameof(ReceiverTrapTests.What_cannot_be_read_for_certain_is_an_unknown_outcome_that_says_why))]),
        new("a type is named with a prefix, without one, or is not known",
            [Test<SoapTrapTests>(nameof(SoapTrapTests.A_type_that_is_named_must_be_the_element_s_own_with_or_without_prefix))],
            [Test<ReceiverTrapTests>(nameof(ReceiverTrapTests.A_receipt_is_read_by_its_names_whatever_its_prefixes_order_types_and_nils)), Test<WireTests>(nameof(WireTests.An_answer_keeps_the_prefixes_its_values_use))]),
        new("the action is quoted, unquoted, empty, absent, in another place, or another operation's",
            [Test<SoapServiceTests>(nameof(SoapServiceTests.The_element_chooses_the_operation_and_an_action_must_not_contradict_it)), Test<SoapTrapTests>(nameof(SoapTrapTests.An_action_in_several_places_is_the_same_in_all_or_empty))],
            [Test<WireTests>(nameof(WireTests.Soap_11_names_the_action_in_a_quoted_header)), Test<WireTests>(nameof(WireTests.Soap_12_names_the_action_in_the_content_type)), Test<WireTests>(nameof(WireTests.An_empty_action_is_an_empty_quoted_header)), Test<CredentialTests>(nameof(CredentialTests.An_old_server_can_have_the_action_without_quotes))]),
        new("a fault's detail has another namespace, its text no language, its parts those of the other version",
            [Test<SoapTrapTests>(nameof(SoapTrapTests.A_fault_has_its_detail_in_our_namespace_and_says_its_language)), Test<ForeignCallerTests>(nameof(ForeignCallerTests.Every_operation_is_called_and_faults_are_typed))],
            [Test<ReceiverTrapTests>(nameof(ReceiverTrapTests.A_fault_is_read_as_its_stack_writes_it)), Test<OutcomeTests>(nameof(OutcomeTests.A_fault_is_read_whatever_the_status)), Test<PhpReceiverTests>(nameof(PhpReceiverTests.Both_transports_deliver_once_and_in_order_and_understand_a_refusal_and_a_fault))]),
        new("an answer without content comes with 200, 202 or 204, with and without a type",
            [Test<SoapContractTests>(nameof(SoapContractTests.A_one_way_operation_is_answered_202_without_body_or_type))],
            [Test<ReceiverTrapTests>(nameof(ReceiverTrapTests.An_answer_without_content_is_no_receipt_with_or_without_a_type)), Test<OutcomeTests>(nameof(OutcomeTests.An_empty_chunked_answer_is_an_unknown_outcome))]),
        new("the envelope is of another version than the media type, or than the question",
            [Test<SoapAttackTests>(nameof(SoapAttackTests.Attack_34_an_envelope_of_another_version_than_its_media_type_is_a_version_mismatch)), Test<SoapServiceTests>(nameof(SoapServiceTests.A_movement_is_registered_and_asked_for_in_both_versions_on_one_path))],
            [Test<ReceiverTrapTests>(nameof(ReceiverTrapTests.An_answer_in_the_other_version_is_read))]),
        new("marks of the encoding, UTF-16, and encodings of one byte",
            [Test<SoapTrapTests>(nameof(SoapTrapTests.A_mark_of_the_encoding_may_stand_or_not_and_the_answer_is_always_UTF_8)), Test<SoapServiceTests>(nameof(SoapServiceTests.Letters_of_any_script_arrive_in_both_encodings)), Test<SoapServiceTests>(nameof(SoapServiceTests.Attack_40_other_encodings_and_media_types_are_refused_with_415))],
            [Test<ReceiverTrapTests>(nameof(ReceiverTrapTests.A_receipt_is_read_in_the_encoding_that_its_sender_chose)), Test<OutcomeTests>(nameof(OutcomeTests.An_answer_in_another_charset_is_read))]),
        new("prefixes and white space are the sender's choice",
            [Test<SoapTrapTests>(nameof(SoapTrapTests.Prefixes_and_white_space_are_the_senders_choice)), Test<NeighbourDoorTests>(nameof(NeighbourDoorTests.Prefixes_are_the_senders_choice_also_where_the_envelope_declares_them))],
            [Test<ReceiverTrapTests>(nameof(ReceiverTrapTests.A_receipt_is_read_by_its_names_whatever_its_prefixes_order_types_and_nils)), Test<WireTests>(nameof(WireTests.The_body_arrives_unchanged_and_the_same_at_a_second_attempt))]),
        new("values by reference, types on every element: encoded messages",
            [Test<SoapTrapTests>(nameof(SoapTrapTests.An_encoded_message_is_refused_where_it_departs_from_the_schema)), Test<SoapTrapTests>(nameof(SoapTrapTests.An_encoding_that_the_envelope_names_means_nothing_for_a_literal_body))],
            [Test<ReceiverTrapTests>(nameof(ReceiverTrapTests.What_cannot_be_read_for_certain_is_an_unknown_outcome_that_says_why))]),
        new("MTOM and attachments",
            [Test<SoapServiceTests>(nameof(SoapServiceTests.Attack_40_other_encodings_and_media_types_are_refused_with_415))],
            [Test<ReceiverTrapTests>(nameof(ReceiverTrapTests.What_cannot_be_read_for_certain_is_an_unknown_outcome_that_says_why))]),
        new("a description imports its schemas by relative address",
            [Test<SoapServiceTests>(nameof(SoapServiceTests.The_service_describes_itself_at_the_address_at_which_it_was_asked)), Test<NeighbourDoorTests>(nameof(NeighbourDoorTests.The_description_names_schemas_that_can_be_fetched))], []),
        new("an operation called by a form or a query",
            [Test<SoapTrapTests>(nameof(SoapTrapTests.An_operation_is_called_by_a_message_alone))], []),
        new("a failure of ours is told as the caller's, with our insides",
            [Test<SoapContractTests>(nameof(SoapContractTests.A_failure_of_ours_is_our_fault_is_audited_and_tells_nothing_of_our_insides))], []),
    ];

    public static TheoryData<string> Names => [.. Traps.Select(trap => trap.What)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_trap_has_its_tests(string what)
    {
        var trap = Traps.Single(t => t.What == what);
        trap.Door.ShouldNotBeEmpty();
        foreach (var test in trap.Door.Concat(trap.Receiver))
        {
            test.ShouldNotBeNull().GetCustomAttributes().ShouldContain(attribute => attribute is FactAttribute, test.Name);
        }
    }

    private static MethodInfo? Test<T>(string name) => typeof(T).GetMethod(name);

    /// <param name="Door">Tests of our own services.</param>
    /// <param name="Receiver">Tests of our calls; none where what we read of answers has no such values.</param>
    private sealed record Trap(string What, MethodInfo?[] Door, MethodInfo?[] Receiver);
}
