// The lifecycle once more, written down by hand: from, action, to, who (without the system). What the core's table and the
// reference model are held against; nothing of the core is read here.
#pragma once

namespace wangge::core::test {

struct Expected {
  char const* states;  // several separated by spaces
  char const* action;
  char const* to;  // "=" stays
  char const* roles;
};

constexpr char const* kFiledOpen =
    "pending_dispatch returned_by_dispatch pending_dispose returned_by_unit disposing suspended in_enforcement disposed "
    "pending_review checking pending_close awaiting_upstream";
constexpr char const* kOpen =
    "verifying pending_accept pending_file self_disposed_review pending_dispatch returned_by_dispatch pending_dispose "
    "returned_by_unit disposing suspended in_enforcement disposed pending_review checking pending_close awaiting_upstream";
constexpr char const* kEnded =
    "closed forced_closed not_accepted not_filed voided self_disposed_closed merged transferred_out";
constexpr char const* kOpenButDisposal =
    "verifying pending_accept pending_file self_disposed_review pending_dispatch returned_by_dispatch returned_by_unit "
    "suspended in_enforcement disposed pending_review checking pending_close awaiting_upstream";
constexpr char const* kOfficers =
    "hotline_agent acceptor shift_leader dispatch_officer unit_clerk unit_head squad_leader disposer coordinator "
    "evaluator inspector leader";

constexpr char const* kAnswering =
    "acceptor shift_leader dispatch_officer unit_clerk unit_head squad_leader coordinator";

Expected const kExpected[] = {
    {"self_disposed_review", "accept_self_disposal", "self_disposed_closed", "acceptor shift_leader"},
    {"self_disposed_review", "refuse_self_disposal", "pending_accept", "acceptor shift_leader"},
    {"pending_accept", "send_verify", "verifying", "acceptor hotline_agent shift_leader"},
    {"verifying", "verify", "pending_accept", "patroller"},
    {"pending_accept", "accept", "pending_file", "acceptor shift_leader"},
    {"pending_accept", "decline", "not_accepted", "acceptor shift_leader"},
    {"pending_file returned_by_dispatch", "file", "pending_dispatch", "acceptor shift_leader"},
    {"pending_file returned_by_dispatch", "decline_filing", "not_filed", "acceptor shift_leader"},
    {"pending_accept pending_file returned_by_dispatch", "amend", "=", "acceptor shift_leader"},
    {"pending_dispatch", "dispatch", "pending_dispose", "dispatch_officer coordinator"},
    {"pending_dispatch", "return_filing", "returned_by_dispatch", "dispatch_officer"},
    {"pending_dispose", "recall", "pending_dispatch", "dispatch_officer"},
    {"pending_dispose", "sign", "disposing", "squad_leader disposer unit_clerk unit_head"},
    {"pending_dispose", "return", "returned_by_unit", "unit_clerk unit_head squad_leader"},
    {"returned_by_unit", "approve_return", "pending_dispatch", "shift_leader coordinator"},
    {"returned_by_unit", "refuse_return", "pending_dispose", "shift_leader coordinator"},
    {"disposing", "hand_back", "pending_dispose", "disposer squad_leader"},
    {"disposing", "dispose", "disposed", "disposer squad_leader"},
    {"disposed", "reject_disposal", "disposing", "unit_clerk unit_head"},
    {"disposed", "confirm", "pending_review", "unit_clerk unit_head"},
    {"pending_dispose disposing", "reassign", "=", "unit_clerk unit_head squad_leader"},
    {"pending_review pending_close", "rework", "pending_dispatch", "dispatch_officer"},
    {"pending_review", "send_check", "checking", "acceptor shift_leader dispatch_officer"},
    {"checking", "check", "pending_close", "patroller"},
    {"pending_close", "recheck", "checking", "acceptor shift_leader"},
    {"pending_close", "close", "closed", "acceptor shift_leader"},
    {kFiledOpen, "request_void", "=", "acceptor"},
    {kFiledOpen, "approve_void", "voided", "shift_leader"},
    {kFiledOpen, "refuse_void", "=", "shift_leader"},
    {"verifying", "send_verify", "=", "acceptor shift_leader dispatch_officer patrol_lead"},
    {"checking", "send_check", "=", "acceptor shift_leader dispatch_officer patrol_lead"},
    {"in_enforcement", "send_check", "checking", "acceptor shift_leader dispatch_officer unit_clerk unit_head"},
    {"pending_dispose disposing", "check", "=", "patroller"},
    {"pending_accept pending_file", "merge", "merged", "acceptor shift_leader"},
    {"merged", "unmerge", "pending_accept", "acceptor shift_leader"},
    {"pending_dispose disposing", "extend", "=", "unit_clerk unit_head squad_leader"},
    {"pending_dispose disposing", "defer", "=", "unit_clerk unit_head squad_leader"},
    {"pending_dispose disposing", "suspend", "=", "unit_clerk unit_head"},
    {"pending_dispose disposing", "make_safe", "=", "disposer squad_leader"},
    {"pending_dispose disposing disposed", "assist_done", "=", "squad_leader disposer unit_clerk unit_head"},
    {"pending_dispose disposing disposed", "waive_assist", "=", "dispatch_officer"},
    {"disposing", "hand_to_enforcement", "in_enforcement", "unit_clerk unit_head"},
    {"suspended", "resume", "pending_dispose", "dispatch_officer shift_leader coordinator"},
    {kOpen, "force_close", "=", "leader shift_leader"},
    {kOpen, "transfer_out", "=", "acceptor shift_leader dispatch_officer"},
    {kOpenButDisposal, "approve_request", "*", "leader shift_leader coordinator"},
    {kOpenButDisposal, "refuse_request", "*", "leader shift_leader coordinator"},
    {"pending_dispose disposing", "approve_request", "*", "leader shift_leader coordinator dispatch_officer"},
    {"pending_dispose disposing", "refuse_request", "*", "leader shift_leader coordinator dispatch_officer"},
    {"closed", "approve_request", "*", "evaluator"},
    {"closed", "refuse_request", "*", "evaluator"},
    {"closed self_disposed_closed", "check", "=", "patroller"},
    {"awaiting_upstream", "upstream_close", "closed", "acceptor shift_leader"},
    {"awaiting_upstream", "upstream_rework", "pending_dispatch", "acceptor shift_leader"},
    {"closed", "appeal", "=", "unit_clerk unit_head"},
    {"closed", "reopen", "=", "hotline_agent shift_leader inspector evaluator"},
    {kOpen, "set_urgent", "=", "hotline_agent acceptor shift_leader"},
    {kOpen, "supervise", "=", "inspector evaluator leader shift_leader"},
    {kOpen, "urge", "=", "dispatch_officer shift_leader inspector leader"},
    {kOpen, "instruct", "=", "leader"},
    {kOpen, "acknowledge", "=", kOfficers},
    {kOpen, "answer_order", "=", kAnswering},
    {kEnded, "answer_order", "=", kAnswering},
    {kOpen, "judge_order", "=", "inspector evaluator leader shift_leader"},
    {kEnded, "judge_order", "=", "inspector evaluator leader shift_leader"},
    {kOpen, "refer_discipline", "=", "leader"},
    {kEnded, "refer_discipline", "=", "leader"},
    {"pending_dispose returned_by_unit disposing disposed", "reproject", "=", ""},  // the system's alone
    {kOpen, "reply", "=", "hotline_agent acceptor"},
    {kEnded, "reply", "=", "hotline_agent acceptor"},
    {kEnded, "note", "=", kOfficers},
    {kOpen, "note", "=", kOfficers},
};

}  // namespace wangge::core::test
