// What each row of the lifecycle does beside moving the case, written down by hand from DOMAIN 3.3 and RULINGS 1-4, 8-14:
// every reason for which it says no, what becomes of the disposal clock, and which of a case's counts it raises. A row of
// the core's table that no line here speaks of fails the tests, and so does a line that speaks of no row.
#pragma once

namespace wangge::core::test {

struct ExpectedRow {
  char const* action;
  char const* outcome;   // of the action, or the kind of the request decided on; "" = it has none
  char const* from;      // "" = every state it leaves
  char const* refusals;  // by the guard's own names; the ones every action shares are tried on every row
  char const* clock;     // what the disposal clock does: kClockSays of row_test.cpp
  char const* counts;    // the fields that count, of kCountFields; nothing else of them may change
};

// clang-format off
ExpectedRow const kExpectedRows[] = {
    {"accept_self_disposal", "", "", "", "ends", "closed_at"},
    {"refuse_self_disposal", "", "", "", "stands", ""},
    {"send_verify", "", "", "no_checker_on_duty", "stands", ""},
    {"verify", "exist", "", "not_your_task", "stands", "verify_result"},
    {"verify", "not_exist", "", "not_your_task", "stands", "verify_result"},
    {"verify", "unable", "", "not_your_task", "stands", "verify_result"},
    {"merge", "", "", "no_master master_not_open has_duplicates other_category", "ends", "merged_into closed_at"},
    {"unmerge", "", "", "no_master", "stands", "merged_into closed_at"},
    {"accept", "", "", "place_unusable unknown_category", "stands", "accepted_at"},
    {"decline", "", "", "", "ends", "closed_at"},
    {"amend", "", "", "unknown_category unknown_condition nothing_to_amend half_a_place", "stands", ""},
    {"file", "", "pending_file", "unknown_category unknown_condition", "stands", "filed_at"},
    {"file", "", "returned_by_dispatch", "unknown_category unknown_condition", "stands", ""},
    {"decline_filing", "", "", "", "ends", "closed_at"},
    {"dispatch", "", "", "unknown_unit unknown_squad squad_not_of_unit unknown_assisting no_route", "starts", "dispatched_at"},
    {"return_filing", "", "", "", "stands", ""},
    {"recall", "", "", "", "stops", ""},
    {"sign", "", "", "", "stands", "signed_at"},
    {"return", "", "", "return_window_over unit_is_binding request_open", "stands", ""},
    {"reassign", "", "", "unknown_squad squad_not_of_unit nobody_named", "stands", ""},
    {"approve_return", "", "", "no_request sender_may_not_decide", "stops_from_asking", "returns"},
    {"refuse_return", "", "", "no_request sender_may_not_decide", "stands", ""},
    {"hand_back", "", "", "", "stands", "signed_at"},
    {"dispose", "", "", "", "stands", "disposed_at"},
    {"reject_disposal", "", "", "", "stands", "disposed_at"},
    {"extend", "", "", "request_open hazard_not_safe already_late extensions_used", "stands", ""},
    {"defer", "", "", "request_open hazard_not_safe already_late until_out_of_range", "stands", ""},
    {"suspend", "", "", "request_open hazard_not_safe already_late until_out_of_range suspended_before", "stands", ""},
    {"approve_request", "extend", "", "no_request same_person", "extends", "extensions"},
    {"approve_request", "defer", "", "no_request same_person hazard_not_safe", "stops_from_asking", ""},
    {"approve_request", "suspend", "", "no_request same_person hazard_not_safe", "stops_from_asking", "suspensions"},
    {"approve_request", "force_close", "", "no_request same_person", "ends", "closed_at"},
    {"approve_request", "transfer_out", "", "no_request same_person", "ends", "closed_at"},
    {"approve_request", "appeal", "", "no_request same_person", "stands", "appeal exempt"},
    {"refuse_request", "extend", "", "no_request same_person", "stands", ""},
    {"refuse_request", "defer", "", "no_request same_person", "stands", ""},
    {"refuse_request", "suspend", "", "no_request same_person", "stands", ""},
    {"refuse_request", "force_close", "", "no_request same_person", "stands", ""},
    {"refuse_request", "transfer_out", "", "no_request same_person", "stands", ""},
    {"refuse_request", "appeal", "", "no_request same_person", "stands", "appeal"},
    {"resume", "", "", "", "resumes", "signed_at"},
    {"make_safe", "", "", "not_a_hazard no_checker_on_duty", "stands", "made_safe_at"},
    {"check", "pass", "pending_dispose", "not_your_task checker_of_disposing_unit", "stands", "safe_checked_at"},
    {"check", "fail", "pending_dispose", "not_your_task checker_of_disposing_unit", "stands", "made_safe_at"},
    {"check", "unable", "pending_dispose", "not_your_task checker_of_disposing_unit", "stands", ""},
    {"check", "pass", "disposing", "not_your_task checker_of_disposing_unit", "stands", "safe_checked_at"},
    {"check", "fail", "disposing", "not_your_task checker_of_disposing_unit", "stands", "made_safe_at"},
    {"check", "unable", "disposing", "not_your_task checker_of_disposing_unit", "stands", ""},
    {"check", "pass", "checking", "not_your_task checker_of_disposing_unit not_the_hour", "stands", "checked_at"},
    {"check", "fail", "checking", "not_your_task checker_of_disposing_unit", "resumes",
     "checked_at rework handed_over_at disposed_at signed_at"},
    {"check", "unable", "checking", "not_your_task checker_of_disposing_unit", "stands", ""},
    {"check", "not_restored", "checking", "not_your_task checker_of_disposing_unit", "stands", ""},
    {"check", "pass", "self_disposed_closed", "not_your_task", "stands", ""},
    {"check", "fail", "self_disposed_closed", "not_your_task", "stands", ""},
    {"check", "unable", "self_disposed_closed", "not_your_task", "stands", ""},
    {"check", "pass", "closed", "not_your_task checker_of_disposing_unit", "stands", ""},
    {"check", "fail", "closed", "not_your_task checker_of_disposing_unit", "stands", ""},
    {"check", "unable", "closed", "not_your_task checker_of_disposing_unit", "stands", ""},
    {"assist_done", "", "", "not_yours", "stands", ""},
    {"waive_assist", "", "", "no_assist", "stands", ""},
    {"hand_to_enforcement", "", "", "", "stops", ""},
    {"confirm", "", "", "assists_open", "is_handed_over", "handed_over_at"},
    {"rework", "", "", "", "stands", "rework handed_over_at disposed_at signed_at"},
    {"send_check", "", "", "no_checker_on_duty", "stands", ""},
    {"recheck", "", "", "no_checker_on_duty", "stands", ""},
    {"close", "", "", "unknown_closing_condition", "ends", "closed_at"},
    {"close", "upstream", "", "unknown_closing_condition", "stands", ""},
    {"upstream_close", "", "", "", "ends", "closed_at"},
    {"upstream_rework", "", "", "", "stands", "rework handed_over_at disposed_at signed_at"},
    {"appeal", "", "", "not_late appealed_before", "stands", "appeal"},
    {"reopen", "", "", "reopen_window_over followed_before", "stands", "followed_by"},
    {"request_void", "", "", "request_open", "stands", ""},
    {"approve_void", "", "", "no_request same_person", "ends", "closed_at"},
    {"refuse_void", "", "", "no_request same_person", "stands", ""},
    {"force_close", "", "", "request_open", "stands", ""},
    {"transfer_out", "", "", "request_open", "stands", ""},
    {"set_urgent", "", "", "urgent_already", "hurries", ""},
    {"supervise", "", "", "until_out_of_range", "stands", "supervised"},
    {"urge", "", "", "", "stands", "urges"},
    {"instruct", "", "", "nothing_said until_out_of_range", "stands", "instructions"},
    {"acknowledge", "", "", "", "stands", ""},
    {"answer_order", "", "", "no_order answered_already", "stands", ""},
    {"judge_order", "", "", "no_order not_the_giver", "stands", ""},
    {"refer_discipline", "", "", "", "stands", ""},
    {"reproject", "", "", "deadline_stands", "is_derived_again", ""},
    {"note", "", "", "", "stands", ""},
    {"reply", "", "", "", "stands", "replied_at"},
};
// clang-format on

}  // namespace wangge::core::test
